"""What is new in what leads a figure: a note that says what the nearest earlier model did in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from llm_gallery.figure.heading import Heading
from llm_gallery.figure.lead.hero import Hero
from llm_gallery.mechanisms.ranks import RANKS

Had = frozenset[str]
STATES = {
    "gated-deltanet": "Gated DeltaNet",
    "gated-linear-attention": "gated linear attention",
    "kimi-delta-attention": "Kimi Delta Attention",
    "lightning-attention": "lightning attention",
    "mamba": "the first Mamba",
    "mamba-2": "Mamba-2",
    "matrix-rwkv": "RWKV with matrices",
    "mlstm": "mLSTM",
    "gated-memory": "gated memory units",
    "rg-lru": "the RG-LRU",
    "rwkv": "RWKV-4’s running means",
    "rwkv-7": "RWKV-7",
    "short-convolution": "short convolutions",
}
"""Concepts by which layers do without attention, and what they are called."""
LIMITS = frozenset(
    {
        "sliding-window-attention", "chunked-attention", "sparse-attention", "block-sparse-attention",
        "compressed-attention",
    }
)  # fmt: skip
"""Concepts by which attention reads less than every token."""
CHOICES = ("sparse-attention", "block-sparse-attention")
"""Those that keep every token all the same."""
DELTA_RULES = frozenset({"gated-deltanet", "kimi-delta-attention"})
"""Concepts by which a token corrects what a state answers."""
STREAMS = frozenset(
    {
        "alternating-updates",
        "attention-residuals",
        "gated-residual-streams",
        "hyper-connections",
        "learned-residual",
        "residual-scaling",
    }
)


UNGATED = {"relu-squared": "geglu", "xielu": "geglu"}
"""Concepts of a function that stands without a gate, and of what stood in its place where it gates."""


def note(hero: Hero, heading: Heading) -> str:
    """ "new here: DeepSeek V3.2 kept an entry for every token", "also in Qwen3.5 27B"; "" without an ancestor.

    Both follow from the concepts of the measured ancestor: what it is said to have done is what its
    concepts show, or that it lacks this one.
    """
    had = heading.inherited
    if had is None or not heading.ancestor or not hero.concepts:
        return ""
    if hero.concepts | hero.new <= had:
        return f"also in {heading.ancestor}"
    words = instead(hero, had)
    return f"new here: {heading.ancestor} {words}" if words else ""


def instead(hero: Hero, had: Had) -> str:
    """What a model that `had` other concepts did: "attended in every layer"; "" where that isn't known."""
    return replaced(hero, had)[1]


def replaced(hero: Hero, had: Had) -> tuple[str, str]:
    """The concept by which a hero is set against such a model, and what that did; both "" where nothing is known."""
    gated = any(variant.block.value("gated") for variant in hero.variants)
    for concept in sorted((hero.concepts | hero.new) - had, key=_place):
        if words := _before(UNGATED.get(concept, concept) if gated else concept, had):
            return concept, words
    return "", ""


def _place(concept: str) -> tuple[int, int]:
    """The most telling first: by rank, then in the order of the words below."""
    ranked = (place for place, told in enumerate(RANKS) if concept in told)
    order = list(_BEFORE)
    return next(ranked, len(RANKS)), order.index(concept) if concept in order else len(order)


def _before(concept: str, had: Had) -> str:
    words = _BEFORE.get(concept, "")
    return words if isinstance(words, str) else words(had)


def _all_attended(had: Had) -> str:
    """What stood where a state is kept now."""
    ways = [name for concept, name in STATES.items() if concept in had]
    if not ways:
        return "attended in every layer"
    return f"had {ways[0]} in its place" if len(ways) == 1 else ""


def _all_read(had: Had) -> str:
    if had & LIMITS:
        return ""
    if not had & {*_WAYS}:
        return "had no attention"
    return f"read all tokens {_attending(had)}"


def _every_entry(had: Had) -> str:
    """Windows and compression keep less; what only chooses keeps every token."""
    if had & (LIMITS - {*CHOICES}):
        return ""
    if not had & {*_WAYS}:
        return "had no attention"
    return "kept an entry for every token" + (
        "" if had.isdisjoint(STATES) else " that it attended to"
    )


def _attending(had: Had) -> str:
    return "in every layer" if had.isdisjoint(STATES) else "where it attended"


def _heads(had: Had) -> str:
    """How keys and values were kept; nothing where that was done in several ways."""
    ways = [words for way, words in _WAYS.items() if way in had]
    if not had & {*_WAYS, "compressed-attention"}:
        return "had no attention"
    return ways[0] if len(ways) == 1 else ""


_WAYS = {
    "multi-head-latent-attention": "kept one latent for all heads",
    "grouped-query-attention": "shared keys and values among groups of heads",
    "multi-query-attention": "shared one key and value among all heads",
    "multi-head-attention": "kept a key and a value for every head",
}


def _positions(had: Had) -> str:
    return f"had positions {_attending(had)}" if had & {*_WAYS} else ""


def _one_kind(had: Had) -> str:
    """What a model had that isn't of attention beside states."""
    if not had & {*_WAYS, "compressed-attention"}:
        return "had no attention"
    return "attended in every layer" if had.isdisjoint(STATES) else ""


def _if(concept: str, words: str) -> Callable[[Had], str]:
    """Words that hold where the ancestor had that."""
    return lambda had: words if concept in had else ""


def _if_attended(words: str) -> Callable[[Had], str]:
    """Words about keys and values, which hold where the ancestor had them."""
    return lambda had: words if had & {*_WAYS} else ""


def _one_stream(had: Had) -> str:
    return "" if had & STREAMS else "added every branch to one stream"


_BEFORE: Mapping[str, str | Callable[[Had], str]] = {
    **dict.fromkeys(STATES, _all_attended),
    "compressed-attention": _every_entry,
    "sparse-attention": _all_read,
    "block-sparse-attention": _all_read,
    "bidirectional-attention": _if_attended("showed each token only those before it"),
    "differential-attention": _if_attended("had no heads that are subtracted from the others"),
    "sliding-window-attention": _all_read,  # before how heads share: the picture shows what is read
    "chunked-attention": _all_read,
    "multi-head-latent-attention": _heads,
    "grouped-query-attention": _heads,
    "multi-query-attention": _heads,
    "multi-head-attention": _heads,
    "convolved-attention": _if_attended("mixed no neighbouring tokens before it attended"),
    "relative-positions": _if("rope", "rotated queries and keys"),
    "alibi": _if("learned-positions", "added a learned row for each position"),
    "negative-eigenvalues": lambda had: (
        "corrected a state by its error at most" if had & DELTA_RULES else ""
    ),
    "shared-key-value": _if_attended("kept keys and values apart"),
    "value-width": _if_attended("made values as wide as keys"),
    "unified-kv": _if_attended("made keys and values with two matrices"),
    "shared-index": _if("sparse-attention", "chose anew in every layer"),
    "shared-kv-cache": lambda had: (
        f"kept keys and values {_attending(had)}" if had & {*_WAYS} else ""
    ),
    "looped-depth": "ran every layer once",
    "parallel-block": _if_attended("ran attention and MLP one after the other"),
    "parallel-mixers": _if("hybrid", "gave either a layer of its own"),
    "post-norm": _if("pre-norm", "normed what a branch reads"),
    "sandwich-norm": _if("pre-norm", "normed only what a branch reads"),
    "alternating-updates": _one_stream,
    "hyper-connections": _one_stream,
    "gated-residual-streams": _one_stream,
    "attention-residuals": _one_stream,
    "residual-scaling": "added branches as they were",
    "ngram-memory": "looked up single tokens only",
    "hash-routing": _if("mixture-of-experts", "chose experts by score alone"),
    "identity-experts": _if("mixture-of-experts", "ran as many experts for every token"),
    "latent-experts": _if("mixture-of-experts", "ran experts on the whole width"),
    "mixture-of-experts": "had no experts",
    "shared-expert": "had no shared expert",
    "shortcut-experts": "had no experts beside a layer",
    "value-experts": _if_attended("made values with one matrix"),
    "attention-sinks": _if_attended("had no sinks"),
    "gated-attention": _if_attended("had no gate on attention"),
    "nope": _positions,
    "qk-norm": _if_attended("normed neither queries nor keys"),
    "partial-rope": _if("rope", "rotated whole heads"),
    "geglu": _if("swiglu", "gated with SiLU"),
    "polynorm": _if("swiglu", "gated with SiLU"),
    "situ": _if("swiglu", "gated with SiLU"),
    "relu-squared": _if("swiglu", "had a gate in its MLP"),
    "xielu": _if("swiglu", "had a gate in its MLP"),
    "bias-balanced-routing": _if("mixture-of-experts", "stored no such bias"),
    "group-limited-routing": _if("mixture-of-experts", "chose among all experts at once"),
    "hybrid": _one_kind,
}
"""What a model that lacks a concept did in its place, where that follows from what it had."""
