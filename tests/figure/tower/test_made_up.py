"""Towers of made-up models, in every format: the gates hold for them too."""

from __future__ import annotations

import pytest

from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.pages import PAGES
from tests.figure import generated
from tests.figure.test_generated import made_up
from tests.figure.tower.drawn_gates import all_faults
from tests.sample import first

SEEDS, SHARE = range(5000), 25


@pytest.mark.parametrize("start", first(SEEDS[::SHARE], (0,), {*SEEDS[100::SHARE]}))
def test_towers(start: int) -> None:
    found = {seed: faults for seed in SEEDS[start : start + SHARE] if (faults := held(seed))}
    assert found == {}


def held(seed: int) -> tuple[str, ...]:
    """The faults of one, with its format before each."""
    made = tower(made_up(seed), generated.heading(seed))
    return tuple(
        f"{form}: {fault}"
        for form, draw_form in PAGES.items()
        for fault in all_faults(draw_form(made), form)
    )
