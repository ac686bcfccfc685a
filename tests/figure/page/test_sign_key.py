"""The key under a figure: every sign that is drawn is in it, and none that isn't."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit import accent
from llm_gallery.figure.kit.blocks import Sheet, matrix, pill, trapezoid
from llm_gallery.figure.kit.shapes import Box, Picture, Text, flat
from llm_gallery.figure.kit.signs import chip, drum, operation, sized_drum
from llm_gallery.figure.lead.drums import vessel
from llm_gallery.figure.page.sign_key import SIGNS, every, key, signs_in
from llm_gallery.figure.sheets.sign_list import SIGNS as LISTED
from tests.figure.gates import faults, words
from tests.sample import sampled


def parted(page: Picture) -> tuple[Picture, Picture]:
    """A page without its key, and the key."""
    *rest, (_, last) = page.inside
    return Picture(
        width=page.width, height=page.height, shapes=page.shapes, inside=tuple(rest)
    ), last


@pytest.mark.parametrize("name", sampled())
@pytest.mark.parametrize("detail", ["standard", "column", "phone", "full"])
def test_every_sign_is_in_the_key(name: str, detail: Detail) -> None:
    model = find(name)
    page, shown = parted(draw(model.architecture, model.heading, detail=detail).picture)
    said = [words(shape) for shape in shown.shapes if isinstance(shape, Text)]
    meant = list(dict.fromkeys(sign.meaning for sign in signs_in(flat(page))))
    assert [text for text in said if text not in ("", accent.NEW, "1")] == meant
    drawn = {sign.meaning for sign in signs_in(shown.shapes)}
    assert drawn == set(meant)
    if detail in ("standard", "full"):
        (line,) = {round(s.y, 1) for s in shown.shapes if isinstance(s, Text) and words(s) in meant}
        assert line


def test_each_sign_is_known_by_its_look() -> None:
    """What the kit draws is recognised at any size, and each sign of the key is drawn as itself."""
    made: dict[str, list[object]] = {
        "add": [*operation(0, 0, "+").shapes, *operation(0, 0, "+", radius=8.5).shapes],
        "multiply": [*operation(0, 0, "×").shapes],
        "subtract": [*operation(0, 0, "−").shapes],
        "kept": [drum(0, 0), sized_drum(0, 0, 30, None, "ink"), vessel(0, 9, 40, "paper", "ink")],
        "norm, gate": [pill(0, 0, "RMSNorm").box],
        "weights": [matrix(0, 0, "q", "→ 5", "full").box],
        "new width": [trapezoid(0, 0, "→ 5", "latent", narrowing=True).box],
        "number": [chip(0, 0, "× 2").box],
        "by turns": [Box(0, 0, 9, 9, dashed=True, open=True)],
    }
    for meaning, shapes in made.items():
        for shape in shapes:
            if isinstance(shape, Box) and shape.form == "circle":
                continue
            assert [sign.meaning for sign in SIGNS if sign.is_seen(shape)] == [meaning]  # type: ignore[arg-type]
    for sign in SIGNS:
        sheet = Sheet()
        sign.draw(sheet, 0, 20)
        assert any(map(sign.is_seen, every(sheet)))


def test_all_signs_fit_one_line() -> None:
    sheet = Sheet()
    for index, sign in enumerate(SIGNS):
        sign.draw(sheet, 0, 40.0 * index)
    line = key(every(sheet), 1120)
    assert line.height == 16
    assert faults(line) == ()


def test_the_legend_explains_them_too() -> None:
    """The sheet of all signs has those that only a page has."""
    names = " ".join(f"{sign.name} {sign.meaning}" for sign in LISTED)
    for word in ("NEW", "Leader", "number"):
        assert word in names
