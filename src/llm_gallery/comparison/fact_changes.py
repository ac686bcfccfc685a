"""Changes of the facts of parts that are of one mechanism: every layer counts, and a change that holds for part of them says for which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from llm_gallery.comparison.alignment import nearest
from llm_gallery.comparison.block_facts import Value, follows, joined, several
from llm_gallery.comparison.change import Change, change, numbers, share_of
from llm_gallery.comparison.mechanism_changes import ORDER
from llm_gallery.comparison.mechanism_words import grouped_words, position_words
from llm_gallery.comparison.phrases import phrase
from llm_gallery.comparison.places import having_place, in_place, indexed_where, joint_place, where
from llm_gallery.comparison.profile import Part, Role
from llm_gallery.mechanisms.facts import term

OF_VARIANT = ("window", "chunk", "position")
"""What makes layers a variant of their mechanism; that it came or went is a change of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Two parts of one mechanism whose facts are compared; `joined` where they answer to each other.

    Else one of them is a variant that came or went, beside what its layers were or became.
    """

    old: Part
    new: Part
    joined: bool
    share: float  # of the layers

    def values(self, name: str) -> tuple[Value, Value]:
        """A fact, before and after."""
        return self.old.facts.get(name), self.new.facts.get(name)


def rows(
    both: Sequence[tuple[Part, Part]], gone: Sequence[Part], come: Sequence[Part]
) -> tuple[Row, ...]:
    """All parts of one mechanism in both models, each beside the nearest of the other."""
    olds, news = ([*only, *(pair[i] for pair in both)] for i, only in ((0, gone), (1, come)))
    beside = [(part, nearest(part, news)) for part in gone]
    beside += [(nearest(part, olds), part) for part in come]
    once = {(id(old), id(new)): (old, new) for old, new in beside}
    compared = [*both, *once.values()]
    return tuple(
        Row(old, new, index < len(both), _share(old, new, compared))
        for index, (old, new) in enumerate(compared)
    )


def _share(old: Part, new: Part, compared: Sequence[tuple[Part, Part]]) -> float:
    """Which share of the layers two parts are: that of the finer one where a part stands beside several."""
    shares = (share_of(old), share_of(new))
    if len(compared) == 1:
        return max(shares)
    several = [sum(part is pair[i] for pair in compared) > 1 for i, part in enumerate((old, new))]
    if several[0] == several[1]:
        return min(shares) if several[0] else max(shares)
    return shares[several[0]]


def fact_changes(
    role: Role, kind: str, rows: Sequence[Row], others: tuple[Sequence[Part], Sequence[Part]]
) -> Iterator[Change]:
    """Each fact once where it changed alike in all layers, else once for those that it changed in.

    `others` are the parts of other mechanisms, in the old model and in the new one.
    """
    yield from _gated(_fact_changes(role, kind, rows, others))


def _gated(changes: Iterable[Change]) -> Iterator[Change]:
    """A shared expert that came or went with its gate is one change."""
    rest = list(changes)
    if not any(change.key.endswith(".shared_gate") for change in rest):
        yield from rest
        return
    of = {change.key.rpartition(".")[2]: change for change in rest}
    shared, gate = of.get("shared"), of.get("shared_gate")
    if shared is None or gate is None or shared.kind != gate.kind or shared.kind == "changed":
        yield from rest
        return
    words = shared.words.replace("shared", "gated shared") if shared.new else shared.words
    weight, telling = shared.weight + gate.weight, shared.told + gate.told
    both = replace(shared, words=words, weight=round(weight, 3), told=round(telling, 3))
    yield from (both if change is shared else change for change in rest if change is not gate)


def _fact_changes(
    role: Role, kind: str, rows: Sequence[Row], others: tuple[Sequence[Part], Sequence[Part]]
) -> Iterator[Change]:
    for name in _differing(rows):
        compared = [r for r in rows if r.joined] if name in OF_VARIANT else rows
        changed = [row for row in compared if not follows(name, row.old.facts, row.new.facts)]
        if name == "position":
            yield from _of_positions(role, kind, rows, changed, others)
            changed = [row for row in changed if "none" not in row.values(name)]
        for values, of in _alike(name, changed):
            whole = _everywhere(name, compared, of) and _alone(kind, name, others, values)
            part = "" if whole else _where(compared, of)
            if None in several(values[1]) and values[1] is not None:
                part = having_place([row.new for row in of], name)
            weighed = _weighed(role, kind, name, values, part, of)
            if name == "sharing" and values[1] == "GQA":
                weighed = replace(weighed, words=grouped_words(weighed.words, of[0].new))
            if indexed := indexed_where([row.new for row in of], name):
                weighed = replace(weighed, words=f"{term(name, kind).came}{indexed}")
            elif part and " instead of " in weighed.words and _stays(name, values[0], compared):
                weighed = replace(weighed, words=phrase(kind, name, None, values[1], part))
            yield weighed


def _stays(name: str, old: Value, rows: Sequence[Row]) -> bool:
    """Whether some layers of the newer model still have what others had."""
    return any(not {*several(old)}.isdisjoint(several(row.new.facts.get(name))) for row in rows)


def _differing(rows: Sequence[Row]) -> list[str]:
    """The facts that differ in some row, in order: most facts of most models don't."""
    names: dict[str, bool] = {}
    for row in rows:
        old, new = row.old.facts, row.new.facts
        for name in (*new, *old):
            names[name] = names.get(name, False) or old.get(name) != new.get(name)
    return [name for name, differs in names.items() if differs]


def _alike(name: str, changed: Sequence[Row]) -> Iterator[tuple[tuple[Value, Value], list[Row]]]:
    """Rows whose fact changed alike, with what it was and is.

    A new part that stands beside several old ones was all that they were: else two changes would
    claim the same layers. Where it is all that still, each row speaks for itself.
    """
    if len(changed) == 1:  # as in most models
        values = changed[0].values(name)
        if values[0] != values[1]:
            yield values, [*changed]
        return
    alike: dict[tuple[Value, Value], list[Row]] = {}
    for of in _by_new(changed):
        was, now = joined([row.old.facts.get(name) for row in of]), of[0].new.facts.get(name)
        same = set(several(was)) == set(several(now))
        for values in dict.fromkeys(row.values(name) for row in of) if same else [(was, now)]:
            if values[0] != values[1]:
                same_rows = [row for row in of if not same or row.values(name) == values]
                alike.setdefault(values, []).extend(same_rows)
    yield from alike.items()


def _by_new(changed: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows of each new part."""
    for new in {id(row.new): row.new for row in changed}.values():
        yield [row for row in changed if row.new is new]


def _weighed(
    role: Role, kind: str, name: str, values: tuple[Value, Value], part: str, of: Sequence[Row]
) -> Change:
    """A change with the weight of what changed in each row."""
    if len(of) == 1 and of[0].values(name) == values:  # as in most models
        return change(kind, name, *values, role=role, part=part, share=min(1.0, of[0].share))
    changed: dict[tuple[Value, Value], float] = {}
    for row in of:
        if (values_of_row := row.values(name))[0] != values_of_row[1]:
            changed[values_of_row] = changed.get(values_of_row, 0.0) + row.share
    ones = [
        change(kind, name, *values_of_row, role=role, part=part, share=min(1.0, share))
        for values_of_row, share in changed.items()
    ]
    if changed.keys() == {values}:
        return ones[0]
    weighed = change(kind, name, *values, role=role, part=part)
    levels = {change.level for change in ones}
    level = levels.pop() if len(levels) == 1 else weighed.level
    return replace(weighed, weight=round(sum(change.weight for change in ones), 3), level=level)


def _everywhere(name: str, rows: Sequence[Row], of: Sequence[Row]) -> bool:
    """Whether a change holds for all layers; what some have lost is gone where none has it."""
    return len(of) == len(rows) or not any(name in row.new.facts for row in rows)


def _alone(
    kind: str,
    name: str,
    others: tuple[Sequence[Part], Sequence[Part]],
    values: tuple[Value, Value],
) -> bool:
    """Whether no layer of another mechanism has another size by the same name."""
    if not any(others):
        return True
    known = term(name, kind, number=numbers(*values))
    return known.level != "scale" or all(
        part.facts.get(name, value) == value
        or term(name, part.kind, number=numbers(value)).noun != known.noun
        for parts, value in zip(others, values, strict=True)
        for part in parts
    )


def _of_positions(
    role: Role,
    kind: str,
    rows: Sequence[Row],
    changed: Sequence[Row],
    others: tuple[Sequence[Part], Sequence[Part]],
) -> Iterator[Change]:
    """Positions that came or went; where mechanisms beside know them, in which layers."""
    for values in dict.fromkeys(row.values("position") for row in changed):
        if values[0] == values[1] or "none" not in values:
            continue
        of = [row for row in changed if row.values("position") == values]
        unrotated = [row.new if values[1] == "none" else row.old for row in of]
        share = min(1.0, sum(row.share for row in of), sum(map(share_of, unrotated)))
        part = where(of[0].new) if len(rows) > 1 and share < 1 else ""
        moved = change(kind, "position", *values, role=role, part=part, share=share)
        olds, news = ([*{id(part): part for part in parts}.values()] for parts in _sides(rows))
        words = position_words([*olds, *others[0]], [*news, *others[1]], of[0].new)
        others_know = any(part.rotated for part in (*news, *others[1]) if "position" in part.facts)
        unordered = others_know and not of[0].new.rotated
        telling = max(moved.told, ORDER) if unordered else moved.told
        yield replace(moved, words=words, told=telling)


def _sides(rows: Sequence[Row]) -> tuple[list[Part], list[Part]]:
    return [row.old for row in rows], [row.new for row in rows]


def _where(rows: Sequence[Row], of: Sequence[Row]) -> str:
    """In which layers of the new model: by their reach where both have the same several, else by their share.

    What went is said of the new model too: "no biases in one layer of four" is read as what it lacks.
    """
    reach = dict.fromkeys(row.new.reach for row in of)
    alike = all(row.joined and row.old.reach == row.new.reach for row in rows)
    if alike and not any(row.new.reach in reach for row in rows if row not in of):
        words = {"window": "windowed", "chunk": "chunked", "": "full"}
        return f"in the {' and '.join(words[place] for place in reach)} layers"
    return in_place(joint_place([row.new for row in of]))
