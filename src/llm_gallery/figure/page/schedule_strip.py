"""The schedule strip: the whole depth at true order, one cell a layer, input below; two tracks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.figure.kit.shapes import About, Box, Mark, Shape
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.plan.layer_styles import Cell, LayerStyle
from llm_gallery.figure.plan.plan import Plan
from llm_gallery.mechanisms.colour import Colour

HIGHEST = 16.0
"""Px of a layer at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Where the cells stand: layers upward from `start`, their two tracks rightward from `edge`.

    Sideways, layers run rightward from `start`, and their tracks downward from `edge`.
    """

    edge: float
    start: float
    pitch: float
    gap: float
    token: float  # width of the track that mixes tokens ...
    channel: float  # ... and of the one that mixes channels
    depth: int
    between: float = 2.0  # px between the tracks
    sideways: bool = False
    rounded: bool = True  # whether high cells have round corners

    @property
    def across(self) -> float:
        """Px of both tracks."""
        return self.token + self.between + self.channel

    @property
    def top(self) -> float:
        """The upper edge of the last layer."""
        return self.start - self.depth * self.pitch + self.gap

    def middle(self, layer: int) -> float:
        """The height at which a layer stands."""
        return self.start - layer * self.pitch - (self.pitch - self.gap) / 2

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Upper edge of the last and lower edge of the first of some layers; left and right one sideways."""
        near, far = first * self.pitch, (last + 1) * self.pitch - self.gap
        return (
            (self.start + near, self.start + far)
            if self.sideways
            else (self.start - far, self.start - near)
        )


def strip(
    depth: int,
    *,
    left: float,
    top: float,
    bottom: float,
    token: float = 48,
    channel: float = 16,
    highest: float = HIGHEST,
) -> Strip:
    """The strip that fills the height, in the middle of it where layers are few."""
    room = bottom - top
    pitch = min(highest, room / max(depth, 1))
    gap = 2.0 if pitch >= 7 else 1.0 if pitch >= 3 else 0.6 if pitch >= 2 else 0.0
    spare = room - pitch * depth
    return Strip(
        edge=left,
        start=bottom - spare / 2,
        pitch=pitch,
        gap=gap,
        token=token,
        channel=channel,
        depth=depth,
    )


Key = tuple[Cell, float, float]  # the cell, its left edge and its width


def cells(shown: Plan, place: Strip, *, joined: bool = False) -> tuple[Mark, ...]:
    """A mark for each look of a cell: all its cells in one path; `joined` draws equal neighbours as one."""
    runs_of: dict[Key, list[Run]] = {}
    tracks = [_tracks(look, place) for look in shown.looks]
    # Of layers finer than half a pixel, one stands for its neighbours.
    step = max(1, int(0.5 / place.pitch))
    for layer in range(0, place.depth, step):
        last = min(layer + step, place.depth) - 1
        for key in tracks[shown.schedule[layer]]:
            _, edge, wide = key
            runs = runs_of.setdefault(key, [])
            if (joined or place.gap == 0) and runs and runs[-1].last == layer - 1:
                runs[-1] = Run(runs[-1].first, last, edge, wide)
            else:
                runs.append(Run(layer, last, edge, wide))
    return tuple(_mark(key[0], runs, place) for key, runs in runs_of.items())


class Run(NamedTuple):
    """Cells drawn as one, from a layer to a layer."""

    first: int
    last: int
    edge: float
    wide: float


def _tracks(look: LayerStyle, place: Strip) -> list[Key]:
    """The cells of a layer: two, or one across both tracks where it has one mixer only.

    Further mixers of tokens or channels share the track with the first.
    """
    both, works = look.tokens and look.works, [colour for colour, _ in look.works]
    edge = place.edge + place.token + place.between if both else place.edge
    tokens = shared(look.tokens, place.edge, place.token if both else place.across)
    others = shared(works, edge, place.channel if both else place.across)
    return [
        *((look.cell(colour), *share) for colour, share in tokens),
        *((Cell(colour), *share) for colour, share in others),
    ]


Share = tuple[float, float]  # where it begins, and how far it goes


def shared(
    colours: Sequence[Colour], start: float, room: float, gap: float = 1.0
) -> list[tuple[Colour, Share]]:
    """The room parted among the colours, side by side."""
    each = (room - gap * (len(colours) - 1)) / max(len(colours), 1)
    return [(colour, (start + i * (each + gap), each)) for i, colour in enumerate(colours)]


def _mark(cell: Cell, runs: Sequence[Run], place: Strip) -> Mark:
    # A stroke of the cell's own colour rounds its corners; thin cells have none to round.
    line = 2.0 if place.pitch >= 6 and place.rounded else 0.0
    if cell.hollow:
        line = min(1.25, (place.pitch - place.gap) / 3)
    edge, wide = runs[0].edge + line / 2, number(runs[0].wide - line)
    along, over = "hv" if place.sideways else "vh"
    path, at = "", 0.0
    for run in runs:
        near, far = place.extent(run.first, run.last)
        if path:
            step = number(near + line / 2 - at)
            path += f"m{step} 0" if place.sideways else f"m0 {step}"
        path += f"{over}{wide}{along}{number(far - near - line)}{over}-{wide}z"
        at = near + line / 2
    start = place.extent(runs[0].first, runs[0].last)[0] + line / 2
    layers = sum(run.last - run.first + 1 for run in runs)
    x, y = (start, edge) if place.sideways else (edge, start)
    return Mark(
        x,
        y,
        path,
        width=0.0 if place.sideways else runs[0].wide - line,
        height=runs[0].wide - line if place.sideways else 0.0,
        fill=f"{cell.colour}.tint" if cell.hollow else f"{cell.colour}.solid",
        stroke=f"{cell.colour}.solid" if line else None,
        thickness=line or 1.0,
        about=About("", f"{layers:,} of {place.depth:,} layers"),
    )


def swatch(x: float, y: float, cell: Cell, side: float = 9, high: float | None = None) -> Shape:
    """The small square, or the small cell, that stands for a look beside its name."""
    high = side if high is None else high
    if not cell.hollow:
        fill = f"{cell.colour}.solid"
        radius = 2.0 if side > 8 else 1.0
        return Box(x, y, side, high, radius=radius, fill=fill, open=True)
    wide, tall = side - 1.25, high - 1.25
    return Mark(
        x + 0.625,
        y + 0.625,
        f"h{wide:g}v{tall:g}h{-wide:g}z",
        width=wide,
        height=tall,
        fill=f"{cell.colour}.tint",
        stroke=f"{cell.colour}.solid",
        thickness=1.25,
    )
