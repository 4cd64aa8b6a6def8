"""Names from the statistical recogniser: the released model's scores, decoded for a whole batch at once.

The recogniser reads token by token. Outside a name its choice depends on the token alone, so that all tokens are
decided together; only the insides of names are then followed step by step, all names of the batch side by side. The
names found are those of the released decoder, in a tenth of its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dragoman.reading.rowwise import Matrix

if TYPE_CHECKING:
    from spacy.tokens import Doc

Flags = NDArray[np.bool_]
Name = tuple[int, int, str]


@dataclass(frozen=True)
class _Moves:
    """Columns of the scores by move: begin, inside, last, unit, out."""

    labels: list[str]
    inside: NDArray[np.intp]
    last: NDArray[np.intp]
    begin: NDArray[np.intp]
    unit: NDArray[np.intp]
    closed: NDArray[np.intp]  # what may be done outside a name, in the model's order


class EntityDecoder:
    """The recogniser of a pipeline."""

    def __init__(self, recogniser: Any) -> None:
        model = recogniser.model
        self._vectors = model.get_ref("tok2vec")
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        weights = lower.get_param("W")  # features, hidden units, pieces, inputs
        self._features = weights.shape[0]
        self._hidden = (weights.shape[1], weights.shape[2])
        self._lower = np.ascontiguousarray(weights.reshape(-1, weights.shape[3]))
        self._bias = lower.get_param("b").reshape(-1)
        self._padding = lower.get_param("pad").reshape(self._features, -1)
        self._upper, self._upper_bias = upper.get_param("W"), upper.get_param("b")
        self._moves = _moves([recogniser.moves.get_class_name(i) for i in range(recogniser.moves.n_moves)])
        self._ops = model.ops  # whichever keeps rows apart on this machine

    def find(self, docs: list[Doc], starts: Flags, spaces: Flags) -> list[list[Name]]:
        """The names of each text: first token, last token (exclusive), label.

        Args:
            docs: the tokenised texts.
            starts: for every token of all texts, whether a sentence begins with it.
            spaces: likewise, whether it is white space.
        """
        lengths = [len(doc) for doc in docs]
        if not sum(lengths):
            return [[] for _ in docs]
        ends = np.cumsum(lengths)
        barred = np.zeros(ends[-1], np.bool_)  # tokens behind which no name goes on
        barred[ends[ends > 0] - 1] = True
        barred[:-1] |= starts[1:]
        vectors = self._vectors.predict(docs)
        features = self._product(vectors, self._lower).reshape(
            -1, self._features, self._lower.shape[0] // self._features
        )
        chosen = self._outside(features, barred, spaces)
        return self._names(chosen, self._insides(features, chosen, barred), ends)

    def _product(self, rows: Matrix, weights: Matrix) -> Matrix:
        found: Matrix = self._ops.gemm(rows, weights, trans2=True)
        return found

    def _hidden_of(self, *parts: Matrix) -> Matrix:
        total = parts[0]
        for part in parts[1:]:
            total = total + part
        found: Matrix = (total + self._bias).reshape(-1, *self._hidden).max(axis=2)
        return found

    def _outside(self, features: Matrix, barred: Flags, spaces: Flags) -> NDArray[np.intp]:
        """The move at each token if no name is open there."""
        hidden = self._hidden_of(features[:, 0], self._padding[1], self._padding[2])
        scores = self._product(hidden, self._upper) + self._upper_bias
        for columns, closed in ((self._moves.begin, barred | spaces), (self._moves.unit, spaces)):
            scores[np.ix_(closed, columns)] = -np.inf
        best: NDArray[np.intp] = self._moves.closed[scores[:, self._moves.closed].argmax(axis=1)]
        return best

    def _insides(self, features: Matrix, chosen: NDArray[np.intp], barred: Flags) -> dict[int, int]:
        """For each token that could begin a longer name, where the name would end (exclusive)."""
        start = np.flatnonzero(np.isin(chosen, self._moves.begin))
        label = np.searchsorted(self._moves.begin, chosen[start])
        here = start + 1
        found: dict[int, int] = {}
        while start.size:
            hidden = self._hidden_of(features[here, 0], features[start, 1], features[here - 1, 2])
            on, over = (
                np.einsum("ij,ij->i", hidden, self._upper[columns]) + self._upper_bias[columns]
                for columns in (self._moves.inside[label], self._moves.last[label])
            )
            goes_on = (on >= over) & ~barred[here]
            found.update(zip(start[~goes_on].tolist(), (here[~goes_on] + 1).tolist(), strict=True))
            start, label, here = start[goes_on], label[goes_on], here[goes_on] + 1
        return found

    def _names(self, chosen: NDArray[np.intp], insides: dict[int, int], ends: NDArray[np.intp]) -> list[list[Name]]:
        names: list[list[Name]] = [[] for _ in ends]
        starting = np.flatnonzero(np.isin(chosen, np.concatenate([self._moves.begin, self._moves.unit])))
        owners = np.searchsorted(ends, starting, side="right").tolist()
        free = 0
        for token, owner, move in zip(starting.tolist(), owners, chosen[starting].tolist(), strict=True):
            if token >= free:
                free = insides.get(token, token + 1)
                offset = int(ends[owner - 1]) if owner else 0
                names[owner].append((token - offset, free - offset, self._moves.labels[move]))
        return names


def _moves(names: list[str]) -> _Moves:
    """Read the model's move names ("B-ORG", "U-", "O")."""
    by_kind: dict[str, dict[str, int]] = {}
    for column, name in enumerate(names):
        kind, _, label = name.partition("-")
        if label or kind == "O":
            by_kind.setdefault(kind, {})[label] = column
    order = sorted(by_kind["B"], key=by_kind["B"].__getitem__)
    columns = {kind: np.array([by_kind[kind][label] for label in order]) for kind in "BILU"}
    closed = np.sort(np.concatenate([columns["B"], columns["U"], [by_kind["O"][""]]]))
    labels = [name.partition("-")[2] for name in names]
    return _Moves(labels, columns["I"], columns["L"], columns["B"], columns["U"], closed)
