"""In which part of the bound real runs lie: quantiles of what was measured over the bound, by dense and mixture.

They stand in a generated file, since a command can't wait for the bounds of all runs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import NamedTuple

from llm_gallery.engines.bound import band

FILE = Path(__file__).parent / "measured_bands.toml"
DIGITS = 4
"""Digits behind the point of a quantile in the file."""
DENSE, MIXTURE = "dense", "mixture"


class Band(NamedTuple):
    """In which part of the bound some runs lie: half of them between the quarters, nine of ten between low and high."""

    runs: int
    low: Fraction  # the quantile 0.05
    quarter: Fraction
    median: Fraction
    three_quarters: Fraction
    high: Fraction  # 0.95

    def of(self, bound: Fraction) -> tuple[Fraction, Fraction]:
        """Between which speeds half of such runs would be under a bound."""
        return bound * self.quarter, bound * self.three_quarters


@cache
def bands() -> Mapping[str, Band]:
    """The bands of dense models and of mixtures of experts."""
    table = tomllib.loads(FILE.read_text("utf-8"), parse_float=Fraction)
    return {
        name: Band(held["runs"], *map(Fraction, held["quantiles"])) for name, held in table.items()
    }


def band_of(ratios: Iterable[Fraction]) -> Band:
    """The band of runs with these parts of their bounds, of which there is at least one."""
    known = list(ratios)
    return Band(len(known), *band(known))


def text(found: Mapping[str, Band]) -> str:
    """Bands as the file holds them."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Band]) -> Iterator[str]:
    for name, held in found.items():
        shown = ", ".join(f"{float(round(share, DIGITS))}" for share in held[1:])
        yield from (f"[{name}]", f"runs = {held.runs}", f"quantiles = [{shown}]")
