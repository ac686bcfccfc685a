"""What became of each block: what of one model answers to what of another, down to the blocks that layers have by turns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.comparison.block_facts import facts
from llm_gallery.comparison.change import Kind
from llm_gallery.figure.difference.compared_parts import Row
from llm_gallery.plan.place import Choice
from llm_gallery.plan.plan import OneLayer

Pairs = list[tuple[Choice | None, Choice | None, Kind]]
_NUMBER = re.compile(r"\s*[\d,.:]+")


@dataclass(frozen=True, slots=True)
class Marks:
    """What became of the choices of an old and of a new model, by their identity, and how they answer."""

    old: Mapping[int, Kind]
    new: Mapping[int, Kind]
    pairs: Pairs

    @property
    def alike(self) -> bool:
        """Whether every block of either model has one of the same name in the other, numbers aside."""
        return all(
            old is not None and new is not None and _plain(old.name) == _plain(new.name)
            for old, new, _ in self.pairs
        )

    def before(self, choice: Choice) -> Choice | None:
        """What a new choice was."""
        return next((old for old, new, _ in self.pairs if new is choice), None)


def _plain(name: str) -> str:
    return _NUMBER.sub("", name)


def choices(layers: Sequence[OneLayer]) -> list[Choice]:
    """Every block that mixes, once."""
    places = (place for one in layers for place in one.places if place.mixes)
    return [choice for place in places for choice in place.choices]


def marks(
    rows: Sequence[Row], index: int, first: Sequence[OneLayer], layers: Sequence[OneLayer]
) -> Marks:
    """The first model's choices beside those of another one."""
    pairs: Pairs = []
    rest_old, rest_new = choices(first), choices(layers)
    for row in rows:
        old, new = row.parts[0], row.parts[index]
        olds = [] if old is None else [c for c in rest_old if old.holds(c.block)]
        news = [] if new is None else [c for c in rest_new if new.holds(c.block)]
        rest_old = [c for c in rest_old if c not in olds]
        rest_new = [c for c in rest_new if c not in news]
        pairs += _paired(olds, news, kept=row.kinds[index] == "kept")
    # What no part holds, as blocks inside a mixer that stand alone, answers by its name.
    pairs += _paired(rest_old, rest_new, kept=False)
    was = {id(old): kind for old, _, kind in pairs if old is not None}
    now = {id(new): kind for _, new, kind in pairs if new is not None}
    return Marks(was, now, pairs)


def _paired(olds: list[Choice], news: list[Choice], *, kept: bool) -> Pairs:
    """By name, then without its numbers; of one and several, the one and the commonest. What remains left or came."""
    rest, answers = sorted(news, key=_commonest), dict[int, Choice]()
    for called in (lambda choice: choice.name, lambda choice: _plain(choice.name)):
        for old in sorted(olds, key=_commonest):
            same = next((new for new in rest if called(new) == called(old)), None)
            if same is not None and id(old) not in answers:
                rest.remove(same)
                answers[id(old)] = same
    lonely = sorted((old for old in olds if id(old) not in answers), key=_commonest)
    if rest and lonely and 1 in (len(olds), len(news)):
        answers[id(lonely[0])] = rest.pop(0)
    found: Pairs = []
    for old in olds:
        new = answers.get(id(old))
        kind: Kind = "removed" if new is None else "kept" if kept or _same(old, new) else "changed"
        found.append((old, new, kind))
    found += [(None, new, "added") for new in rest]
    if not kept and all(kind == "kept" for *_, kind in found):
        # One block stands for several that differ in numbers: the part says that something changed.
        found = [(old, new, "changed") for old, new, _ in found]
    return found


def _commonest(choice: Choice) -> int:
    return -choice.layers


def _same(old: Choice, new: Choice) -> bool:
    return old.all_layers == new.all_layers and facts(old.block) == facts(new.block)
