"""Which picture of a lesson moves: what its file names, or a mistake that says where and what else there is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.mistake import Mistake
from llm_gallery.lessons.lesson import Moving, lessons
from llm_gallery.site.moving import FORMS, PICTURES, moving_picture


def test_each_picture_and_form_has_a_lesson() -> None:
    shown = [lesson.moving for lesson in lessons().values() if lesson.moving is not None]
    named = {(moving.picture, moving.form) for moving in shown}
    assert named == {(p, form) for p in PICTURES for form in FORMS.get(p, ("",))}


@pytest.mark.parametrize(
    ("moving", "said"),
    [
        (Moving(picture="pair"), "picture is 'pair', expected "),
        (Moving(picture="masks", form="stretch"), "form is 'stretch', expected one of window, "),
        (Moving(picture="drafts", form="sink"), "form is 'sink', expected "),
    ],
)
def test_a_wrong_name_says_where_it_stands(moving: Moving, said: str) -> None:
    with pytest.raises(Mistake) as caught:
        moving_picture(replace(lessons()["rope"], moving=moving))
    assert said in str(caught.value)
    assert "rope/lesson.toml" in str(caught.value)


def test_a_lesson_without_one_has_none() -> None:
    assert moving_picture(replace(lessons()["rope"], moving=None)) is None
