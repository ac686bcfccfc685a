"""What stands in frames of its own, how frames are called, and where their connectors lead."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Line, Text, flat
from llm_gallery.figure.plan.planning import plan


def frames(name: str) -> list[tuple[str, int]]:
    held = plan(find(name).architecture.root).frames
    return [(frame.title, len(frame.layers)) for frame in held]


def words(name: str) -> list[str]:
    model = find(name)
    shapes = flat(draw(model.architecture, model.heading).picture)
    return ["".join(s.text for s in shape.spans) for shape in shapes if isinstance(shape, Text)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("gemma-4-e2b", [("Own keys and values", 15), ("Shared keys and values", 20)]),
        ("deepseek-v3", [("Dense layer", 3), ("Expert layer", 58)]),
        (
            "deepseek-v4.1-flash",
            [
                ("Window attention + experts", 1),
                ("Window attention + experts + n-grams", 1),
                ("Compressed sparse attention + experts", 37),
                ("Sparse, 2 : 1 + experts + n-grams", 1),
            ],
        ),
    ],
)
def test_frames_are_told_apart(name: str, expected: list[tuple[str, int]]) -> None:
    assert frames(name) == expected


def test_rows_say_what_layers_of_a_frame_borrow() -> None:
    said = words("deepseek-v4.1-flash")
    for row in ("Sparse, 2 : 1", "Taken over, 2 : 1", "Sparse, 1 : 1", "Chosen again, 1 : 1"):
        assert said.count(row) == 1


def test_later_frames_of_three_say_only_what_differs() -> None:
    said = words("mimo-v2-flash")
    assert said.count("query heads") == 1
    assert said.count("key, value heads") == 2


def test_an_expert_is_drawn_where_nothing_else_shows_an_mlp() -> None:
    assert {"One expert", "at most 7", "± 7", "x σ(1.702 x)", "+ 1"} <= set(words("gpt-oss-20b"))
    assert "One expert" not in words("deepseek-v3")


@pytest.mark.parametrize("name", ["deepseek-v4.1-flash", "gemma-4-e2b", "qwen3-next-80b-a3b"])
def test_frames_in_any_number_of_rows_are_joined_to_insets(name: str) -> None:
    model = find(name)
    shapes = flat(draw(model.architecture, model.heading).picture)
    roles = {s.role for s in shapes if isinstance(s, Line) and s.kind == "connector"}
    assert len(roles) >= 2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "deepseek-v4-flash",
            {"window": False, "sparse, 4 : 1": True, "compressed, 128 : 1": False},
        ),
        ("deepseek-v4-pro", {"sparse, 4 : 1": True, "compressed, 128 : 1": False}),
        ("minimax-m3-428b", {"attention": False, "sparse": True}),
        ("glm-5.2", {"sparse": False, "shared index": False}),
    ],
)
def test_what_chooses_is_an_outline_beside_what_reads_all(
    name: str, expected: dict[str, bool]
) -> None:
    looks = plan(find(name).architecture.root).looks
    assert {look.token: look.hollow for look in looks} == expected
