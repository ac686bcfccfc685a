"""The scale figure says nothing but measures: places are days, heights layers, widths widths, areas parameters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.load import find
from llm_gallery.figure import Heading
from llm_gallery.figure.kit.gates import faults
from llm_gallery.figure.kit.shapes import Box, Mark, Text
from llm_gallery.figure.sheets.scale import LAYER, TRILLION, WIDE, scale

NAMES = ("llama-3-8b", "llama-3.1-405b", "deepseek-v3", "kimi-k2", "gemma-3-270m")
MODELS = [(model.architecture, model.heading) for model in map(find, NAMES)]


def squares(models: list[tuple[Architecture, Heading]]) -> dict[int, Box]:
    """The boxes that say how many parameters they are, by that number."""
    titled = {
        box.about.title: box
        for box in scale(models).picture.shapes
        if isinstance(box, Box) and box.about is not None
    }
    return {int(title.split()[0].replace(",", "")): box for title, box in titled.items()}


def test_areas_are_parameters() -> None:
    drawn = squares(MODELS)
    for architecture, _ in MODELS:
        counts = parameters(architecture.root)
        for count in (counts.total, counts.active):
            box = drawn[count]
            assert box.width == box.height
            assert box.width * box.height == pytest.approx(TRILLION**2 * count / 1e12)


def test_towers_stand_on_their_day() -> None:
    texts = {t.spans[0].text: t.x for t in scale(MODELS).picture.shapes if isinstance(t, Text)}
    days = [heading.released for _, heading in MODELS if heading.released is not None]
    places = [texts[heading.name] for _, heading in MODELS]
    assert len(days) == len(places)
    # From 2024 on the axis has one scale.
    rate = (places[2] - places[0]) / (days[2] - days[0]).days
    for day, x in zip(days, places, strict=True):
        assert x - places[0] == pytest.approx(rate * (day - days[0]).days)


def test_widths_are_widths() -> None:
    shapes = scale([MODELS[1]]).picture.shapes
    left = next(t.x for t in shapes if isinstance(t, Text) and t.spans[0].text == "126")
    cells = [m for m in shapes if isinstance(m, Mark)]
    assert min(m.x for m in cells) == left
    assert max(m.x + m.width for m in cells) == left + 16_384 * WIDE / 8192


def test_height_is_layers() -> None:
    shapes = scale([MODELS[1]]).picture.shapes
    texts = {text.spans[0].text: text for text in shapes if isinstance(text, Text)}
    under, over = texts["Llama 3.1 405B"], texts["126"]
    assert under.y - 15 - (over.y + 5) == 126 * LAYER


def test_what_has_no_date_is_named_and_left_out() -> None:
    architecture, _ = MODELS[0]
    undated = (architecture, Heading(name="Undated 1B"))
    drawn = scale([MODELS[1], undated]).picture
    said = [text.spans[0].text for text in drawn.shapes if isinstance(text, Text)]
    assert "Without date or width: Undated 1B." in said
    assert faults(drawn) == faults(scale([undated]).picture) == ()


def test_models_of_one_day_stand_over_one_another() -> None:
    day = date(2026, 4, 1)
    crowd = [
        (a, replace(h, released=day, name=f"{h.name} {i}")) for i in range(4) for a, h in MODELS
    ]
    drawn = scale(crowd).picture
    assert faults(drawn) == ()
    texts = [t for t in drawn.shapes if isinstance(t, Text)]
    lefts = {t.x for t in texts for _, h in crowd if t.spans[0].text == h.name}
    assert len(lefts) == 1


def test_the_description_has_the_numbers() -> None:
    assert "2024-04-18 Llama 3 8B: 32 layers, 4,096 wide, 8.03B." in scale(MODELS).alone(
        outlined=False
    )
