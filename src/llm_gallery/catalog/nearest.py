"""The neighbours of a model or a config: who stands nearest, where its sizes stand, what nobody else has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.load import Given, model
from llm_gallery.catalog.nearest_words import first_words, kind_words, rank_words
from llm_gallery.catalog.profiles import held
from llm_gallery.comparison import Profile, change_json, profile
from llm_gallery.comparison.report import escaped
from llm_gallery.lineage.firsts import Beyond, Choice, Firsts, firsts
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
    own, among = profile(model(given, guess=guess)), held()
    near = neighbours(own, among)
    return Nearest(own, near[:SHOWN], len(near), ranked(own, among), firsts(own, among))


def text(found: Nearest) -> str:
    """As text for a terminal."""
    lines = [found.own.name, "", _measured(found)]
    for one in found.neighbours:
        lines += [f"  {one.distance:5.2f}  {_named(one)}", *(f"         {s}" for s in _said(one))]
    for title, rows in _sections(found):
        lines += ["", title, *(f"  {row}" for row in rows)]
    return "\n".join(lines) + "\n"


def markdown(found: Nearest) -> str:
    """As Markdown, with headings and lists."""
    lines = [f"# {escaped(found.own.name)}", "", "## Nearest", "", _measured(found), ""]
    for one in found.neighbours:
        lines.append(
            f"- **{escaped(_named(one))}**, {one.distance:.2f}. {escaped(' '.join(_said(one)))}"
        )
    for title, rows in _sections(found):
        lines += ["", f"## {title}", "", *(f"- {escaped(row)}" for row in rows)]
    return "\n".join(lines) + "\n"


def to_json(found: Nearest) -> Json:
    """As plain data; keys may be added, never changed."""
    return {
        "id": found.own.id,
        "name": found.own.name,
        "model_type": found.own.architecture.model_type,
        "designs": found.designs,
        "nearest": [
            {
                "id": one.model.id,
                "name": one.model.name,
                "distance": one.distance,
                "others": [other.id for other in one.others],
                "sentences": list(one.difference.sentences),
                "changes": [change_json(change) for change in one.difference.changes],
            }
            for one in found.neighbours
        ],
        "among": [
            {
                "kind": "sparse" if one.sparse else "dense",
                "layers": one.depth,
                "models": one.models,
                "ranks": [{**asdict(r), "more": r.more, "words": rank_words(r)} for r in one.ranks],
            }
            for one in found.ranked
        ],
        "firsts": _firsts_json(found.firsts),
    }


def _firsts_json(found: Firsts) -> Json:
    return {
        "designs": found.designs,
        "concepts": list(found.concepts),
        "pairs": [{"concepts": [p.first, p.second], "designs": p.having} for p in found.pairs],
        "sizes": [
            {**_fact(one), "bound": one.bound, "holder": one.holder.id} for one in found.beyond
        ],
        "choices": [_fact(one) for one in found.choices],
        "words": first_words(found),
    }


def _fact(one: Beyond | Choice) -> Json:
    kind, fact = one.key
    return {"kind": kind, "fact": fact, "value": one.value, "designs": one.designs}


def _measured(found: Nearest) -> str:
    return (
        f"Of {found.designs} designs the nearest; the number is the weight of all changes, whoever made both "
        "and whenever."
    )


def _named(one: Neighbour) -> str:
    """ "Kimi K2 (also Kimi K2 Thinking)"."""
    names = [other.name for other in one.others]
    more = f" and {len(names) - 3} more" if len(names) > 4 else ""
    shown = ", ".join(names[:3] if more else names)
    return f"{one.model.name} (also {shown}{more})" if names else one.model.name


def _said(one: Neighbour) -> tuple[str, ...]:
    return one.difference.sentences[:1]


def _sections(found: Nearest) -> Iterator[tuple[str, list[str]]]:
    for one in found.ranked:
        yield (
            f"Among {kind_words(one)}, copies counted once",
            [rank_words(rank) for rank in one.ranks],
        )
    others = "other design" if found.own.listed else "design"
    nothing = (
        f"Nothing: its concepts, their pairs, its sizes and its choices are within what the "
        f"{found.firsts.designs} have."
    )
    yield f"What no {others} of the gallery has", first_words(found.firsts) or [nothing]
