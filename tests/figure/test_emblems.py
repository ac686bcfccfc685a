"""Emblems: each lesson has one, no two are alike, and all are small, wordless and in the theme's colours."""

from __future__ import annotations

import gzip
import re
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from llm_gallery.concepts import concepts
from llm_gallery.figure import emblems
from llm_gallery.figure.emblems import BY_AREA, emblem
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.export import png
from llm_gallery.figure.kit.painting import extent
from llm_gallery.figure.kit.shapes import Bounds, Mark, Picture, Point
from llm_gallery.figure.kit.theme import THEMES
from llm_gallery.lessons.lesson import lessons
from tests.figure.kit.test_theme import contrast
from tests.figure.pixels import rows

WIDE, HIGH = 32, 18
"""Px at which no two may be alike: half as many as the narrowest that a page shows."""
LIKE = 0.025
"""Share of pixels by which two are told apart at least."""
BYTES = 160
"""Of an emblem in a page that has all, compressed."""


@cache
def drawn() -> dict[str, Picture]:
    """All of them by concept."""
    found = {name: emblem(name) for name in concepts()}
    return {name: picture for name, picture in found.items() if picture is not None}


def test_every_lesson_has_one() -> None:
    assert not [
        f"concept {name} has a lesson and no emblem; add one to figure/emblems/{concepts()[name].area}.py"
        for name in lessons()
        if name not in drawn()
    ]


def test_each_is_of_a_concept_of_its_area() -> None:
    of_areas = {(area, name) for area, some in BY_AREA.items() for name in some}
    assert of_areas <= {(concept.area, name) for name, concept in concepts().items()}
    folder = Path(emblems.__file__).parent
    assert {area for area in BY_AREA if not (folder / f"{area}.py").is_file()} == set()


def test_none_for_what_is_no_concept() -> None:
    assert emblem("attention") is None


def test_no_two_are_alike() -> None:
    """In print, where colour tells nothing, and small."""
    names = list(drawn())
    strip = Picture(
        width=160,
        height=90 * len(names),
        shapes=(),
        inside=tuple((Point(0, 90 * i), drawn()[name]) for i, name in enumerate(names)),
    )
    size, pixels = rows(png(Drawing(strip), "print", WIDE / 160))
    assert size == (WIDE, HIGH * len(names))
    area = WIDE * HIGH
    seen = {name: pixels[4 * area * i : 4 * area * (i + 1) : 4] for i, name in enumerate(names)}
    inked = {name: (_bits(part, 200), _bits(part, 90)) for name, part in seen.items()}
    alike = [
        (one, other)
        for one, other in combinations(names, 2)
        if sum((a ^ b).bit_count() for a, b in zip(inked[one], inked[other], strict=True)) < LIKE * area
    ]  # fmt: skip
    assert alike == []


def _bits(part: bytes, limit: int) -> int:
    """A bit for each pixel darker than a limit."""
    return int("".join("01"[value < limit] for value in part), 2)


@pytest.mark.parametrize("name", concepts())
def test_stays_inside_and_says_nothing(name: str) -> None:
    picture = drawn()[name]
    assert (picture.width, picture.height) == (160, 90)
    assert not picture.inside
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark)]
    assert len(marks) == len(picture.shapes), "a mark is all that an emblem may hold: no text"
    ground, *rest = map(extent, marks)
    assert ground == Bounds(0, 0, 160, 90)
    assert all(a.left >= 2 and a.top >= 2 and a.right <= 158 and a.bottom <= 88 for a in rest), rest


@pytest.mark.parametrize("name", concepts())
def test_colours_are_the_themes(name: str) -> None:
    """By role; in each of them something stands out from the ground as a sign has to."""
    ground = f"{concepts()[name].mechanism}.tint"
    marks = [shape for shape in drawn()[name].shapes if isinstance(shape, Mark)]
    roles = [role for mark in marks for role in (mark.fill, mark.stroke) if role is not None]
    assert roles[0] == ground
    for theme in THEMES.values():
        paper = theme.colour(ground)
        assert max(contrast(theme.colour(role), paper) for role in roles) >= 3


def test_weigh_little() -> None:
    pages = [Drawing(picture).inline(named=False) for picture in drawn().values()]
    assert len(gzip.compress("".join(pages).encode())) < BYTES * len(pages)
    assert max(len(gzip.compress(page.encode())) for page in pages) < 700
    assert re.findall(r"\.\d{2,}", "".join(pages)) == [], "a tenth of a pixel is enough"
