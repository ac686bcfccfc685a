"""A difference in the sentences that people would write."""

from __future__ import annotations

import re
from collections.abc import Sequence

from llm_gallery.analysis.units import binary, gigaflop, grouped, short
from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.facts import Value
from llm_gallery.comparison.phrases import listed, shown
from llm_gallery.comparison.phrases import spoken as said
from llm_gallery.comparison.portrait import Portrait

FAR = 6.0
"""Weight of causes from which on a model is no longer said to be the other with changes."""
NEAR = 1.0
"""Weight of causes below which sizes are said first."""
FEW = 3
"""Sizes that are said in words; more of them stand as a list of numbers."""
MOST = 12
"""Causes that are said; of more, the least are only counted."""
TAIL = ("vocabulary", "context")
PAIRS = (
    "queries and keys", "keys and values", "attention and MLP", "before and after", "query and key",
)  # fmt: skip
"""What everybody reads as one."""
PLACED = re.compile(
    r" in ([\w,]+ layers? of [\w,]+|[\d,]+ of [\d,]+ layers|the [\w ]+ layers?|some layers)$"
)
"""Words that end in saying which layers they hold for."""

CACHE = "cache_bytes_per_token"
LONG = "cache_bytes_per_token_long"
"""Another number than `CACHE` only where there are windows."""
LABELS = {
    "total": "parameters",
    "active": "active per token",
    "cache_bytes_per_token": "cache per token",
    "cache_bytes_per_token_long": "cache per token once windows are full",
    "state_bytes": "state",
    "flops_per_token": "compute per token at 32K",
}
"""The consequences in words."""


def sentences(old: Portrait, new: Portrait, found: Sequence[Change]) -> tuple[str, ...]:
    """What changed, then what follows from it; none for a model and itself."""
    if old.id == new.id and not found:
        return ()
    if not found:
        return (f"{new.name} has {old.name}'s architecture, number for number.",)
    return (_design(old, new, found), _consequences(old, new))


def _design(old: Portrait, new: Portrait, found: Sequence[Change]) -> str:
    causes = [change for change in found if change.level == "cause"]
    sizes = [change for change in found if change.level == "scale" and change.key not in TAIL]
    tail = [change for change in found if change.level == "scale" and change.key in TAIL]
    settings = [change for change in found if change.level == "setting"]
    weight = sum(change.weight for change in causes)
    aloud = len(sizes) <= FEW and weight < FAR
    spoken = once(sizes) if aloud else []
    listing = list(dict.fromkeys(_numbers(change) for change in ([] if aloud else sizes)))
    listing += [_numbers(change) for change in tail]
    words = once(causes)
    if "no positions" in words:  # then no mechanism needs to say so
        words = [one.replace(" without positions", "") for one in words]
    more = len(words) - MOST
    if more > 1:
        words = words[:MOST]
        spoken.append(f"{said(more)} smaller changes")
    body = [*spoken, *words] if weight < NEAR else [*words, *spoken]
    if not body and not listing:
        return f"{new.name} is {old.name} with {listed(once(settings))}."
    if not body:
        return f"{new.name} is {old.name} at another size: {', '.join(listing)}."
    end = f"; {', '.join(listing)}." if listing else "."
    if weight >= FAR:
        return f"{new.name} is a different design from {old.name}: {_phrased(body)}{end}"
    return f"{new.name} is {old.name} with {_phrased(body)}{end}"


def _phrased(phrases: Sequence[str]) -> str:
    """What is there, then what isn't: "a and b, but no c or d"."""
    gone = [part for words in phrases if _absent(words) for part in words.split(" and no ")]
    absent = [words.removeprefix("no ") for words in gone]
    present = [words for words in phrases if not _absent(words)]
    if not present:
        return f"no {listed(absent, 'or')}"
    without = f", but no {listed(absent, 'or')}" if absent else ""
    apart = ", and" if any(map(_compound, present[:-1])) else "and"
    return listed(present, apart) + without


def _compound(words: str) -> bool:
    """Whether an "and" inside could be read as that of the list."""
    for pair in PAIRS:
        words = words.replace(pair, "")
    return " and " in words


def _absent(words: str) -> bool:
    """Whether a thing is gone; "no positions in one layer of four" is there."""
    return words.startswith("no ") and not PLACED.search(words)


def _numbers(change: Change) -> str:
    where = f" {change.part}" if change.part else ""
    return f"{change.label}{where} {shown(_sizes(change.old))} → {shown(_sizes(change.new))}"


def _sizes(value: Value) -> Value:
    """Without the layers that have no such thing."""
    if not isinstance(value, tuple):
        return value
    held = tuple(one for one in value if one is not None)
    return held[0] if len(held) == 1 else held


def _consequences(old: Portrait, new: Portrait) -> str:
    """What follows, in one sentence: what changed, then what is the same."""
    before, after = old.consequences, new.consequences
    sparse = old.sparse or new.sparse
    limited = any(one[CACHE] != one[LONG] for one in (before, after))
    caches = [CACHE, *([LONG] if limited else [])]
    names = ["total", *(["active"] if sparse else []), *caches, "state_bytes"]
    names = [name for name in names if before[name] or after[name]]
    changed = [_became(name, old, new) for name in names if before[name] != after[name]]
    same = [f"{LABELS[name]} ({told(name, new)})" for name in names if before[name] == after[name]]
    if same:
        changed.append(f"the same {listed(same)}")
    words = "; ".join(changed)
    return f"{words[0].upper()}{words[1:]}."


def _became(name: str, old: Portrait, new: Portrait) -> str:
    words = tuple(told(name, one) for one in (old, new))
    if words[0] == words[1]:
        words = tuple(grouped(one.consequences[name]) for one in (old, new))
    return f"{LABELS[name]} {words[0]} → {words[1]}"


def told(name: str, model: Portrait) -> str:
    """A consequence of a model as it is shown, with "at most" where tokens differ."""
    if name == "active":
        return model.counts.active_words
    return amount(name, model.consequences[name])


def amount(name: str, count: int) -> str:
    """A consequence as it is shown: 671.03B, 68.6 KiB, 236.99 GFLOP."""
    if not count:
        return "none"
    if "flops" in name:
        return gigaflop(count)
    return binary(count) if "bytes" in name else short(count)
