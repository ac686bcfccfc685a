"""A tower's call-outs: what is new, then what saves most, then where the weights are; each number counted on the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from llm_gallery.analysis.alternation import alternation
from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters, stored
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.block import Block, distinct_layers, layers, mixing, walk
from llm_gallery.concepts import Cached, Concept, concepts, filled, numbers
from llm_gallery.figure.tower.news import News, blocks, change
from llm_gallery.figure.tower.rows import Call, Spot, Storey, Where
from llm_gallery.figure.tower.words import of_layers, tokens
from llm_gallery.mechanisms import concepts_of
from llm_gallery.mechanisms.wording import small
from llm_gallery.novelty.leading import concepts_inside, of_states
from llm_gallery.novelty.saving import Saving, context, drawn_savings, saving
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.plan import Plan

MOST, WORDS = 3, 9
"""Call-outs of a tower, and words of one."""
LEAST = 0.3
"""Share of the weights that is told at least."""


def calls(
    plan: Plan, heading: Heading, storeys: Sequence[Storey], told: Sequence[News]
) -> tuple[Call, ...]:
    """One to three; the first is what is new, wherever something is."""
    found = [_new(plan, heading, storeys, one) for one in told]
    rest = (*_looped(plan, found), *_fixed_state(plan, storeys), *_savings(plan, storeys))
    for call in (*rest, *_weights(plan, storeys), *_plain(plan, storeys, found)):
        same = any(
            call.number == other.number
            or call.name == other.name
            or (call.concept and call.concept == other.concept)
            for other in found
        )
        beside = any(call.at == other.at and call.at is not None for other in found)
        # A block may say what it saves beside what is new in it, but not three things.
        fits = not beside or (len(found) < MOST - 1 and bool(call.concept))
        if len(found) < MOST and not same and fits:
            found.append(call)
    return tuple(found)


def _call(
    storeys: Sequence[Storey],
    at: Where | None,
    concept: str,
    number: str,
    words: str,
    *,
    name: str = "",
    new: bool = False,
) -> Call:
    """A call-out in the colour of the block that it stands at."""
    colour, known = None, concepts().get(concept)
    if isinstance(at, Spot):
        colour = storeys[at.storey].branches[at.branch].blocks[at.block].colour
    name = name or ("" if known is None else known.name)
    return Call(name, number, words, colour, at, concept, new)


def _new(plan: Plan, heading: Heading, storeys: Sequence[Storey], one: News) -> Call:
    """What is new, as a number."""
    measured = change(one.new)
    if measured is not None:
        unit = "tokens, " if isinstance(one.new.number, int) else ""
        number, words = f"{one.new.number:,}" if unit else f"{one.new.number}", ""
        if one.new.was is None:
            forms: tuple[str, ...] = (f"no attention in {heading.ancestor}", "no attention before")
        else:
            was = f"{one.new.was:,}" if isinstance(one.new.was, int) else f"{one.new.was}"
            name = heading.ancestor
            forms = (f"{unit}was {was} in {name}", f"{unit}{was} in {name}", f"{unit}was {was}")
        words = _fitting(forms)
        return _call(storeys, one.at, one.concept, number, words, name=measured.title, new=True)
    number, words = _counted(plan, one)
    return _call(storeys, one.at, one.concept, number, words, new=True)


def _fitting(forms: Iterable[str]) -> str:
    """The first of at most nine words, or the last."""
    held = tuple(forms)
    return next((form for form in held if len(form.split()) <= WORDS), held[-1])


def _counted(plan: Plan, one: News) -> tuple[str, str]:
    """A number of the model for a concept, and what it counts."""
    root, concept, known = plan.root, one.concept, concepts()[one.concept]
    if one.at == "loop":
        return _deep(plan)
    alike = {id(layer): layer for layer in layers(root)}  # most layers are one object
    found_in = {
        of: [b for _, b in walk(layer) if concept in concepts_of(b)] for of, layer in alike.items()
    }
    having = [found_in[id(layer)] for layer in layers(root)]
    first = next((found[0] for found in having if found), None)
    count = sum(bool(found) for found in having) or plan.depth
    of, facts = of_layers(count, root), {} if first is None else numbers(first)
    said = next(filled(known.new.counted, facts), "")
    number = next(filled(filter(None, (known.new.number,)), facts), "")
    if number and said:
        part = f", in {small(of)} layers" if count < plan.depth else ""
        return number, said + part
    kept = saving(root, {concept}) if _saves(known) else None
    if kept is not None and (not said or known.new.saved):
        return _times(kept.whole, kept.built), _less(plan, concept, kept)
    if said:
        return of, f"layers {said}"
    if first is not None and first.recurs:
        return of, "layers keep a fixed state, no KV cache"
    if one.at == "stream" and plan.stream.count > 1 and not plan.stream.saved_every:
        streams = "" if "streams" in known.name else "residual streams"
        mixed = ", mixed at every branch" if plan.stream.mixes else " in place of one"
        return f"{plan.stream.count:,}", f"{streams}{mixed}".lstrip(", ")
    return of, "layers have it"


def _saves(known: Concept) -> bool:
    """Whether a concept is there to save cache."""
    return known.saves is not None and known.saves.of in get_args(Cached)


def _deep(plan: Plan) -> tuple[str, str]:
    """How deep a loop makes a stack."""
    often = "twice" if plan.stream.passes == 2 else f"{plan.stream.passes:,} times"
    return f"{plan.depth * plan.stream.passes:,}", f"layers deep: {plan.depth:,} run {often}"


def _times(whole: int, built: int) -> str:
    ratio = whole / built
    return f"{ratio:,.0f} ×" if ratio >= 9.95 else f"{ratio:.1f} ×".replace(".0 ", " ")


def _less(plan: Plan, concept: str, kept: Saving) -> str:
    """What a saving is counted against, and at which context."""
    saves, root = concepts()[concept].saves, plan.root
    inside = (b for layer in distinct_layers(root) for _, b in walk(layer))
    block = next((b for b in inside if concept in concepts_of(b)), None)
    lines = (*(() if saves is None else saves.than), f"than {kept.words}")
    told = tuple(filled(lines, {} if block is None else numbers(block)))
    at = f" at {tokens(context(root))}" if kept.text != "a token" else ""
    return _fitting(f"less {what}{at} {than}" for than in told for what in ("KV cache", "cache"))


def _looped(plan: Plan, found: Sequence[Call]) -> Iterator[Call]:
    if plan.stream.passes > 1 and not found:
        yield _call((), "loop", "", *_deep(plan), name="Loop")


def _fixed_state(plan: Plan, storeys: Sequence[Storey]) -> Iterator[Call]:
    """The state of a model that keeps no cache."""
    held = cache(plan.root)
    if held.state_bytes and not held.bytes_per_token:
        spot = next((spot for spot, b in blocks(storeys) if b.block.recurs), None)
        kinds = {kind for row in held.rows for _, kind in row.states}
        said = f"{kinds.pop()}, " if len(kinds) == 1 else ""
        words = f"{said}at any length, in place of KV cache"
        yield _call(storeys, spot, "", binary(held.state_bytes), words, name="Fixed state")


def _savings(plan: Plan, storeys: Sequence[Storey]) -> list[Call]:
    """What saves memory, the largest first."""
    found: list[tuple[float, Call]] = []
    of_the_whole = of_states(plan.root)
    for concept, _ in drawn_savings(shown(plan.root)):
        kept = saving(plan.root, {concept})
        at = next(
            (
                spot
                for spot, b in blocks(storeys)
                if concept in concepts_inside(b.block)
                or (concept in of_the_whole and b.block.recurs)
            ),
            None,
        )
        if kept is None or at is None:
            continue
        words, number = _less(plan, concept, kept), _times(kept.whole, kept.built)
        found.append((kept.whole / kept.built, _call(storeys, at, concept, number, words)))
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
    at = next((s for s, b in blocks(storeys) if _holds(b.block, mixture=mixture)), None)
    if at is not None and LEAST <= share <= 1:
        name = "Experts" if mixture else "MLPs"
        yield _call(storeys, at, "", f"{100 * share:.0f}%", "of all weights", name=name)


def _holds(block: Block, *, mixture: bool) -> bool:
    return block.on_channels and block.is_mixture == mixture


def _plain(plan: Plan, storeys: Sequence[Storey], found: Sequence[Call]) -> Iterator[Call]:
    """Of a model that nothing else is said of: its cache, or its depth."""
    if found:
        return
    at = next((spot for spot, _ in blocks(storeys)), None)
    per, turns = cache(plan.root).bytes_per_token, alternation(plan.root)
    if per and turns.attends:
        yield _call(storeys, at, "", binary(per), "a token, in bf16", name="KV cache")
    else:
        yield _call(storeys, at, "", f"{plan.depth:,}", "layers", name="Depth")
