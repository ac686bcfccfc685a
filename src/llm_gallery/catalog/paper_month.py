"""The month of a paper, which the number of an arXiv address holds."""

from __future__ import annotations

import re
from datetime import date

_ARXIV = re.compile(r"^https://arxiv\.org/(?:abs|pdf|html)/(\d\d)(\d\d)\.\d{4,5}(?:v\d+)?$")


def month(link: str) -> date | None:
    """The first day of the month in which a paper came to arXiv; None for an address elsewhere."""
    match = _ARXIV.match(link)
    return None if match is None else date(2000 + int(match[1]), int(match[2]), 1)
