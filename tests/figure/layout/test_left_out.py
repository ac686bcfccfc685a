"""What a page has no room for is named under it, and drawn where all is said."""

from __future__ import annotations

import re

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Text, flat
from tests.figure import generated
from tests.figure.gates import words
from tests.figure.test_generated import made_up
from tests.sample import dozen

LINE = re.compile(r"Not drawn here: the inside of (.*?)(?:; .*)?\.")


def texts(seed: int, detail: Detail) -> list[Text]:
    page = draw(made_up(seed), generated.heading(seed), detail=detail).picture
    return [shape for shape in flat(page) if isinstance(shape, Text)]


def titles(found: list[Text]) -> set[str]:
    """Of insets and of what leads, in small letters."""
    sized = [
        words(text)
        for text in found
        if text.size in (14, 15, 16, 17, 18) and text.role.endswith(".text")
    ]
    return {title.casefold() for title in sized if title}


@pytest.mark.parametrize("seed", [6, 50, 70, 112])
def test_it_is_named(seed: int) -> None:
    """Each name has no inset here, and one in the figure that says all, which leaves nothing out."""
    shown, whole = texts(seed, "standard"), texts(seed, "full")
    line = next(match for text in shown if (match := LINE.fullmatch(words(text))))
    for name in line[1].casefold().split(", "):
        assert name not in titles(shown)
        assert any(name in title for title in titles(whole))
    assert not any(words(text).startswith("Not drawn") for text in whole)


def test_figures_of_the_catalog_leave_nothing_out() -> None:
    for model in map(find, dozen()):
        page = draw(model.architecture, model.heading).picture
        assert not any(
            words(text).startswith("Not drawn") for text in flat(page) if isinstance(text, Text)
        )
