"""The way to a lesson: what is to be known first, in an order in which nothing comes before what it needs."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from llm_gallery.concepts import Concept, built_on, concepts


def path(concept: str, shown: Collection[str] | None = None) -> tuple[Concept, ...]:
    """The concepts from the first that is to be known to the concept itself, of those that are `shown`.

    Raises KeyError where no concept has the id.
    """
    known = concepts()
    way = in_order([known[concept], *(known[name] for name in built_on(concept))])
    return tuple(one for one in way if shown is None or one.id in shown or one.id == concept)


def in_order(given: Sequence[Concept]) -> tuple[Concept, ...]:
    """Concepts, each after those that are to be known first; as they were given where nothing decides."""
    by_id = {concept.id: concept for concept in given}
    ordered: dict[str, Concept] = {}

    def put(concept: Concept, above: tuple[str, ...] = ()) -> None:
        for name in concept.after:
            if name in by_id and name not in ordered and name not in above:
                put(by_id[name], (*above, concept.id))
        ordered.setdefault(concept.id, concept)

    for concept in given:
        put(concept)
    return tuple(ordered.values())
