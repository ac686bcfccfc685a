"""How a lesson's numbers are written: rounded, as bytes, as a share, with their noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.analysis.units import binary, grouped

_SHORT = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


def rounded(number: float) -> str:
    """Three significant digits and a unit: 671B, 1.03T; small numbers whole."""
    for unit, name in _SHORT:
        if float(f"{number / unit:.3g}") >= 1:
            return f"{float(f'{number / unit:.3g}'):g}{name}"
    return f"{number:.3g}"


def ratio(number: float) -> str:
    """How many times: 71, 2.5, 0.4."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def percent(part: float) -> str:
    """A share: 0.0123 is 1.2%."""
    return f"{100 * part:.0f}%" if part >= 0.1 else f"{100 * part:.2g}%"


def many(number: float, noun: str) -> str:
    """A number with its noun: 1 head, 1.8 heads."""
    words = grouped(int(number)) if float(number).is_integer() else ratio(number)
    return f"{words} {noun}" + ("" if words == "1" else "s")


FILTERS: Mapping[str, Callable[..., str]] = {
    "bytes": lambda number: binary(int(number)),
    "all": lambda number: grouped(int(number)),
    "short": rounded,
    "flop": lambda number: _flop(number),
    "times": ratio,
    "many": many,
    "percent": percent,
}
"""`bytes` 68.6 KiB, `all` 7,168, `short` 671B, `flop` 75 GFLOP, `times` 71, `percent` 1.2%, `many("head")` 1 head."""


def _flop(number: float) -> str:
    units = {"K": "k", "M": "M", "B": "G", "T": "T"}
    text = rounded(number)
    return f"{text[:-1]} {units[text[-1]]}FLOP" if text[-1] in units else f"{text} FLOP"
