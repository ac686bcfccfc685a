"""A lesson that asks for a number or a drawing that isn't there is told so when lessons are loaded."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.concepts import CONCEPTS
from llm_gallery.lessons.lesson import lessons

FILE = "gated-deltanet/lesson.toml"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            'on = "qwen3-next-80b-a3b"',
            'on = "qwen3-next-80b-a3b"\ndrawn = "gated_deltnet"',
            "drawn is 'gated_deltnet', expected a panel of docs/lessons.md, or a kind that architecture/parts/ builds; "
            "the nearest is 'gated_deltanet'",
        ),
        (
            "has a matrix, the *state*, of {{ b.key_dim }}",
            "has a matrix, the *state*, of {{ m.widht }}",
            "a number of a model is 'widht', expected a number that docs/lessons.md names; the nearest is 'width'",
        ),
        (
            "has a matrix, the *state*, of {{ b.key_dim }}",
            "has a matrix, the *state*, of {{ block.key_dim }}",
            "a name in a text is 'block', expected one of m, b, undone, model, changed, x, at; the nearest is 'b'",
        ),
        (
            "(undone.cache - m.cache) | bytes",
            "(undone.cache - m.cache) | byte",
            "a filter is 'byte', expected one of bytes, all, short, flop, times, many, percent, int, round; "
            "the nearest is 'bytes'",
        ),
    ],
)
def test_a_placeholder_that_is_not_there_is_told_with_its_file(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    shutil.copytree(CONCEPTS / "gated-deltanet", tmp_path / "gated-deltanet")
    text = (tmp_path / FILE).read_text("utf-8")
    assert text.count(old) == 1, old
    (tmp_path / FILE).write_text(text.replace(old, new), "utf-8")
    with pytest.raises(Mistake) as caught:
        lessons(tmp_path)
    assert str(caught.value) == f"{FILE}: {told}"
