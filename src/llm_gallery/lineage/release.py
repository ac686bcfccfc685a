"""Which models came out together: one house, one series, and a day, or one number within five weeks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.series import series, series_name

DAYS = 35
"""After its first model, how long a release of one number goes on: Gemma 2 2B came five weeks after 27B, in one report."""
_NUMBER = re.compile(r"\W?[Vv]?(\d+(?:\.\d+)*(?:-[A-Za-z]+)*)(?![\d.]*[BMTx])")
"""What counts a series in a name, right behind it, and what hangs on that: "3.5" of "Qwen3.5 27B", "3-Coder" of
"Qwen3-Coder 30B-A3B"; "Llama 65B" has a size there."""


@dataclass
class _Release:
    house: str
    series: str
    first: date
    numbers: set[str]
    members: list[str] = field(default_factory=list)


def releases(chronological: Sequence[Member]) -> Mapping[str, tuple[str, ...]]:
    """Of each model those of its release, itself among them, oldest first."""
    releases: list[_Release] = []
    for member in chronological:
        home = next((release for release in releases if _holds(release, member)), None)
        if home is None:
            home = _Release(member.house, series(member), member.released, set())
            releases.append(home)
        home.numbers.add(_number(member))
        home.members.append(member.id)
    return {model: tuple(release.members) for release in releases for model in release.members}


def _holds(release: _Release, member: Member) -> bool:
    if (release.house, release.series) != (member.house, series(member)):
        return False
    days = (member.released - release.first).days
    number = _number(member)
    return days == 0 or (0 < days <= DAYS and bool(number) and number in release.numbers)


def _number(member: Member) -> str:
    match = _NUMBER.match(member.name.removeprefix(series_name(member)))
    return match[1] if match else ""
