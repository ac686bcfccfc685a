"""What is new in a tower and where it is told: on a block, on the streams or on the loop, two at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.concepts import concepts, telling
from llm_gallery.figure.tower.rows import Spot, Storey, TowerBlock, Where
from llm_gallery.figure.tower.words import tag
from llm_gallery.novelty.arrangements import NormAfter, ideas
from llm_gallery.novelty.leading import concepts_inside
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

MOST = 2


class News(NamedTuple):
    """A concept that the nearest ancestor lacks, and where it is told."""

    concept: str
    at: Where


def news(plan: Plan, heading: Heading, storeys: Sequence[Storey]) -> tuple[News, ...]:
    """The most telling of each rank that has a place, two at most."""
    found: list[News] = []
    ranks: set[str] = set()
    for concept in _fresh(plan, heading):
        rank = concepts()[concept].new.rank
        if len(found) == MOST or (rank is not None and rank in ranks):
            continue
        at = _place(plan, concept, storeys, [one.at for one in found])
        if at is not None:
            found.append(News(concept, at))
            ranks.add(rank or "")
    return tuple(found)


def _fresh(plan: Plan, heading: Heading) -> Iterator[str]:
    """Those that tell, by rank; behind them those of no rank that have a tag of their own."""
    if heading.inherited is None:
        return
    new = sorted(
        (c for c in shown(plan.root) if c not in heading.inherited and c in concepts()), key=telling
    )
    yield from (concept for concept in new if concepts()[concept].new.rank is not None)
    yield from (c for c in new if concepts()[c].new.rank is None and concepts()[c].new.tag)


def _place(
    plan: Plan, concept: str, storeys: Sequence[Storey], taken: Sequence[object]
) -> Where | None:
    arranged = next((idea.arrangement for idea in ideas(plan) if idea.concept == concept), None)
    if isinstance(arranged, Plan):
        return "loop" if plan.stream.passes > 1 else None
    held = [storey_block(storeys, spot) for spot in taken if isinstance(spot, Spot)]
    for spot, block in blocks(storeys):
        branch = storeys[spot.storey].branches[spot.branch]
        if isinstance(arranged, NormAfter):
            has = branch.after or branch.on_stream
        else:
            has = concept in concepts_inside(block.block)
        if has and not any(_alike(block, other) for other in held):
            return spot
    if any(concept in concepts_inside(block.block) for block in held):
        return None
    on_stream = concepts()[concept].new.rank == "stream"
    several = plan.stream.count > 1 or plan.stream.saved_every
    return "stream" if on_stream and several else None


def blocks(storeys: Sequence[Storey]) -> Iterator[tuple[Spot, TowerBlock]]:
    """Every block with its place, the lowest first."""
    for s, storey in enumerate(storeys):
        for b, branch in enumerate(storey.branches):
            for k, block in enumerate(branch.blocks):
                yield Spot(s, b, k), block


def storey_block(storeys: Sequence[Storey], spot: Spot) -> TowerBlock:
    """The block at a place."""
    return storeys[spot.storey].branches[spot.branch].blocks[spot.block]


def _alike(block: TowerBlock, other: TowerBlock) -> bool:
    return (block.title, block.field, block.size) == (other.title, other.field, other.size)


def marked(storeys: Sequence[Storey], told: Sequence[News]) -> tuple[Storey, ...]:
    """The storeys with a tag on what is new; a block that is new as a whole has a ring."""
    by_spot = {one.at: one.concept for one in told if isinstance(one.at, Spot)}
    return tuple(
        replace(
            storey,
            branches=tuple(
                replace(
                    branch,
                    blocks=tuple(
                        _marked(block, by_spot.get(Spot(s, b, k)))
                        for k, block in enumerate(branch.blocks)
                    ),
                )
                for b, branch in enumerate(storey.branches)
            ),
        )
        for s, storey in enumerate(storeys)
    )


def _marked(block: TowerBlock, concept: str | None) -> TowerBlock:
    if concept is None:
        return block
    known = concepts()[concept]
    mixture = known.saves is not None and known.saves.of == "active parameters"
    # A quality of attention isn't a new block, the way in which the past is kept is.
    whole = mixture or (known.new.rank == "past" and known.had is not None)
    return replace(block, new=tag(concept), whole=whole)
