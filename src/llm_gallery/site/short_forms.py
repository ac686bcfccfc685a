"""The site's own short forms: counts for cards, dates, shares, addresses, and lists of layers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

_SHORT = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))
_FLOP = {"": "", "K": "k", "M": "M", "B": "G", "T": "T"}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def count(number: int) -> str:
    """Three significant digits: 79.7B, 1.03T, 596M; small numbers whole."""
    for unit, name in _SHORT:
        rounded = float(f"{number / unit:.3g}")
        if rounded >= 1:
            return f"{rounded:g}{name}"
    return str(number)


def many(number: int, noun: str) -> str:
    """A count with its noun: 1 model, 151 models."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def flop(number: int) -> str:
    """Operations in the units of machines: 7.24 GFLOP, 1.2 TFLOP."""
    return re.sub(r"(?<=\d)([KMBT]?)$", lambda unit: f" {_FLOP[unit[1]]}FLOP", count(number))


def day(when: date) -> str:
    """9 Sep 2025."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def share(part: int, whole: int) -> str:
    """A part of a whole as a percentage; what is there is never shown as 0."""
    if part == 0 or whole == 0:
        return "none"
    percent = 100 * part / whole
    return "< 0.1%" if percent < 0.05 else f"{percent:.1f}%"


def slug(text: str) -> str:
    """A name as it may stand in an address or an attribute: "Z.ai" is "z-ai"."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def ranges(numbers: Sequence[int]) -> str:
    """Ascending integers in short: "0-2", "3, 7 … 47", "0, 4-7"; a step needs three of a kind."""
    pieces: list[str] = []
    start = 0
    while start < len(numbers):
        end = _run(numbers, start)
        step = numbers[start + 1] - numbers[start] if end > start else 1
        if step > 1 and end - start < 2:
            end = start
        pieces.append(_piece(numbers[start], numbers[end], step))
        start = end + 1
    return ", ".join(pieces)


def _run(numbers: Sequence[int], start: int) -> int:
    """The end of the longest run of equal steps that begins there."""
    end = min(start + 1, len(numbers) - 1)
    step = numbers[end] - numbers[start]
    while end + 1 < len(numbers) and numbers[end + 1] - numbers[end] == step:
        end += 1
    return end


def _piece(first: int, last: int, step: int) -> str:
    if first == last:
        return str(first)
    return f"{first}-{last}" if step == 1 else f"{first}, {first + step} … {last}"
