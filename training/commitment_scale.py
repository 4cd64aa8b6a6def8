"""Fit the commitment scale: ``python training/commitment_scale.py ROWS.jsonl lexicons/claims/scale.yml [--all]``.

ROWS is the CommitmentBank as JSON lines. A ridge regression over the named features of
``reading/commitment_scale.py``; features seen in fewer than 4 rows are left out. Rows whose number divides
by five only measure, unless ``--all`` is given. No randomness.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from dragoman.knowledge import load
from dragoman.reading.commitment_scale import commitment_score
from dragoman.scoring.commitment import features_of, pearson, read_gold

FEWEST = 4
HEAD = """# Weights of the commitment scale (-3 to 3): what each feature adds. Fitted, not written by hand:
# training/commitment_scale.py, a ridge regression on the CommitmentBank's ratings.
origin: "fitted on the CommitmentBank (de Marneffe, Simons and Tonhauser 2019) by training/commitment_scale.py"
weights:
"""


def main(arguments: list[str]) -> None:
    """Fit, print the correlation on the rows left out, write the weights."""
    rows = read_gold(Path(arguments[0]))
    found = features_of(rows, load())
    ratings = np.array([row.commitment for row in rows])
    for ridge in (2.0, 4.0, 8.0, 16.0):
        scale = fitted(found, ratings, [n for n in range(len(rows)) if n % 5], ridge)
        held = [n for n in range(len(rows)) if n % 5 == 0]
        answers = [commitment_score(found[n] or {}, scale) for n in held]
        sys.stderr.write(f"ridge {ridge}: r {pearson(answers, list(ratings[held])):.3f} on {len(held)} rows left out\n")
    kept = [n for n in range(len(rows)) if "--all" in arguments or n % 5]
    scale = fitted(found, ratings, kept, 8.0)
    lines = "".join(f'  "{name}": {weight:.3f}\n' for name, weight in sorted(scale.items()) if abs(weight) >= 0.005)
    Path(arguments[1]).write_text(HEAD + lines, encoding="utf-8")


def fitted(
    found: list[dict[str, float] | None], ratings: np.ndarray, rows: list[int], ridge: float
) -> dict[str, float]:
    """Weights by feature name, with the constant."""
    counts = Counter(name for n in rows for name in found[n] or ())
    names = sorted(name for name, count in counts.items() if count >= FEWEST)
    x = np.array([[(found[n] or {}).get(name, 0.0) for name in names] for n in rows])
    y = ratings[rows]
    constant = float(y.mean())
    weights = np.linalg.solve(x.T @ x + ridge * np.eye(len(names)), x.T @ (y - constant))
    return {"constant": constant, **{name: float(w) for name, w in zip(names, weights, strict=True)}}


if __name__ == "__main__":
    main(sys.argv[1:])
