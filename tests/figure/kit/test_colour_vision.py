"""The palette is told apart by everybody: distances as seen with each kind of colour blindness."""

from __future__ import annotations

from itertools import combinations
from math import atan2, cos, degrees, exp, hypot, radians, sin
from typing import get_args

import pytest

from llm_gallery.figure.kit.theme import THEMES, ThemeName
from llm_gallery.mechanisms.colour import Colour

MECHANISMS: tuple[Colour, ...] = get_args(Colour)
Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]

SEEN: dict[str, Matrix] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
"""Linear RGB as seen: Machado, Oliveira and Fernandes 2009, severity 1."""
XYZ: Matrix = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE: Triple = (0.95047, 1.0, 1.08883)


def times(matrix: Matrix, v: Triple) -> Triple:
    a, b, c = (sum(m * x for m, x in zip(row, v, strict=True)) for row in matrix)
    return a, b, c


def lab(colour: str, seen: Matrix) -> Triple:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    red, green, blue = (min(1.0, max(0.0, p)) for p in times(seen, (r, g, b)))
    x, y, z = (
        t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116
        for t in (v / w for v, w in zip(times(XYZ, (red, green, blue)), WHITE, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: Triple, other: Triple) -> float:
    """CIEDE2000."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    g = 0.5 * (1 - (mean / (mean + 25**7)) ** 0.5)
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = hypot(a1, b1), hypot(a2, b2)
    h1, h2 = degrees(atan2(b1, a1)) % 360, degrees(atan2(b2, a2)) % 360
    turn = (h2 - h1 + 180) % 360 - 180 if c1 * c2 else 0.0
    height = 2 * (c1 * c2) ** 0.5 * sin(radians(turn / 2))
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    hue = h1 + h2 if not c1 * c2 else (h1 + turn / 2) % 360
    t = (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )
    far = (lightness - 50) ** 2
    dl = (l2 - l1) / (1 + 0.015 * far / (20 + far) ** 0.5)
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = height / (1 + 0.015 * chroma * t)
    bent = 2 * (chroma**7 / (chroma**7 + 25**7)) ** 0.5
    bend = -sin(radians(60 * exp(-(((hue - 275) / 25) ** 2)))) * bent
    return float((dl * dl + dc * dc + dh * dh + bend * dc * dh) ** 0.5)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_distance_is_as_published(one: Triple, other: Triple, expected: float) -> None:
    """Pairs of Sharma, Wu and Dalal 2005."""
    assert round(distance(one, other), 4) == expected


SMALLEST: dict[ThemeName, float] = {"light": 11.0, "dark": 8.9}
"""Distance of any two mechanisms at least: 2 to 3 is what a trained eye sees side by side."""


@pytest.mark.parametrize("seen", SEEN)
@pytest.mark.parametrize("name", SMALLEST)
def test_solids_are_told_apart(name: ThemeName, seen: str) -> None:
    theme = THEMES[name]
    colours = [lab(theme.colour(f"{mechanism}.solid"), SEEN[seen]) for mechanism in MECHANISMS]
    assert min(distance(a, b) for a, b in combinations(colours, 2)) >= SMALLEST[name]
