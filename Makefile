# Two commands do all the set-up on a fresh machine: make demo, make test.
PYTHON ?= python3
BIN := .venv/bin
OUT := out

.PHONY: demo test test-offline torture scale lint types check-knowledge knowledge lock bench clean

demo: .venv/.installed ## read the sample, print the reading, open the page on the sample workspace
	@mkdir -p $(OUT)
	$(BIN)/dragoman read sample
	@$(BIN)/dragoman read sample --format html --out $(OUT)/sample.html
	@$(BIN)/dragoman read sample --format jsonl --out $(OUT)/sample.jsonl
	@echo
	@echo "The same reading as a page:    $(OUT)/sample.html"
	@echo "The same reading as records:   $(OUT)/sample.jsonl"
	@[ -e $(OUT)/korea ] || $(BIN)/dragoman init $(OUT)/korea --sample
	@echo "A workspace of 17 dispatches:  $(OUT)/korea"
	@echo "Its page:                      $(BIN)/dragoman serve --workspace $(OUT)/korea"
	@if [ -t 1 ]; then $(BIN)/dragoman serve --workspace $(OUT)/korea --port 0; fi

test: .venv/.installed lint types check-knowledge ## the whole suite, offline
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

scale: .venv/.installed ## Daft and Ray too, so that the tests of these engines run
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[scale]'

test-offline: .venv/.installed ## the same where there is no network but this machine's own (Linux)
	unshare --map-root-user --net sh -c 'ip link set lo up && exec $(BIN)/python -m pytest -q -n 2 --dist loadfile'

lint: .venv/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/.installed
	$(BIN)/mypy

knowledge: .venv/.installed ## compile lexicons/ into the package
	$(BIN)/python -m dragoman.knowledge.compile lexicons

check-knowledge: .venv/.installed ## what is compiled is what the lexicons say
	$(BIN)/python -m dragoman.knowledge.compile lexicons --check

torture: .venv/.installed ## the long tests of faults and hostile input (under an hour)
	$(BIN)/python tests/torture/killing.py --kills 1000
	unshare --map-root-user --mount $(BIN)/python tests/torture/full_disk.py
	$(BIN)/python tests/torture/io_errors.py --count 60
	$(BIN)/python tests/torture/imports.py --count 1000
	$(BIN)/python tests/torture/parsers.py

bench: .venv/.installed ## speed on this machine
	$(BIN)/python benchmarks/reading_speed.py

lock: .venv/.installed ## pin every dependency with hashes
	$(BIN)/python -m pip install --quiet 'uv>=0.5'
	$(BIN)/uv pip compile pyproject.toml --group dev --group knowledge --universal --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --python-version 3.11 --quiet --output-file requirements.lock

.venv/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf .venv $(OUT) .mypy_cache .ruff_cache .pytest_cache
