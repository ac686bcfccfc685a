"""The scale figure says nothing but measures: a corner is day and size, heights are layers, widths widths, fill what runs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby
from math import log2

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import layers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure import Heading
from llm_gallery.figure.kit.shapes import Bounds, Box, Mark, Point, Text
from llm_gallery.figure.kit.signs import dot
from llm_gallery.figure.sheets.scale import BESIDE, LAYER, WIDE, axes, finding, scale, towers_of
from llm_gallery.figure.sheets.scale_places import Wanted, places
from llm_gallery.mechanisms import colour_of
from llm_gallery.plan.heading import Models
from tests.figure.gates import faults, words
from tests.sample import sets

NAMES = ("llama-3-8b", "llama-3.1-405b", "deepseek-v3", "kimi-k2", "gemma-3-270m")
MODELS = [(model.architecture, model.heading) for model in map(find, NAMES)]


def towers(models: Models) -> dict[int, Box]:
    """The outlines of towers, by the parameters that they say they have."""
    titled = {
        box.about.title: box
        for box in scale(models).picture.shapes
        if isinstance(box, Box) and box.about is not None
    }
    return {int(title.split()[0].replace(",", "")): box for title, box in titled.items()}


def foot(box: Box) -> Point:
    return Point(box.x, box.y + box.height)


def test_a_corner_is_day_and_size() -> None:
    """Of models that don't meet; from 2024 on the axis has one scale, from 2 billion on as well."""
    names = ("llama-3-8b", "deepseek-v3", "kimi-k2", "qwen3-8b")
    large = [(model.architecture, model.heading) for model in map(find, names)]
    drawn = towers(large)
    measured = [
        (h.released.toordinal(), log2(parameters(a.root).total)) for a, h in large if h.released
    ]
    feet = [foot(drawn[parameters(a.root).total]) for a, _ in large]
    across = (feet[3].x - feet[0].x) / (measured[3][0] - measured[0][0])
    up = (feet[3].y - feet[0].y) / (measured[3][1] - measured[0][1])
    assert across > 0 > up
    for (day, doublings), at in zip(measured, feet, strict=True):
        assert at.x - feet[0].x == pytest.approx(across * (day - measured[0][0]))
        assert at.y - feet[0].y == pytest.approx(up * (doublings - measured[0][1]))


def test_a_tower_is_as_high_as_deep_and_as_wide_as_wide() -> None:
    drawn = towers(MODELS)
    for architecture, _ in MODELS:
        root = architecture.root
        box = drawn[parameters(root).total]
        assert box.height == pytest.approx(len(layers(root)) * LAYER)
        assert box.width == pytest.approx(root.number("width") * WIDE / 8192)


def test_what_runs_for_a_token_is_full() -> None:
    """The full areas of a tower are its share of all parameters that one token reads."""
    for model in (MODELS[2], MODELS[1]):
        counts = parameters(model[0].root)
        shapes = scale([model]).picture.shapes
        tower = towers([model])[counts.total]
        inside = [
            box
            for box in shapes
            if isinstance(box, Box | Mark)
            and box.about is None
            and box.fill is not None
            and tower.x <= box.x < tower.x + tower.width
            and tower.y - 1e-6 <= box.y < tower.y + tower.height - 1e-6
        ]
        full = sum(b.width * b.height for b in inside if b.fill and b.fill.endswith(".solid"))
        whole = sum(b.width * b.height for b in inside)
        assert whole == pytest.approx(tower.width * tower.height)
        assert full / whole == pytest.approx(counts.active / counts.total)


def test_in_print_a_window_is_no_full_attention() -> None:
    """Rows of a layer or two were blackened as too low for a hatching: Gemma 3 seemed to read all in every layer."""
    model = find("gemma-3-27b")
    svg = scale([(model.architecture, model.heading)]).alone("print", outlined=False)
    look = re.search(r"\.(\w+)\{fill:url\(#hatch-window\)\}", svg)
    assert look is not None
    root = model.architecture.root
    colours = [colour_of(block) for layer in layers(root) for block in mixers(layer)]
    runs = [colour for colour, _ in groupby(colours)].count("window")
    assert svg.count(f'class="{look[1]}"') >= runs > 5


def test_every_model_stands_once_and_a_line_leads_to_its_point() -> None:
    """Of five models of one day and size four are moved, and marked where they belong."""
    architecture, heading = MODELS[2]
    crowd = [(architecture, replace(heading, name=f"Copy {i}")) for i in range(5)]
    drawn = scale(crowd).picture
    assert faults(drawn) == ()
    texts = [words(shape) for shape in drawn.shapes if isinstance(shape, Text)]
    assert [texts.count(f"Copy {i}") for i in range(5)] == [1] * 5
    points = [s for s in drawn.shapes if isinstance(s, Mark) and s.path == dot(0, 0, radius=2).path]
    leaders = [s for s in drawn.shapes if isinstance(s, Mark) and s.stroke == "muted"]
    assert len(leaders) == 4
    first = {(round(leader.x), round(leader.y)) for leader in leaders}
    assert len(first) == 1
    assert first <= {(round(point.x), round(point.y)) for point in points}


@pytest.mark.parametrize("ids", sets())
def test_no_tower_stands_off_its_date(ids: Sequence[str]) -> None:
    """Beam of October 2026 stood in 2024: towers move a month across at most, and no two stand on each other."""
    shown = [(model.architecture, model.heading) for model in map(find, ids)]
    measured = towers_of(shown)
    days, _ = axes(measured)
    texts = [shape for shape in scale(shown).picture.shapes if isinstance(shape, Text)]
    named = {text.about.data[0][1]: text for text in texts if text.about and text.about.data}
    for tower in measured:
        foot = named[tower.name].x - tower.wide - BESIDE
        earliest, latest = (days.at(tower.released + by * timedelta(30)) for by in (-1, 1))
        assert earliest - 1e-6 <= foot <= latest + 1e-6, tower.name


def test_the_nearest_free_place() -> None:
    """The earlier one stays; the later one stands as near as it can without covering it."""
    tower, said = Bounds(0, -50, 20, 0), Bounds(25, -10, 60, 1)
    at = Point(200, 200)
    frame = Bounds(0, 0, 400, 400)
    one, two = places([Wanted(at, tower, said), Wanted(at, tower, said)], frame, [])
    assert one == at
    assert two != at
    dx, dy = two.x - one.x, two.y - one.y
    assert abs(dx) >= 20 or abs(dy) >= 11
    assert max(abs(dx), abs(dy)) <= 66
    (kept,) = places([Wanted(at, tower, said)], frame, [Bounds(190, 140, 300, 260)])
    assert kept != at


def test_what_has_no_date_is_named_and_left_out() -> None:
    architecture, _ = MODELS[0]
    undated = (architecture, Heading(name="Undated 1B"))
    drawn = scale([MODELS[1], undated]).picture
    said = [text.spans[0].text for text in drawn.shapes if isinstance(text, Text)]
    assert "Without date or width, or too large for the sheet: Undated 1B." in said
    assert faults(drawn) == faults(scale([undated]).picture) == ()


def test_models_of_one_day_keep_apart() -> None:
    day = date(2026, 4, 1)
    crowd = [
        (a, replace(h, released=day, name=f"{h.name} {i}")) for i in range(4) for a, h in MODELS
    ]
    assert faults(scale(crowd).picture) == ()


def test_the_description_has_the_numbers() -> None:
    assert "2024-04-18 Llama 3 8B: 32 layers, 4,096 wide, 8.03B." in scale(MODELS).alone(
        outlined=False
    )


def test_dates_and_sizes_are_read_at_a_third() -> None:
    """Every year stands over and under the sheet, in a type that is 8 px where the sheet is as wide as a screen."""
    drawn = scale(MODELS).picture
    texts = [shape for shape in drawn.shapes if isinstance(shape, Text)]
    dated = [text for text in texts if re.fullmatch(r"20\d\d|Q[2-4]", words(text))]
    assert all(text.size * 1280 / drawn.width >= 8 for text in dated)
    days, _ = axes(towers_of(MODELS))
    ticks = [tick.words for tick in days.ticks()]
    low = max(text.y for text in dated)
    assert sorted(words(text) for text in dated if text.y == low) == sorted(ticks)
    high = min(text.y for text in dated)
    assert {words(text) for text in dated if text.y == high} == {
        tick.words for tick in days.ticks() if tick.at > 800
    }
    assert {"1B", "10B", "100B", "parameters"} <= {words(text) for text in texts}


def test_the_title_says_what_the_towers_show() -> None:
    """Of years with enough models alone, and only where the share has at least halved."""
    assert finding(towers_of(MODELS)) == ""
    first, last = towers_of(MODELS)[0], towers_of([MODELS[2]])[0]
    early = [replace(first, released=date(2023, 1, 1))] * 8
    late = [replace(last, released=date(2025, 1, 1))] * 8
    assert finding([*early, *late]) == (
        "the median model runs 6% of its weights for a token in 2025, 100% in 2023"
    )
    assert finding([*early, *late[:7]]) == ""
