"""What a lesson's page is made of: outlines, letters of the formula, areas to scale, marks of the dial."""

from __future__ import annotations

import re
from math import hypot

import pytest

from llm_gallery.catalog.load import entries
from llm_gallery.concepts import concepts
from llm_gallery.figure.kit.shapes import Bounds, Form
from llm_gallery.lessons import numbers
from llm_gallery.lessons.dial import counted_dial
from llm_gallery.lessons.dials import stated
from llm_gallery.lessons.drawn import Place
from llm_gallery.lessons.lesson import lessons
from llm_gallery.site.dial_view import dial_view
from llm_gallery.site.formula import formula
from llm_gallery.site.lesson_view import lesson_view
from llm_gallery.site.undone_view import SIDE, is_unchanged, scale, undone_numbers, words
from llm_gallery.site.veils import outline

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.mark.parametrize("form", ["narrowing", "widening"])
def test_the_ring_of_a_trapezoid_is_as_far_from_each_side(form: Form) -> None:
    """The slanted side of the ring is parallel to the box's, and so many px outside of it."""
    around = 3.0
    ring = outline(Place(Bounds(100, 50, 200, 76), form, 0), around)
    x = [float(n) for n in NUMBER.findall(ring)]
    corners = [*zip(x[::2], x[1::2], strict=True)]
    upper, lower = corners[0], corners[3]
    slope = (
        20 if form == "narrowing" else -20
    )  # a fifth of its width, from top to bottom to the left
    lean = slope / 26
    assert (upper[0] - lower[0]) / (lower[1] - upper[1]) == pytest.approx(lean, abs=0.01)
    side = 100 + max(slope, 0) - lean * (upper[1] - 50)  # where the box's side would be so high
    assert (side - upper[0]) / hypot(1, lean) == pytest.approx(around, abs=0.1)


def test_a_letter_of_the_formula_is_found_wherever_it_stands() -> None:
    made = formula("y_t = W x_t + x", ["x_t", "W, x", "y_t"])
    assert re.findall(r'<mrow data-sym="(\d)">', made) == ["3", "2", "1", "2"]
    inside = re.search(r'<mrow data-sym="1">(.*?)</mrow>', made)
    assert inside is not None
    assert "data-sym" not in inside[1]  # the x of x_t is no letter of its own


def test_areas_are_to_scale() -> None:
    """What is filled of the picture is the share that the numbers have."""
    shown = 0
    for lesson in lessons().values():
        made = scale(lesson)
        if made is None:
            continue
        shown += 1
        whole, left = (_area(picture) for picture in made.pictures)
        row = next(row for row in undone_numbers(lesson) if row.undone == made.undone)
        assert row.actual == made.actual
        undone, actual = (_count(lesson.id, row.title, changed) for changed in (True, False))
        assert left / whole == pytest.approx(actual / undone, rel=0.02), lesson.id
    assert shown > 10


def _count(concept: str, title: str, changed: bool) -> int:
    lesson = lessons()[concept]
    model = numbers.model(lesson.on, concept)
    if changed:
        undone = numbers.undone(lesson.on, concept)
        assert undone is not None
        model = undone
    counts = {
        "Cache for a token": lambda: model.cache,
        "at 32,768 tokens": lambda: model.kept(32_768),
        "Cache and state at 131,072 tokens": lambda: model.kept(131_072),
        "State, at any length": lambda: model.state,
        "Parameters stored": lambda: model.total,
        "Parameters run for a token": lambda: model.active,
        "Compute for a token at 131,072": lambda: model.flops(131_072),
        "Parameters beside the language model": lambda: model.beside,
    }
    return counts[title]()


def _area(picture: str) -> float:
    rows = re.findall(r"M0 [\d.]+h([\d.]+)v([\d.]+)H0z", picture)
    assert rows
    assert all(float(wide) <= SIDE for wide, _ in rows)
    return sum(float(wide) * float(high) for wide, high in rows)


def test_rows_are_heads() -> None:
    made = scale(lessons()["grouped-query-attention"])
    assert made is not None
    assert [picture.count("M0 ") for picture in made.pictures] == [64, 8]
    assert made.caption.endswith("as it is: 8 rows.")


def test_what_is_rounded_alike_differs_by_an_exact_number() -> None:
    """Sinks are 1,536 numbers of 20.9B; of experts that compute nothing, the most that runs is said."""
    rows = {row.title: row for row in undone_numbers(lessons()["attention-sinks"])}
    assert rows["Parameters stored"].undone == rows["Parameters stored"].actual == "20.9B"
    assert rows["Parameters stored"].change == "+1,536"
    rows = {row.title: row for row in undone_numbers(lessons()["identity-experts"])}
    run = rows["Parameters run for a token"]
    assert (run.undone[:8], run.actual[:8]) == ("4.91B", "at most ")


def test_what_stands_in_its_place_is_named() -> None:
    assert words(lessons()["swiglu"]) == "without the gate"
    assert words(lessons()["qk-norm"]) == "without it"
    assert words(lessons()["sparse-attention"]) == "if it attended to all"
    assert is_unchanged(lessons()["gelu"])
    assert not is_unchanged(lessons()["swiglu"])


def test_the_dial_names_the_models_that_have_a_value() -> None:
    lesson = lessons()["multi-head-latent-attention"]
    assert lesson.dial is not None
    models = [e for e in entries() if "kv_lora_rank" in str(e.config)]
    shown = dial_view(counted_dial(lesson, lesson.dial), "without it", models)
    for place in shown.places:
        value = int(place.value.replace(",", ""))
        having = [
            e.name
            for e in models
            if stated(e.config, "kv_lora_rank")
            in (("kv_lora_rank", value), ("text_config.kv_lora_rank", value))
        ]
        assert bool(place.having) == bool(having)
        assert all(
            name in having or name.endswith(" more")
            for name in re.split(r", | and ", place.having)
            if name
        )
    assert shown.own.having


def test_the_end_of_a_tensors_name_is_no_letter() -> None:
    """PolyNorm's weights are a letter; the weight of a matrix beside them isn't, and the bias is where it is a name."""
    lesson = lesson_view(concepts()["polynorm"], [], {})
    marked = {
        word: [line.html for line in lesson.code if f">{word}</span>" in line.html]
        for word in ("weight", "bias")
    }
    assert marked["weight"] == []
    assert [line.count("<span") for line in marked["bias"]] == [1, 1]


def test_what_reads_a_text_whole_is_set_against_one_way_by_its_steps() -> None:
    """It keeps nothing, and pays for that with each step: as many times as much as the text has tokens."""
    lesson = lessons()["bidirectional-attention"]
    rows = {row.title: row for row in undone_numbers(lesson)}
    assert (rows["Cache for a token"].actual, rows["Cache for a token"].change) == ("0 B", "none")
    step = rows["Compute for a step, of 4,096 tokens"]
    assert step.change == "× 4,096"
    assert scale(lesson) is None  # no area shows nothing
    for name in ("sliding-window-attention", "block-sparse-attention"):
        assert "Compute for a step, of 4,096 tokens" not in {
            row.title for row in undone_numbers(lessons()[name])
        }
