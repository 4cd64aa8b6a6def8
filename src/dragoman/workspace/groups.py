"""Groups that grow by joining two members at a time (union-find), each member knowing why it is in."""

from __future__ import annotations

from collections.abc import Iterator


class Groups:
    """Disjoint groups of names. The least name of a group stands for it."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._why: dict[str, str] = {}

    def join(self, left: str, right: str, why: str) -> None:
        """Put two members into one group."""
        first, second = sorted((self._root(left), self._root(right)))
        if first != second:
            self._parent[second] = first
        for member in (left, right):
            self._why.setdefault(member, why)

    def together(self, left: str, right: str) -> bool:
        """Whether both are in one group."""
        return left in self._parent and right in self._parent and self._root(left) == self._root(right)

    def members(self) -> Iterator[tuple[str, str, str]]:
        """Group, member and why, sorted; only what was ever joined."""
        for member in sorted(self._parent):
            yield self._root(member), member, self._why[member]

    def _root(self, member: str) -> str:
        self._parent.setdefault(member, member)
        while self._parent[member] != member:
            self._parent[member] = self._parent[self._parent[member]]
            member = self._parent[member]
        return member
