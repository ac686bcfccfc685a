"""What is new in a tower and where it is told: on a block, on the streams or on the loop, two at most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from llm_gallery.analysis.alternation import Ratio, alternation
from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.concepts import Change, concepts, telling
from llm_gallery.figure.tower.rows import Spot, Storey, TowerBlock, Where
from llm_gallery.figure.tower.words import tag
from llm_gallery.novelty.arrangements import NormAfter, SideBySide, ideas
from llm_gallery.novelty.leading import concepts_inside
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

MOST = 2


class New(NamedTuple):
    """A concept that the nearest ancestor lacks, or has in another measure."""

    concept: str
    rank: str  # of which one is told
    number: Ratio | int | None = None  # of the model, where a measure is what is news
    was: Ratio | int | None = None  # of the ancestor; None where it has none


class News(NamedTuple):
    """What is new, where it is told, and its tag."""

    new: New
    at: Where
    tag: str

    @property
    def concept(self) -> str:
        """By its id."""
        return self.new.concept


def news(plan: Plan, heading: Heading, storeys: Sequence[Storey]) -> tuple[News, ...]:
    """The most telling of each rank that has a place, two at most; what has no rank only where fewer are found."""
    found: list[News] = []
    ranks: set[str] = set()
    beside = 0  # with a place in a block that says something else already
    for new in _fresh(plan, heading):
        if len(found) + (0 if new.rank else beside) >= MOST or (new.rank and new.rank in ranks):
            continue
        taken = [one.at for one in found]
        at = _place(plan, new, storeys, taken)
        if at is not None:
            found.append(News(new, at, _tag(plan, new, storeys)))
            ranks.add(new.rank)
        elif new.rank and _place(plan, new, storeys, ()) is not None:
            beside += 1
    return tuple(found)


def _fresh(plan: Plan, heading: Heading) -> Iterator[New]:
    """Those that tell, by rank; a measure that has changed behind how the past is kept; then those of no rank."""
    if heading.inherited is None:
        return
    changed = {new.concept: new for new in _changed(plan, heading)}
    fresh = [c for c in shown(plan.root) if c not in heading.inherited and c in concepts()]
    ranked = sorted((c for c in fresh if concepts()[c].new.rank), key=lambda c: _order(c, changed))
    past = [c for c in ranked if telling(c)[0] == 0]
    for concept in past:
        yield changed.get(concept) or New(concept, str(concepts()[concept].new.rank))
    yield from (new for new in changed.values() if new.concept in heading.inherited)
    for concept in ranked[len(past) :]:
        yield New(concept, str(concepts()[concept].new.rank))
    last = sorted((c for c in fresh if not concepts()[c].new.rank), key=telling)
    yield from (New(concept, "") for concept in last if concepts()[concept].new.tag)


def _order(concept: str, changed: dict[str, New]) -> tuple[bool, tuple[int, int, str]]:
    """That layers attend at all is said before how they do it."""
    return concept not in changed, telling(concept)


def _changed(plan: Plan, heading: Heading) -> Iterator[New]:
    """Measures of how layers take turns that differ from the ancestor's by half or more, and attention beside states."""
    was, now = heading.alternation, alternation(plan.root)
    if was is None:
        return
    known = ((c, concepts()[c].new.changes) for c in shown(plan.root) if c in concepts())
    for concept, change in sorted((c, one) for c, one in known if one is not None):
        mine, its = getattr(now, change.of), getattr(was, change.of)
        if _differs(mine, its):
            yield New(concept, change.of, mine, its)
        elif change.of == "states" and mine is not None and not was.attends:
            yield New(concept, str(concepts()[concept].new.rank), mine)


def _differs(mine: Ratio | int | None, its: Ratio | int | None) -> bool:
    if isinstance(mine, Ratio) and isinstance(its, Ratio):
        return mine.differs(its)
    if isinstance(mine, int) and isinstance(its, int) and mine and its:
        return Ratio(mine, 1).differs(Ratio(its, 1))
    return False


def change(new: New) -> Change | None:
    """What is measured, of news that is a number."""
    return None if new.number is None else concepts()[new.concept].new.changes


def _tag(plan: Plan, new: New, storeys: Sequence[Storey]) -> str:
    """What is new, by name: "NEW mHC", "NEW 5 : 1"."""
    measured = change(new)
    if measured is not None and new.was is not None:
        after = " window" if measured.of == "window" else ""
        return f"NEW {new.number:,}{after}" if isinstance(new.number, int) else f"NEW {new.number}"
    held = [] if plan.wiring is None else [v.block for v in plan.wiring.variants]
    return tag(new.concept, [*held, *(block.block for _, block in blocks(storeys))])


def _place(
    plan: Plan, new: New, storeys: Sequence[Storey], taken: Sequence[object]
) -> Where | None:
    concept, measured = new.concept, change(new)
    arranged = next((idea.arrangement for idea in ideas(plan) if idea.concept == concept), None)
    if isinstance(arranged, Plan):
        return "loop" if plan.stream.passes > 1 else None
    held = [storey_block(storeys, spot) for spot in taken if isinstance(spot, Spot)]
    for spot, block in blocks(storeys):
        branch = storeys[spot.storey].branches[spot.branch]
        if isinstance(arranged, NormAfter):
            has = branch.after or branch.on_stream
        elif isinstance(arranged, SideBySide):
            has = len(branch.blocks) > 1 and not branch.series
        elif measured is not None:
            has = _measured(measured, new, block)
        else:
            has = concept in concepts_inside(block.block)
        if has and not any(_alike(block, other) for other in held):
            return spot
    if any(concept in concepts_inside(block.block) for block in held):
        return None
    on_stream = concepts()[concept].new.rank == "stream"
    several = plan.stream.count > 1 or plan.stream.saved_every
    return "stream" if on_stream and several else None


def _measured(measured: Change, new: New, block: TowerBlock) -> bool:
    """Whether a block is of those that are counted first: local ones, states; of a new hybrid, what attends."""
    if measured.of == "states":
        return block.block.attends if new.was is None else block.block.recurs
    return block.block.attends and bool({"window", "chunk"} & block.block.facts.keys())


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
    by_spot = {one.at: one for one in told if isinstance(one.at, Spot)}
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


def _marked(block: TowerBlock, news: News | None) -> TowerBlock:
    if news is None:
        return block
    known = concepts()[news.concept]
    mixture = known.saves is not None and known.saves.of == "active parameters"
    # A quality of attention isn't a new block, the way in which the past is kept is.
    kept = known.new.rank == "past" and (known.had is not None or known.new.of_states)
    return replace(block, new=news.tag, whole=mixture or (kept and news.new.was is None))
