"""The foot of a difference: cache and compute at one length that all reach, parameters by part, what is kept, the signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.analysis.units import binary, gigaflop, short
from llm_gallery.comparison.compare import Comparison
from llm_gallery.comparison.profile import Profile
from llm_gallery.figure import change_signs
from llm_gallery.figure.difference.compared_parts import NONE, Group
from llm_gallery.figure.kit.blocks import Sheet, Type
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import area
from llm_gallery.figure.kit.text import width, wrap
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import FAMILIES, Colour

ORDER: tuple[Colour, ...] = tuple(sorted(FAMILIES, key=lambda colour: FAMILIES[colour].place))
"""The parts of the bars, in their order."""
LENGTH = 131_072
"""Tokens at which costs are compared, or fewer where a model reaches fewer."""
BAR, PITCH = 14.0, 21.0
"""Px of a bar's height, and from bar to bar."""
GAP = 40.0
"""Px between what stands side by side."""
LABELLED = 134.0
"""Px of names before bars at most in a narrow figure."""
SIZES = (12.5, 12.0, 11.5, 11.0, 10.5)
SOURCE = "Computed from each model's config.json, 16-bit cache"


def put(
    sheet: Sheet,
    comparison: Comparison,
    names: Sequence[str],
    place: tuple[float, float],
    room: float,
    labels: float,
) -> float:
    """Draws the costs and the parameters from y down; gives back where they end.

    `labels` are px for the models' names before the bars; with none they stand under each title.
    """
    x, y = place
    sheet.rule(Point(x, y), Point(x + room, y))
    y = _costs(sheet, comparison.models, names, x, y + 24, room, labels)
    counts = [parameters(model.architecture.root) for model in comparison.models]
    most = max(count.total for count in counts) or 1
    sheet.label(x, y + 20, "Parameters", size=14, weight=600, role="ink")
    y += 32
    left = x + (labels or _labels(names))
    for index, (count, name) in enumerate(zip(counts, names, strict=True)):
        _name(sheet, name, x, y, left - x, index)
        _parts(sheet, count, left, y, x + room, most, index)
        y += PITCH + 1
    return y


def length(models: Sequence[Profile]) -> int:
    """Tokens that every model reads."""
    stated = [c for model in models if isinstance(c := model.traits.get("context"), int)]
    return min([LENGTH, *stated])


def _labels(names: Sequence[str]) -> float:
    """Px of names before bars in a narrow figure."""
    return min(LABELLED, max(width(name, 12.5, 600) for name in names) + 12)


class Chart(NamedTuple):
    """A bar a model: what they count, each number in words, and the newer models' colour."""

    title: str
    numbers: Sequence[int]
    words: Sequence[str]
    fill: str


def _charts(models: Sequence[Profile], at: int) -> Iterator[Chart]:
    """What each model keeps of so many tokens, where any keeps something, and computes for one more."""
    roots = [model.architecture.root for model in models]
    kept = [cache(root).at(at) for root in roots]
    if any(kept):
        stateless = not any(model.consequences["state_bytes"] for model in models)
        title = "cache" if stateless else "cache and state"
        yield Chart(title, kept, list(map(binary, kept)), f"{_tone(models[-1])}.solid")
    run = [flops_per_token(root, at) for root in roots]
    words = [
        ("≤ " if model.counts.idle else "") + gigaflop(count)
        for model, count in zip(models, run, strict=True)
    ]
    yield Chart("compute for a token", run, words, "ink")


def _costs(
    sheet: Sheet,
    models: Sequence[Profile],
    names: Sequence[str],
    x: float,
    y: float,
    room: float,
    labels: float,
) -> float:
    """Cache and compute, side by side where names have their column."""
    at = length(models)
    sheet.label(x, y, f"At {at:,} tokens", size=14, weight=600, role="ink")
    charts = list(_charts(models, at))
    left = x + (labels or _labels(names))
    if labels:
        each = (x + room - left - GAP) / 2
        for row, name in enumerate(names):
            _name(sheet, name, x, y + 12 + row * PITCH, left - x, row)
        for column, chart in enumerate(charts):
            start = left + column * (each + GAP)
            sheet.label(start, y, chart.title, size=12.5)
            _bars(sheet, chart, start, y + 12, each)
        return y + 12 + len(names) * PITCH + 8
    for chart in charts:
        y += 24
        sheet.label(x, y, chart.title, size=13)
        for row, name in enumerate(names):
            _name(sheet, name, x, y + 10 + row * PITCH, left - x, row)
        _bars(sheet, chart, left, y + 10, x + room - left)
        y += 10 + len(names) * PITCH
    return y + 10


def _bars(sheet: Sheet, chart: Chart, x: float, y: float, room: float) -> None:
    """The bars of a chart to one scale, each with its number."""
    most = max(1, *chart.numbers)
    scale = (room - 10 - max(80.0, *(width(words, 12.5, 600) for words in chart.words))) / most
    for index, (number, words) in enumerate(zip(chart.numbers, chart.words, strict=True)):
        long = max(1.0, scale * number)
        fill = chart.fill if index else "frame"
        sheet.put(area(x, y, long, BAR, fill, f"{chart.title}: {number:,}"))
        sheet.label(x + long + 8, y + 11.5, words, **_style(index))
        y += PITCH


def _tone(model: Profile) -> Colour:
    """The colour of what most layers mix tokens by."""
    tokens = [part for part in model.parts if part.role == "token_mixer"]
    most = max(tokens, key=lambda part: part.place.count, default=None)
    return "full" if most is None else colour_of(most.block)


def _name(sheet: Sheet, name: str, x: float, y: float, room: float, index: int) -> None:
    sheet.fitted(x, y + 11.5, name, room - 12, SIZES, **_style(index))


def _style(index: int) -> Type:
    """Later models stand out beside the first."""
    return Type(size=12.5, weight=600, role="ink") if index else Type(size=12.5)


def by_mechanism(counts: Parameters) -> dict[Colour, int]:
    """Stored parameters of each mechanism, in the order of the bars."""
    counted = dict.fromkeys(ORDER, 0)
    for part in counts.parts:
        counted[part.mechanism] += part.stored
    return counted


def _parts(
    sheet: Sheet, counts: Parameters, x: float, y: float, right: float, most: int, index: int
) -> None:
    """One bar of all parts, and a line under what runs for one token."""
    words = short(counts.total)
    if counts.sparse:
        words += f", {counts.active_words} active"
    room = right - x - 178 if right - x > 500 else right - x - 128
    long = room * counts.total / most
    at = x
    for mechanism, size in by_mechanism(counts).items():
        if not size:
            continue
        part = long * size / (counts.total or 1)
        wide = max(part - (1.0 if part > 3 else 0.0), 0.1)
        number = f"{FAMILIES[mechanism].counted}: {size:,} of {counts.total:,} parameters"
        sheet.put(area(at, y, wide, BAR - 1, f"{mechanism}.solid", number))
        at += part
    if counts.sparse:
        run = long * counts.active / counts.total
        title = f"{counts.active:,} run for one token"
        sheet.put(area(x, y + BAR, max(run, 0.1), 2.5, "ink", title))
    sheet.fitted(x + long + 8, y + 11.5, words, right - x - long - 8, SIZES, **_style(index))


def kept_words(groups: Sequence[Group]) -> str:
    """What all models have, in one sentence: facts of the whole, then parts that are the same."""
    parts = [group.title for group in groups if group.colour and group.unchanged]
    parts = [f"{one[:1].lower()}{one[1:]}" if one[1:2].islower() else one for one in parts]
    kept = {
        fact.name: fact.words[0]
        for group in groups
        if group.colour is None
        for fact in group.facts
        if fact.unchanged and fact.words[0] != NONE
    }
    forms = [form for form in SAID if form in kept]
    if "norm" in kept and "norm_placement" in kept:
        kept["norm"] += f" {kept['norm_placement']}"
    said = [SAID[name].format(kept[name]) for name in forms]
    return f"Kept: {', '.join([*said, *parts])}." if said or parts else ""


SAID = {
    "layers": "{} layers",
    "width": "width {}",
    "vocabulary": "vocabulary {}",
    "context": "context {}",
    "norm": "{}",
    "activation": "{}",
    "residual": "{}",
    "multi_token_prediction": "multi-token prediction",
    "tied": "tied head",
}
"""Facts of the whole that are worth a word where they are kept."""


def legend(sheet: Sheet, x: float, y: float, room: float, words: str, dashed: bool) -> float:
    """The signs, what is kept and where the numbers are from; gives the last baseline back."""
    end = change_signs.legend(sheet, x, y, dashed)
    said = f"{words} {SOURCE}.".strip()
    if width(said, 12) <= x + room - end - 12:
        sheet.label(x + room, y, said, size=12, anchor="end")
        return y
    return sheet.lines(x, y + 22, wrap(said, room, 12, lines=4), 17, size=12) - 17
