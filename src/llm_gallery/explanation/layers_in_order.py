"""In which order a token meets blocks that layers have by turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from llm_gallery.architecture.repeats import equal_runs, fold
from llm_gallery.comparison.phrases import count_word, listed

MOST = 3
"""Blocks that are named; of more, the rest are only counted."""


def in_order(names: Sequence[str | None], glue: str) -> str:
    """ "three A layers to one of B, 12 times", "the first 3 have A, the other 58 have B", "36 have A and 12 have B".

    One name a layer, first to last, None where a layer has no such block; `glue` joins a number and a name
    where a unit repeats. Nothing is said where all layers have the same.
    """
    found = list(dict.fromkeys(names))
    if len(found) < 2:
        return ""
    runs = fold([found.index(name) for name in names])
    if None not in found and len(runs) == 1 and runs[0].times > 1:
        groups = equal_runs(runs[0].unit)
        if len(groups) <= MOST:
            one_each = all(group.times == 1 for group in groups)
            counts = ("" if one_each else f"{count_word(g.times)} {glue} " for g in groups)
            unit = [f"{n}{found[g.unit[0]]}" for n, g in zip(counts, groups, strict=True)]
            ratio = len(groups) == 2 and not one_each and groups[0].times > groups[1].times
            if ratio and glue == "of":
                unit[0] = f"{count_word(groups[0].times)} {found[groups[0].unit[0]]} layers"
            return f"{(' to ' if ratio else ', then ').join(unit)}, {often(runs[0].times)}"
    plain = equal_runs([found.index(name) for name in names])
    if len(plain) == 2 and None not in found:
        (first, many), (second, rest) = ((found[run.unit[0]], run.times) for run in plain)
        start = "the first has" if many == 1 else f"the first {many:,} have"
        end = "the last has" if rest == 1 else f"the other {rest:,} have"
        return f"{start} {first}, {end} {second}"
    return listed(list(_counted(Counter(names))))


def often(times: int) -> str:
    """How many times, in a word where there is one."""
    return "twice" if times == 2 else f"{times:,} times"


def _counted(counts: Mapping[str | None, int]) -> Iterator[str]:
    """How many layers have each, the most frequent first; those that have none of them aren't said."""
    ranked = sorted(((name, n) for name, n in counts.items() if name), key=lambda row: -row[1])
    shown = ranked if len(ranked) <= MOST + 2 else ranked[:MOST]
    for name, count in shown:
        yield f"{count:,} {'has' if count == 1 else 'have'} {name}"
    rest = sum(count for _, count in ranked[len(shown) :])
    if rest:
        yield f"{rest:,} have others"
