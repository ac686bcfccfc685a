"""Bytes and bytes a second as people write them: GB are 10^9, GiB 2^30."""

from __future__ import annotations

import re
from fractions import Fraction

from llm_gallery.architecture.refusal import Refusal, quoted

EXAMPLE_MEMORY, EXAMPLE_BANDWIDTH = "24GiB", "1008GB/s"
UNITS = {
    unit: power
    for place, letter in enumerate("MGTP", start=2)
    for unit, power in ((f"{letter}B", 10 ** (3 * place)), (f"{letter}iB", 2 ** (10 * place)))
}
"""Bytes of each unit."""
_BY_LETTERS = {letters: unit for unit in UNITS for letters in (unit, unit.lower(), unit.upper())}
"""Each unit by its own letters, or all of them small or large: "Gb" is none, for it may be bits."""
_NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(\.[0-9]{1,9})?"


def amount(word: str, what: str, example: str, *, a_second: bool = False) -> int:
    """The bytes that a word states, a part of a byte left out. Raises Refusal where it states none.

    `what` it is and an `example` of it stand in that refusal; with `a_second` it ends in "/s".
    """
    ending = r"\s*/\s*s(?:ec|econd)?" if a_second else ""
    found = re.fullmatch(rf"\s*{_NUMBER}\s*([A-Za-z]+){ending}\s*", word)
    unit = _BY_LETTERS.get(found[3]) if found else None
    bytes_ = 0
    if found and unit:
        bytes_ = int(Fraction(found[1].replace(",", "") + (found[2] or "")) * UNITS[unit])
    if not bytes_:
        units = ", ".join(unit + "/s" * a_second for unit in UNITS)
        raise Refusal(
            f"{what} is {quoted(word)}, expected a number and one of {units}; give {example}"
        )
    return bytes_
