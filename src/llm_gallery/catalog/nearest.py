"""The neighbours of a model or a config: who stands nearest, where its sizes stand, what nobody else has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import Given, entries, model
from llm_gallery.catalog.nearest_words import first_words, kind_words, rank_words
from llm_gallery.catalog.profiles import catalog_gallery
from llm_gallery.comparison import Difference, Profile, change_json, profile
from llm_gallery.comparison.report import escaped
from llm_gallery.lineage.firsts import Choice, Extreme, Firsts, firsts
from llm_gallery.lineage.neighbours import Neighbour, neighbours
from llm_gallery.lineage.percentiles import Ranked, ranked

Json = dict[str, Any]
SHOWN = 5
"""Designs that are told."""


@dataclass(frozen=True)
class Nearest:
    """A model beside the designs of the catalog."""

    own: Profile
    neighbours: tuple[Neighbour, ...]  # the nearest designs
    designs: int  # that were asked
    ranked: tuple[Ranked, ...]
    firsts: Firsts
    later: frozenset[str] = frozenset()  # neighbours that came after it

    def __repr__(self) -> str:
        return f"<Nearest to {self.own.name} of {counted(self.designs, 'design')}>"

    def text(self) -> str:
        """As text for a terminal."""
        return text(self)

    def markdown(self) -> str:
        """As Markdown, with headings and lists."""
        return markdown(self)

    def to_json(self) -> Json:
        """As plain data; keys may be added, never changed."""
        return to_json(self)


def nearest(given: Given, *, guess: bool = False) -> Nearest:
    """The designs of the catalog nearest to a model, the ranks of its sizes, and what no design has.

    Returns: `.neighbours` by distance (a sum of weights, without a unit), `.ranked` as counts, and `.firsts`.
    Raises: Refusal as `describe` does.
    """
    described = model(given, guess=guess)
    subject, among = profile(described), catalog_gallery()
    near = neighbours(subject, among)
    ranks, new = ranked(subject, among), firsts(subject, among)
    later = _later(described.entry, near[:SHOWN])
    return Nearest(subject, near[:SHOWN], len(near), ranks, new, later)


def _later(entry: Entry | None, near: Sequence[Neighbour]) -> frozenset[str]:
    """Those that came after a model of the catalog; none after a config, which has no day."""
    if entry is None:
        return frozenset()
    released = {other.id: other.released for other in entries()}
    names = (neighbour.model.id for neighbour in near)
    return frozenset(name for name in names if released[name] > entry.released)


def text(nearest: Nearest) -> str:
    """As text for a terminal."""
    lines = [nearest.own.name, "", _measured(nearest)]
    for neighbour in nearest.neighbours:
        lines += [
            f"  {neighbour.distance:5.2f}  {_named(nearest, neighbour)}",
            *(f"         {s}" for s in _difference(nearest, neighbour).sentences[:1]),
        ]
    for title, rows in _sections(nearest):
        lines += ["", title, *(f"  {row}" for row in rows)]
    return "\n".join(lines) + "\n"


def markdown(nearest: Nearest) -> str:
    """As Markdown, with headings and lists."""
    lines = [f"# {escaped(nearest.own.name)}", "", "## Nearest", "", _measured(nearest), ""]
    for neighbour in nearest.neighbours:
        lines.append(
            f"- **{escaped(_named(nearest, neighbour))}**, {neighbour.distance:.2f}. "
            f"{escaped(' '.join(_difference(nearest, neighbour).sentences[:1]))}"
        )
    for title, rows in _sections(nearest):
        lines += ["", f"## {title}", "", *(f"- {escaped(row)}" for row in rows)]
    return "\n".join(lines) + "\n"


def to_json(nearest: Nearest) -> Json:
    """As plain data; keys may be added, never changed."""
    return {
        "id": nearest.own.id,
        "name": nearest.own.name,
        "model_type": nearest.own.architecture.model_type,
        "designs": nearest.designs,
        "nearest": [
            {
                "id": neighbour.model.id,
                "name": neighbour.model.name,
                "distance": neighbour.distance,
                "others": [other.id for other in neighbour.others],
                "later": neighbour.model.id in nearest.later,
                "sentences": list(difference.sentences),
                "changes": [change_json(change) for change in difference.changes],
            }
            for neighbour in nearest.neighbours
            for difference in [_difference(nearest, neighbour)]
        ],
        "among": [
            {
                "kind": "sparse" if ranked.sparse else "dense",
                "layers": ranked.depth,
                "models": ranked.models,
                "ranks": [
                    {**asdict(r), "more": r.more, "words": rank_words(r)} for r in ranked.ranks
                ],
            }
            for ranked in nearest.ranked
        ],
        "firsts": _firsts_json(nearest.firsts),
    }


def _firsts_json(firsts: Firsts) -> Json:
    return {
        "designs": firsts.designs,
        "concepts": list(firsts.concepts),
        "pairs": [{"concepts": [p.first, p.second], "designs": p.having} for p in firsts.pairs],
        "sizes": [
            {**_fact(extreme), "bound": extreme.bound, "holder": extreme.holder.id}
            for extreme in firsts.beyond
        ],
        "choices": [_fact(choice) for choice in firsts.choices],
        "words": first_words(firsts),
    }


def _fact(first: Extreme | Choice) -> Json:
    kind, fact = first.key
    return {"kind": kind, "fact": fact, "value": first.value, "designs": first.designs}


def _measured(nearest: Nearest) -> str:
    return (
        f"Of {nearest.designs} designs the nearest; the number is the weight of all changes, whoever made both "
        "and whenever."
    )


def _named(nearest: Nearest, neighbour: Neighbour) -> str:
    """ "Kimi K2 (also Kimi K2 Thinking)", or "Sarvam 105B, which came later"."""
    names = [other.name for other in neighbour.others]
    more = f" and {len(names) - 3} more" if len(names) > 4 else ""
    shown = ", ".join(names[:3] if more else names)
    also = f" (also {shown}{more})" if names else ""
    later = ", which came later" if neighbour.model.id in nearest.later else ""
    return f"{neighbour.model.name}{also}{later}"


def _difference(nearest: Nearest, neighbour: Neighbour) -> Difference:
    """What changed from the older of the two to the newer."""
    later = neighbour.model.id in nearest.later
    return Difference(nearest.own, neighbour.model) if later else neighbour.difference


def _sections(nearest: Nearest) -> Iterator[tuple[str, list[str]]]:
    for group in nearest.ranked:
        yield (
            f"Among {kind_words(group)}, copies counted once",
            [rank_words(rank) for rank in group.ranks],
        )
    others = "other design" if nearest.own.listed else "design"
    nothing = (
        f"Nothing: its concepts, their pairs, its sizes and its choices are within what the "
        f"{nearest.firsts.designs} have."
    )
    yield f"What no {others} of the gallery has", first_words(nearest.firsts) or [nothing]
