"""Schedules are to one scale and in groups of like mixing; the tree's dots and the legend speak of the same bars."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from math import hypot

import pytest

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import layers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure import legend, schedules
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import About, Box, Mark, Point, Text
from llm_gallery.figure.sheets.schedules import LEFT, RIGHT
from llm_gallery.figure.sheets.second_channel import COLUMNS
from llm_gallery.figure.sheets.tree_dot import WINDOW, dot, period
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.bar import Bar, bar_of
from llm_gallery.mechanisms.colour import FAMILIES
from tests.described_catalog import drawable
from tests.figure.gates import faults, words


def test_each_model_once_and_under_its_mechanisms() -> None:
    texts = [shape for shape in schedules(drawable()).picture.shapes if isinstance(shape, Text)]
    names = {heading.line: architecture.root for architecture, heading in drawable()}
    rows = [text for text in texts if text.size >= 12 and words(text) in names]
    assert Counter(map(words, rows)) == Counter(list(names))
    titles = [text for text in texts if text.size == 15]
    for row in rows:
        above = [t for t in titles if t.y < row.y and 0 <= t.x - row.x < 120]
        # A group that goes on in the second column is named there again.
        title = max(above, key=lambda text: text.y)
        root = names[words(row)]
        mixing = {colour_of(b) for kind in kinds(root) for b in mixers(kind.layer)}
        said = words(title).lower().split(" + ")
        assert sorted(said) == sorted(FAMILIES[colour].name.lower() for colour in mixing)


def test_all_layers_are_to_one_scale() -> None:
    few = [find(name) for name in ("llama-3-8b", "llama-3.1-405b")]
    shapes = schedules([(m.architecture, m.heading) for m in few]).picture.shapes
    marks = [s for s in shapes if isinstance(s, Mark) and s.width > 60]
    ends = sorted({round(mark.x + mark.width) for mark in marks if mark.fill == "full.solid"})
    starts = {round(mark.x) for mark in marks if mark.fill == "full.solid"}
    assert len(starts) == 1
    start = starts.pop()
    depths = sorted(len(layers(m.architecture.root)) for m in few)
    pitch = (RIGHT - LEFT) / depths[-1]
    assert [end - start for end in ends] == pytest.approx([pitch * d for d in depths], abs=pitch)


def test_a_parted_group_says_which_of_its_models_stand_where() -> None:
    """Its parts follow one another, and their last is all of it; the title counts the largest group."""
    drawing = schedules(drawable())
    texts = [shape for shape in drawing.picture.shapes if isinstance(shape, Text)]
    titles = {(text.y, text.x): words(text) for text in texts if text.size == 15}
    counts: dict[str, list[str]] = {}
    for text in texts:
        beside = [name for (y, x), name in titles.items() if y == text.y and 0 < text.x - x < 700]
        if text.size == 13 and text.weight == 400 and beside:
            counts.setdefault(beside[-1], []).append(words(text).replace(",", ""))
    sizes = {}
    for name, told in counts.items():
        parts = [re.fullmatch(r"(\d+) to (\d+) of (\d+)", one) for one in told]
        if len(told) == 1 and parts[0] is None:
            sizes[name] = int(told[0])
            continue
        numbers = [tuple(map(int, part.groups())) for part in parts if part is not None]
        assert len(numbers) == len(told) > 1
        assert numbers[0][0] == 1
        assert numbers[-1][1] == numbers[-1][2]
        assert all(a[1] + 1 == b[0] for a, b in pairwise(numbers))
        sizes[name] = numbers[-1][2]
    assert sum(sizes.values()) == len(drawable())
    largest = max(sizes, key=lambda name: sizes[name])
    assert (
        f": {sizes[largest]:,} of {len(drawable()):,} models have {largest.lower()}"
        in drawing.title
    )


def test_colours_and_signs_are_explained_above_all_layers() -> None:
    """On two lines under the title; and the sheet of many models is near to the sides of paper."""
    drawn = schedules(drawable()).picture
    texts = [shape for shape in drawn.shapes if isinstance(shape, Text)]
    first = min(text.y for text in texts if text.size == 15)
    for said in (
        "Full attention",
        "Mixture of experts",
        "thin: keeps less",
        "broken: reads what it chooses",
    ):
        assert any(words(text) == said and text.y < first for text in texts), said
    assert 0.7 < drawn.height / drawn.width < 2


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("llama-3-8b", [("full", 32)]),
        ("gpt-oss-20b", [("window", 1), ("full", 1)]),
        ("qwen3-next-80b-a3b", [("linear", 3), ("full", 1)]),
        ("minimax-m3-428b", [("full", 3), ("full", 57)]),
        ("deepseek-v4-pro", [("latent", 1), ("latent", 1)]),
    ],
)
def test_a_dot_is_a_period_of_the_strip(name: str, columns: list[tuple[str, int]]) -> None:
    root = find(name).architecture.root
    found = period(root)
    assert sorted((column.looks[0].colour, column.layers) for column in found) == sorted(columns)
    bars = {bar_of(b) for kind in kinds(root) for b in mixers(kind.layer)}
    assert {look.bar for column in found for look in column.looks} <= bars


@pytest.mark.parametrize("radius", [4.75, WINDOW, 13.0, 26.0])
def test_nothing_of_a_dot_is_outside_of_it(radius: float) -> None:
    for name in ("deepseek-v4.1-flash", "falcon-h1-7b", "hy4-preview-770b-a49b", "gpt-oss-20b"):
        columns = period(find(name).architecture.root)
        for shape in dot(columns, Point(100, 100), radius, About("", name)):
            if isinstance(shape, Box):
                assert shape.width == 2 * radius
                continue
            for points in (stretch.points for stretch in stretches(shape.path)):
                for x, y in points:
                    away = hypot(shape.x + x - 100, shape.y + y - 100)
                    assert away <= radius + 0.1
            assert set(re.findall("[a-z]", shape.path)) <= {"a", "h", "l", "z"}
            for arc in re.findall("a([^a-z]+)", shape.path):
                assert (
                    arc.split()[:2] == [arc.split()[0]] * 2
                )  # of a circle, and of none that is larger
                assert float(arc.split()[0]) <= radius


def test_a_small_dot_says_colour_halves_and_hollow() -> None:
    def fills(name: str) -> list[str | None]:
        columns = period(find(name).architecture.root)
        return [shape.fill for shape in dot(columns, Point(0, 0), 5, About("", ""))]

    assert fills("llama-3-8b") == ["full.solid"]
    assert sorted(map(str, fills("gpt-oss-20b"))) == ["full.solid", "window.solid"]
    assert "paper" in fills("deepseek-v4.1-flash")
    assert "paper" not in fills("hy4-preview-770b-a49b")  # what it borrows is a choice alone


def test_the_legend_explains_every_bar_and_colour() -> None:
    drawn = legend()
    assert faults(drawn.picture) == ()
    said = {words(shape) for shape in drawn.picture.shapes if isinstance(shape, Text)}
    assert {family.name for family in FAMILIES.values()} <= said
    bars = [sample.look.bar for column in COLUMNS for sample in column.samples]
    for name, values in (
        ("entry", {1, 4, 128}),
        ("whole", {True, False}),
        ("chooses", {True, False}),
        ("borrowed", {"nothing", "entries", "choice", "all"}),
        ("unplaced", {True, False}),
    ):
        assert {getattr(bar, name) for bar in bars} == values
    assert set(Bar._fields) == {"entry", "whole", "chooses", "borrowed", "unplaced"}
