"""The schedule strip: the whole depth at true order, one cell a layer, input below; two tracks."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.analysis.mechanisms import Mechanism
from llm_gallery.figure.blocks import square
from llm_gallery.figure.plan import Plan
from llm_gallery.figure.shapes import About, Mark, Shape
from llm_gallery.figure.words import Look

HIGHEST = 16.0
"""Px of a layer at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """Where the cells stand: two tracks from `left`, layers upward from `bottom`."""

    left: float
    bottom: float
    pitch: float
    gap: float
    token: float  # width of the track that mixes tokens ...
    channel: float  # ... and of the one that mixes channels
    depth: int

    @property
    def top(self) -> float:
        """The upper edge of the last layer."""
        return self.bottom - self.depth * self.pitch + self.gap

    def middle(self, layer: int) -> float:
        """The height at which a layer stands."""
        return self.bottom - layer * self.pitch - (self.pitch - self.gap) / 2

    def extent(self, first: int, last: int) -> tuple[float, float]:
        """Upper edge of the last and lower edge of the first of some layers."""
        return (
            self.bottom - (last + 1) * self.pitch + self.gap,
            self.bottom - first * self.pitch,
        )


def strip(
    depth: int, *, left: float, top: float, bottom: float, token: float = 48, channel: float = 16
) -> Strip:
    """The strip that fills the height, in the middle of it where layers are few."""
    room = bottom - top
    pitch = min(HIGHEST, room / max(depth, 1))
    gap = 2.0 if pitch >= 7 else 1.0 if pitch >= 3 else 0.6 if pitch >= 2 else 0.0
    spare = room - pitch * depth
    return Strip(
        left=left,
        bottom=bottom - spare / 2,
        pitch=pitch,
        gap=gap,
        token=token,
        channel=channel,
        depth=depth,
    )


Key = tuple[Mechanism, bool, bool]  # colour, drawn as an outline, in the first track


def cells(shown: Plan, place: Strip) -> tuple[Mark, ...]:
    """A mark for each look of a cell: all its cells in one path; where cells touch, runs are joined."""
    found: dict[Key, list[tuple[int, int, float, float]]] = {}
    for first, last, look in _runs(shown, joined=place.gap == 0):
        for key, left, wide in _tracks(look, place):
            found.setdefault(key, []).append((first, last, left, wide))
    return tuple(_mark(key, runs, place) for key, runs in found.items())


def _runs(shown: Plan, joined: bool) -> list[tuple[int, int, Look]]:
    runs: list[tuple[int, int, Look]] = []
    for layer, kind in enumerate(shown.schedule):
        look = shown.looks[kind]
        if joined and runs and runs[-1][2] == look:
            runs[-1] = (runs[-1][0], layer, look)
        else:
            runs.append((layer, layer, look))
    return runs


def _tracks(look: Look, place: Strip) -> list[tuple[Key, float, float]]:
    """The cells of a layer: two, or one across both tracks where it has one mixer only."""
    whole = place.token + 2 + place.channel
    if look.mixer is not None and look.channels is not None:
        return [
            ((look.mixer, look.hollow, True), place.left, place.token),
            ((look.channels, False, False), place.left + place.token + 2, place.channel),
        ]
    only = look.mixer or look.channels
    return [] if only is None else [((only, look.hollow, True), place.left, whole)]


def _mark(key: Key, runs: list[tuple[int, int, float, float]], place: Strip) -> Mark:
    colour, hollow, _ = key
    # A stroke of the cell's own colour rounds its corners; thin cells have none to round.
    line = min(1.5, max(0.0, (place.pitch - place.gap) / 4)) if place.pitch >= 4 else 0.0
    if hollow:
        line = min(1.25, (place.pitch - place.gap) / 3)
    x, y = runs[0][2] + line / 2, place.extent(runs[0][0], runs[0][1])[0] + line / 2
    path, at = [], y
    for first, last, _, wide in runs:
        top, bottom = place.extent(first, last)
        move = f"m0 {top + line / 2 - at:.2f}" if path else ""
        inner = wide - line
        path.append(f"{move}h{inner:g}v{bottom - top - line:.2f}h{-inner:g}z")
        at = top + line / 2
    low = place.extent(runs[0][0], runs[0][1])[1]
    high = place.extent(runs[-1][0], runs[-1][1])[0]
    return Mark(
        x=x,
        y=y,
        width=runs[0][3] - line,
        height=max(0.0, low - high - line) if len(runs) == 1 else low - y - line / 2,
        path="".join(path),
        fill=f"{colour}.tint" if hollow else f"{colour}.solid",
        stroke=f"{colour}.solid" if line else None,
        thickness=line or 1.0,
        about=About("", f"{counted(runs)} of {place.depth}"),
    )


def counted(runs: list[tuple[int, int, float, float]]) -> str:
    """How many layers some runs hold."""
    return f"{sum(last - first + 1 for first, last, _, _ in runs):,} layers"


def swatch(x: float, y: float, look: Look, side: float = 9) -> Shape:
    """The small square that stands for a look beside its name."""
    if look.hollow and look.colour == look.mixer:
        inner = side - 1.25
        return Mark(
            x=x + 0.625,
            y=y + 0.625,
            width=inner,
            height=inner,
            path=f"h{inner:g}v{inner:g}h{-inner:g}z",
            fill=f"{look.colour}.tint",
            stroke=f"{look.colour}.solid",
            thickness=1.25,
        )
    return square(x, y, f"{look.colour}.solid", side)
