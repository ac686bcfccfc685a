"""The second panel: all layers in order, and those that repeat, enlarged."""

from __future__ import annotations

from functools import partial

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.repeats import equal_runs, fold
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.steps.step import MARGIN, ROOM, Step
from llm_gallery.figure.strip import legend_line, strip
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Choice
from llm_gallery.plan.plan import Plan

TOKEN, CHANNEL = 44.0, 12.0
"""Px of the tracks."""


def through_layers(root: Block, plan: Plan) -> Step:
    """How many there are, and in which order their kinds follow one another."""
    title = f"Up through {layers(plan.depth)}" if plan.depth > 1 else "Through one layer"
    if plan.stream.passes > 1:
        title = f"{plan.stream.passes:,} times through {layers(plan.depth)}"
    return Step(title, partial(_draw, root, plan), _words(plan))


def _words(plan: Plan) -> str:
    """The order of the token mixers, or of the channel mixers where these alone differ."""
    passes = plan.stream.passes
    over = f" All of it runs *{passes:,} times*, with the same weights." if passes > 1 else ""
    choices = _differing(plan)
    if len(choices) < 2:
        alike = "They are all alike" if plan.depth > 1 else "It is the only one"
        return f"{alike}: each reads the stream and adds to it.{over}"
    at = {layer: index for index, choice in enumerate(choices) for layer in choice.all_layers}
    runs = fold([at[layer] for layer in sorted(at)])
    if len(runs) == 1 and runs[0].times > 1 and len(at) == plan.depth:
        groups = equal_runs(runs[0].unit)
        said = ", then ".join(
            f"{layers(group.times) if not index else f'{group.times:,}'} of *{choices[group.unit[0]].name.inline}*"
            for index, group in enumerate(groups)
        )
        return f"{said}: {runs[0].times:,} times over.{over}"
    counts = [f"{c.layers:,} {_have(c.layers)} *{c.name.inline}*" for c in choices[:3]]
    rest = sum(choice.layers for choice in choices[3:])
    if rest:
        counts.append(f"{rest:,} {_have(rest)} other blocks")
    return f"{', '.join(counts[:-1])} and {counts[-1]}.{over}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"


def _differing(plan: Plan) -> tuple[Choice, ...]:
    """Blocks that layers have by turns: of those that mix tokens, else of the others."""
    every = (place for one in layers_of(plan.root) for place in one.places)
    places = [place for place in every if place.block.mixes and len(place.choices) > 1]
    places.sort(key=lambda place: not place.block.mixes_tokens)
    return places[0].choices if places else ()


def _draw(root: Block, plan: Plan, sheet: Sheet, y: float) -> float:
    """The strip under its legend, and a few of its layers under a lens."""
    low = legend_line.put(sheet, plan, MARGIN, y + 10, ROOM)
    place = strip.laid(plan.depth, MARGIN, MARGIN + ROOM, low + 9, token=TOKEN, channel=CHANNEL)
    strip.draw(sheet, root, place)
    sheet.put(strip.pointed_area(root, place, 0.0))  # no token walks along it here
    sheet.label(MARGIN, place.bottom + 15, "1", size=12)
    if plan.depth > 1:
        sheet.label(place.right, place.bottom + 15, f"{plan.depth:,}", size=12, anchor="end")
    return place.bottom + 20
