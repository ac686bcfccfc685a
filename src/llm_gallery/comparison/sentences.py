"""A difference in the sentences that people would write."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import inf

from llm_gallery.analysis.units import binary, gigaflop, grouped, short
from llm_gallery.comparison.block_facts import Value
from llm_gallery.comparison.change import Change, once
from llm_gallery.comparison.phrases import count_word, listed, plain_text
from llm_gallery.comparison.profile import LENGTH, Profile
from llm_gallery.mechanisms.written import NO_POSITIONS, WITHOUT_POSITIONS

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
    "flops_per_token": f"compute per token at {LENGTH >> 10}K",
}
"""The consequences in words."""
CAME = {
    CACHE: "a cache of {} per token is new",
    LONG: "the cache no longer stops growing ({} per token in long texts)",
    "state_bytes": "a state of {} is new",
}
WENT = {
    CACHE: "no cache any more ({} per token before)",
    LONG: "the cache stops growing once windows are full ({} per token before)",
    "state_bytes": "no state any more ({} before)",
}
"""What only the newer model has, and what only the older one had."""
MATERIAL = 1.5
"""A ratio of computes from which on it is said."""


def sentences(old: Profile, new: Profile, changes: Sequence[Change]) -> tuple[str, ...]:
    """What changed, then what follows from it; none for a model and itself."""
    if old.id == new.id and not changes:
        return ()
    if not changes:
        return (f"{new.name} has {old.name}'s architecture, number for number.",)
    return (_design(old, new, changes), _consequences(old, new))


def _design(old: Profile, new: Profile, changes: Sequence[Change]) -> str:
    causes = [change for change in changes if change.level == "cause"]
    sizes = [change for change in changes if change.level == "scale" and _resized(change)]
    tail = [change for change in changes if change.level == "scale" and change.key in TAIL]
    settings = [change for change in changes if change.level == "setting"]
    weight = sum(change.weight for change in causes)
    aloud = len(sizes) <= FEW and weight < FAR
    spoken = once(sizes) if aloud else []
    listing = list(dict.fromkeys(_numbers(change) for change in ([] if aloud else sizes)))
    listing += [_numbers(change) for change in tail]
    words = once(causes)
    if NO_POSITIONS in words:  # then no mechanism needs to say so
        words = [one.replace(f" {WITHOUT_POSITIONS}", "") for one in words]
    more = len(words) - MOST
    if more > 1:
        words = words[:MOST]
        spoken.append(f"{count_word(more)} smaller changes")
    body = [*spoken, *words] if weight < NEAR else [*words, *spoken]
    if not body and not sizes:
        return f"{new.name} is {old.name} with {listed(once(tail or settings))}."
    if not body:
        return f"{new.name} is {old.name} at another size: {', '.join(listing)}."
    end = f"; {', '.join(listing)}." if listing else "."
    if weight >= FAR:
        return f"{new.name} is a different design from {old.name}: {phrased(body)}{end}"
    return f"{new.name} is {old.name} with {phrased(body)}{end}"


def phrased(phrases: Sequence[str]) -> str:
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
    return (
        f"{change.label}{where} {plain_text(_sizes(change.old))} → {plain_text(_sizes(change.new))}"
    )


def _resized(change: Change) -> bool:
    """Whether a size of the design changed, and not only which layers have it."""
    return change.key not in TAIL and _sizes(change.old) != _sizes(change.new)


def _sizes(value: Value) -> Value:
    """Without the layers that have no such thing."""
    if not isinstance(value, tuple):
        return value
    stated = tuple(one for one in value if one is not None)
    return stated[0] if len(stated) == 1 else stated


def _consequences(old: Profile, new: Profile) -> str:
    """What follows, in one sentence: what changed, then what is the same."""
    before, after = old.consequences, new.consequences
    sparse = old.sparse or new.sparse
    names = ["total", *(["active"] if sparse else []), *_caches(before, after), "state_bytes"]
    changed = [_became(name, old, new) for name in names if before[name] != after[name]]
    changed += _computed(old, new)
    same = [
        f"{LABELS[name]} ({consequence_words(name, new)})"
        for name in names
        if before[name] == after[name] != 0
    ]
    if same:
        changed.append(f"the same {listed(same)}")
    words = "; ".join(changed)
    return f"{words[0].upper()}{words[1:]}."


def _caches(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    """The cache, and its growth once windows are full where a model that has one has windows."""
    yield CACHE
    caching = [one for one in (before, after) if one[CACHE]]
    if len(caching) == 2 and any(one[CACHE] != one[LONG] for one in caching):
        yield LONG


def _computed(old: Profile, new: Profile) -> Iterator[str]:
    """The compute at the least length that both models reach and at which it says something of its own.

    It does where it differs by `MATERIAL` or more, and as much from what active parameters make of it.
    """
    active = _ratio(old.consequences["active"], new.consequences["active"])
    reach = min(_reach(old), _reach(new))
    for length, before in old.compute.items():
        ratio = _ratio(before, new.compute[length])
        if length <= reach and _material(ratio) and _material(ratio / active):
            amounts = before, new.compute[length]
            words = [amount("flops_per_token", one) for one in amounts]
            yield f"compute per token at {_binary(length)} {_arrow((words[0], words[1]), amounts)}"
            return


def _ratio(old: int, new: int) -> float:
    return max(new, 1) / max(old, 1)


def _reach(profile: Profile) -> float:
    """The longest context that a model states, or none."""
    context = profile.traits.get("context")
    return context if isinstance(context, int) else inf


def _material(ratio: float) -> bool:
    return not 1 / MATERIAL < ratio < MATERIAL


def _became(name: str, old: Profile, new: Profile) -> str:
    """ "cache per token 68.6 KiB → 83.9 KiB"; what only one of the models has came or went."""
    before, after = old.consequences[name], new.consequences[name]
    if not before or not after:
        came = new if after else old
        return (CAME if after else WENT)[name].format(consequence_words(name, came))
    words = consequence_words(name, old), consequence_words(name, new)
    return f"{LABELS[name]} {_arrow(words, (before, after))}"


def _arrow(words: tuple[str, str], amounts: tuple[int, int]) -> str:
    """Both amounts, in all digits where fewer would hide that they differ."""
    first, second = words if words[0] != words[1] else map(grouped, amounts)
    return f"{first} → {second}"


def _binary(length: int) -> str:
    return f"{length >> 10}K" if length < 1 << 20 else f"{length >> 20}M"


def consequence_words(name: str, model: Profile) -> str:
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
