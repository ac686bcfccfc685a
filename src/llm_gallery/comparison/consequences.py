"""Consequences of a difference: parameters, cache, state and compute, and which of them the change is for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import inf, log2
from typing import NamedTuple

from llm_gallery.analysis.units import binary, gigaflop, grouped, short
from llm_gallery.comparison.change import Change
from llm_gallery.comparison.profile import LENGTH, Part, Profile

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
NOTABLE = 1.02
"""A ratio of counts or bytes from which on it is said."""
SCALED = 1.5
"""A ratio of parameters, all or active, from which on they are always said."""
ALIKE = 2.0
"""Doublings of parameters up to which two models are about as large."""
SPARSE = ("channel_mixer.mechanism", "channel_mixer.moe")
"""Keys of changes that make a model sparse or dense."""
KEEPING = ("window", "chunk", "sharing", "shared_kv", "unified_kv", "shared_stream")
"""Facts that decide what is kept."""
CHOOSING = ("indexer", "shared_index", "shared_stream")
"""Facts of attention that doesn't read all that it could."""


class Follow(NamedTuple):
    """A consequence in words, and how much it is what the change is for: from 3 on it gives way to no cause."""

    words: str
    weight: int

    @property
    def wanted(self) -> bool:
        """Whether it is what the change is for."""
        return self.weight >= 3


def said(old: Profile, new: Profile, causes: Sequence[Change], *, near: bool) -> tuple[Follow, ...]:
    """The consequences that say what the change does.

    Compute is that where attention chooses what it reads, in models of about one size, and comes
    first; elsewhere it is said of near models alone. What is kept is that of other token mixers,
    windows and sharing, and active parameters that of experts.
    """
    for_cache = any(map(_keeps, causes))
    for_active = not for_cache or any(change.key in SPARSE for change in causes)
    weights = {"total": 4, "active": 3 if for_active else 2}
    counted = [Follow(words, weights[name]) for name, words in _counted(old, new)]
    memory = [Follow(words, 5 if for_cache else 1) for words in _memory_change(old, new)]
    larger = abs(log2(_ratio(old.consequences["total"], new.consequences["total"])))
    if _choice(old) != _choice(new) and larger < ALIKE:
        return (*(Follow(words, 6) for words in _computed(old, new)), *memory, *counted)
    computed = [Follow(words, 0) for words in _computed(old, new)] if near else []
    return (*counted, *memory, *computed)


def scaled(old: Profile, new: Profile) -> tuple[str, str]:
    """What is always said of parameters: of all and active ones, beside the name; of active ones alone, as a number.

    From a ratio of `SCALED` on: ("1.03T → 2.78T parameters, 32.86B → 104.2B active", "").
    """
    active = _arrow(consequence_words("active", old), consequence_words("active", new))
    if _by("total", old, new) >= SCALED:
        total = _arrow(consequence_words("total", old), consequence_words("total", new))
        sparse = f", {active} active" if old.sparse or new.sparse else ""
        return f"{total} parameters{sparse}", ""
    return "", f"active parameters {active}" if _by("active", old, new) >= SCALED else ""


def _by(name: str, old: Profile, new: Profile) -> float:
    """How many times as large the larger model is."""
    ratio = _ratio(old.consequences[name], new.consequences[name])
    return max(ratio, 1 / ratio)


def _keeps(change: Change) -> bool:
    """Whether a change is one of what a token leaves behind for later ones."""
    if change.role != "token_mixer":
        return False
    return change.key.startswith("token_mixer.") or change.key.rpartition(".")[2] in KEEPING


def _choice(profile: Profile) -> set[tuple[str, str]]:
    """In which ways its attention chooses what it reads: what is for compute, not for the cache."""
    return {(part.kind, name) for part in profile.parts for name in part.once(_choosing)}


def _choosing(part: Part) -> tuple[str, ...]:
    """The facts by which a part chooses."""
    return tuple(name for name in CHOOSING if name in part.facts)


def _counted(old: Profile, new: Profile) -> Iterator[tuple[str, str]]:
    """All parameters, and the active ones where one of both is sparse; but for those that are `scaled`."""
    if _by("total", old, new) >= SCALED:
        return
    if _notable("total", old, new):
        yield "total", _became("total", old, new)
    sparse = (old.sparse or new.sparse) and _by("active", old, new) < SCALED
    if sparse and _notable("active", old, new):
        words = [consequence_words("active", model) for model in (old, new)]
        yield "active", f"active {_arrow(words[0], words[1])}"


def _memory_change(old: Profile, new: Profile) -> Iterator[str]:
    """What a long text keeps: the growth of the cache once windows are full, or a state where nothing grows."""
    before, after = old.consequences, new.consequences
    caching = [counts for counts in (before, after) if counts[CACHE]]
    windowed = len(caching) == 2 and any(counts[CACHE] != counts[LONG] for counts in caching)
    cache = LONG if windowed else CACHE
    if _notable(cache, old, new):
        yield _became(cache, old, new)
    elif not caching and _notable("state_bytes", old, new):
        yield _became("state_bytes", old, new)


def _notable(name: str, old: Profile, new: Profile) -> bool:
    before, after = old.consequences[name], new.consequences[name]
    return max(before, after) > NOTABLE * min(before, after)


def _computed(old: Profile, new: Profile) -> Iterator[str]:
    """The compute at the least length that both models reach and at which it says something of its own.

    It does where it differs by `MATERIAL` or more, and as much from what active parameters make of it.
    """
    active = _ratio(old.consequences["active"], new.consequences["active"])
    reach = min(_reach(old), _reach(new))
    for length, before in old.compute.items():
        ratio = _ratio(before, new.compute[length])
        if length <= reach and _material(ratio) and _material(ratio / active):
            words = _arrow(_gigaflop(before, old), _gigaflop(new.compute[length], new))
            yield f"compute per token {words} at {_binary(length)}"
            return


def _gigaflop(count: int, model: Profile) -> str:
    """Three digits of it, since a formula's constants are known no better; at most, where its routers may run less."""
    billions = count / 1e9
    digits = max(0, 2 - len(str(int(billions)))) if billions < 100 else 0
    return f"{model.counts.bound_of_compute}{billions:,.{digits}f} GFLOP"


def _ratio(old: int, new: int) -> float:
    return max(new, 1) / max(old, 1)


def _reach(profile: Profile) -> float:
    """The longest context that a model states, or none."""
    context = profile.traits.get("context")
    return context if isinstance(context, int) and not profile.assumes_context else inf


def _material(ratio: float) -> bool:
    return not 1 / MATERIAL < ratio < MATERIAL


def _became(name: str, old: Profile, new: Profile) -> str:
    """ "cache per token 68.6 → 83.9 KiB"; what only one of the models has came or went."""
    before, after = old.consequences[name], new.consequences[name]
    if not before or not after:
        came = new if after else old
        return (CAME if after else WENT)[name].format(consequence_words(name, came))
    words = consequence_words(name, old), consequence_words(name, new)
    if words[0] == words[1]:
        words = grouped(before), grouped(after)
    return f"{LABELS[name]} {_arrow(*words)}"


def _arrow(old: str, new: str) -> str:
    """Both amounts, a unit that they share once."""
    amount, _, unit = old.partition(" ")
    return f"{amount if new.endswith(f' {unit}') and unit else old} → {new}"


def _binary(length: int) -> str:
    return f"{length >> 10}K" if length < 1 << 20 else f"{length >> 20}M"


def consequence_words(name: str, model: Profile) -> str:
    """A consequence of a model as it is shown, with "at most" where tokens differ."""
    counts = model.counts
    most = counts.bound if name == "active" else counts.bound_of_compute if "flops" in name else ""
    return most + amount(name, model.consequences[name])


@lru_cache(2**12)
def amount(name: str, count: int) -> str:
    """A consequence as it is shown: 671.03B, 68.6 KiB, 236.99 GFLOP."""
    if not count:
        return "none"
    if "flops" in name:
        return gigaflop(count)
    return binary(count) if "bytes" in name else short(count)
