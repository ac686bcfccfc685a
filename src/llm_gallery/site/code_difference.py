"""Two texts of code as a difference: lines that went, lines that are new, and equal ones around them, the rest folded.

`static/code-difference.js` says the same in a page, for any two files; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 3
"""Equal lines that are shown beside a change."""


@dataclass(frozen=True, slots=True)
class Run:
    """Lines one after the other of one sort: "same", "gone" or "new"; folded ones are there to be opened."""

    sort: str
    lines: tuple[str, ...]
    folded: bool = False


def runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    """All lines of both; what `difflib` finds equal stands once."""
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for at, (tag, a, b, c, d) in enumerate(opcodes):
        if tag == "equal":
            before = AROUND if at else 0
            after = AROUND if at < len(opcodes) - 1 else 0
            yield from _same(old[a:b], before, after)
            continue
        if a < b:
            yield Run("gone", tuple(old[a:b]))
        if c < d:
            yield Run("new", tuple(new[c:d]))


def _same(lines: Sequence[str], before: int, after: int) -> Iterator[Run]:
    """Equal lines, of which those that stand near no change are folded, if that saves more than one."""
    if len(lines) <= before + after + 1:
        yield Run("same", tuple(lines))
        return
    end = len(lines) - after
    if before:
        yield Run("same", tuple(lines[:before]))
    yield Run("same", tuple(lines[before:end]), folded=True)
    if after:
        yield Run("same", tuple(lines[end:]))
