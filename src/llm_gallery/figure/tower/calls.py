"""A tower's call-outs: what is new, then what saves most, then where the weights are; each number counted on the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters, stored
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import layers, mixing, walk
from llm_gallery.concepts import Cached, concepts
from llm_gallery.figure.tower.news import News, blocks
from llm_gallery.figure.tower.rows import Call, Spot, Storey
from llm_gallery.figure.tower.words import of_layers, tokens
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import small
from llm_gallery.novelty.leading import concepts_inside
from llm_gallery.novelty.saving import Saving, context, drawn_savings, saving
from llm_gallery.plan.plan import Plan

MOST = 3
LEAST = 0.3
"""Share of the weights that is told at least."""


def calls(plan: Plan, storeys: Sequence[Storey], told: Sequence[News]) -> tuple[Call, ...]:
    """One to three; the first is what is new, wherever something is."""
    found = [_new(plan, storeys, one) for one in told]
    rest = (*_looped(plan, found), *_kept(plan, storeys), *_savings(plan, storeys))
    for call in (*rest, *_weights(plan, storeys), *_plain(plan, storeys, found)):
        same = any(call.number == other.number or call.concept == other.concept for other in found)
        beside = any(call.at == other.at and call.at is not None for other in found)
        if len(found) < MOST and not same and not (beside and found):
            found.append(call)
    return tuple(found)


def _new(plan: Plan, storeys: Sequence[Storey], one: News) -> Call:
    """What is new, as a number."""
    number, words = _counted(plan, one)
    colour: Colour | None = None
    if isinstance(one.at, Spot):
        colour = storeys[one.at.storey].branches[one.at.branch].blocks[one.at.block].colour
    return Call(concepts()[one.concept].name, number, words, colour, one.at, one.concept, new=True)


def _counted(plan: Plan, one: News) -> tuple[str, str]:
    """A number of the model for a concept, and what it counts."""
    root, concept, known = plan.root, one.concept, concepts()[one.concept]
    depth, passes = plan.depth, plan.stream.passes
    if one.at == "loop":
        return f"{depth * passes:,}", f"layers deep: {depth:,} run {passes:,} times"
    having = [[b for _, b in walk(layer) if concept in concepts_of(b)] for layer in layers(root)]
    first = next((found[0] for found in having if found), None)
    count = sum(bool(found) for found in having)
    of = of_layers(count or depth, root)
    if first is not None and first.is_mixture and known.saves is not None:
        return (
            f"{first.number('used'):,} of {first.number('experts'):,}",
            f"experts run, in {small(of)} layers",
        )
    if known.new.counted:
        return of, f"layers {known.new.counted}"
    if known.saves is not None and known.saves.of in get_args(Cached):
        kept = saving(root, {concept})
        if kept is not None:
            return _times(kept.whole, kept.built), _less(plan, concept, kept)
    if first is not None and first.recurs:
        return of, "layers keep a fixed state, no cache"
    if one.at == "stream" and plan.stream.count > 1 and not plan.stream.saved_every:
        mixed = ", mixed at every branch" if plan.stream.mixes else " in place of one"
        return f"{plan.stream.count:,}", f"residual streams{mixed}"
    return of, f"layers: {small(known.name)}"


def _times(whole: int, built: int) -> str:
    ratio = whole / built
    return f"{ratio:.0f} ×" if ratio >= 9.95 else f"{ratio:.1f} ×".replace(".0 ", " ")


def _less(plan: Plan, concept: str, kept: Saving) -> str:
    """What a saving is counted against, and at which context."""
    saves = concepts()[concept].saves
    than = kept.words if saves is None or not saves.than else saves.than
    return f"less cache{_long(plan, kept.text)} than {than}"


def _long(plan: Plan, text: str) -> str:
    """At which context, where a token's cost depends on it."""
    return f" at {tokens(context(plan.root))}" if text != "a token" else ""


def _looped(plan: Plan, found: Sequence[Call]) -> Iterator[Call]:
    passes = plan.stream.passes
    if passes > 1 and not found:
        words = f"layers deep: {plan.depth:,} run {passes:,} times"
        yield Call("Loop", f"{plan.depth * passes:,}", words, None, "loop")


def _kept(plan: Plan, storeys: Sequence[Storey]) -> Iterator[Call]:
    """The state of a model that keeps no cache."""
    held = cache(plan.root)
    if held.state_bytes and not held.bytes_per_token:
        spot, block = next(((s, b) for s, b in blocks(storeys) if b.block.recurs), (None, None))
        colour = None if block is None else block.colour
        number = binary(held.state_bytes)
        yield Call("State, not cache", number, "of state at any length, no cache", colour, spot)


def _savings(plan: Plan, storeys: Sequence[Storey]) -> list[Call]:
    """What saves memory, the largest first."""
    found: list[tuple[float, Call]] = []
    for concept, _ in drawn_savings(shown(plan.root)):
        kept = saving(plan.root, {concept})
        place = next(
            ((s, b) for s, b in blocks(storeys) if concept in concepts_inside(b.block)), None
        )
        if kept is None or place is None:
            continue
        words = _less(plan, concept, kept)
        number = _times(kept.whole, kept.built)
        call = Call(concepts()[concept].name, number, words, place[1].colour, place[0], concept)
        found.append((kept.whole / kept.built, call))
    return [call for _, call in sorted(found, key=lambda pair: -pair[0])]


def _weights(plan: Plan, storeys: Sequence[Storey]) -> Iterator[Call]:
    """Which channel blocks hold most of the weights."""
    total = parameters(plan.root).total
    held = {True: 0, False: 0}
    for layer in layers(plan.root):
        for block in mixing(layer):
            if block.on_channels:
                held[block.is_mixture] += stored(block)
    mixture = held[True] > held[False]
    share = max(held.values()) / total if total else 0.0
    place = next(
        (
            (s, b)
            for s, b in blocks(storeys)
            if b.block.on_channels and b.block.is_mixture == mixture
        ),
        None,
    )
    if place is None or not LEAST <= share <= 1:
        return
    name, words = ("Experts", "are experts") if mixture else ("MLPs", "are in MLPs")
    yield Call(name, f"{100 * share:.0f}%", f"of all weights {words}", place[1].colour, place[0])


def _plain(plan: Plan, storeys: Sequence[Storey], found: Sequence[Call]) -> Iterator[Call]:
    """Of a model that nothing else is said of: its cache, or its depth."""
    if found:
        return
    spot, block = next(iter(blocks(storeys)), (None, None))
    colour = None if block is None else block.colour
    per = cache(plan.root).bytes_per_token
    if per:
        yield Call("Cache", binary(per), "of cache a token, bf16", colour, spot)
    else:
        yield Call("Depth", f"{plan.depth:,}", "layers", colour, spot)
