"""Widths of Nunito, the plain font that Excalidraw brings along: no font of ours is there."""

from __future__ import annotations

from functools import lru_cache

from llm_gallery.figure.kit.scene import SPARE
from llm_gallery.figure.kit.text import steps

FONT, LEADING, RISE = 6, 1.35, 1.004
"""Its number in Excalidraw, the height of its lines and of their baseline, in ems."""
_ASCII = (
    261, 233, 405, 600, 600, 933, 701, 226, 326, 326, 451, 600, 233, 427, 233, 290,
    600, 600, 600, 600, 600, 600, 600, 600, 600, 600, 233, 233, 600, 600, 600, 447,
    947, 733, 679, 675, 747, 586, 551, 729, 764, 262, 331, 634, 548, 858, 741, 771,
    637, 771, 673, 618, 607, 731, 694, 1104, 655, 601, 593, 324, 290, 324, 600, 500,
    361, 533, 587, 465, 587, 534, 340, 590, 572, 237, 241, 508, 301, 861, 572, 560,
    587, 587, 365, 483, 358, 565, 518, 844, 530, 517, 466, 361, 270, 361, 600,
)  # fmt: skip
_ADVANCES = {chr(32 + n): advance for n, advance in enumerate(_ASCII)} | {
    "×": 600, "·": 233, "−": 600, "÷": 600, "±": 600, "²": 380, "…": 700, "’": 233,
}  # fmt: skip
"""Thousandths of an em; `tests/audit` compares them with the font."""


@lru_cache(maxsize=1 << 14)
def ems(text: str) -> float:
    """How wide a text is, in ems; a sign that the font lacks is as wide as in ours."""
    each = (_ADVANCES.get(sign, ours) for sign, _, ours in steps(text, "500", False))
    return sum(each) / 1000


def fitted(text: str, size: float, room: float) -> float:
    """The size at which a text takes no more room than it has."""
    wide = ems(text)
    return size if wide * size <= room + SPARE * size else room / (wide - SPARE)
