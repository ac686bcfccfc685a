"""Mechanisms in words: what came, went, gave way or moved, and in which layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llm_gallery.comparison.phrases import listed, shared_words, shown, spoken, value_words
from llm_gallery.comparison.portrait import Part

NAMES: Mapping[str, str] = {
    "MHA": "multi-head attention",
    "GQA": "grouped-query attention",
    "MQA": "multi-query attention",
    "MLA": "multi-head latent attention",
    "LIV convolution": "short convolutions",
    "sparse MLA": "sparse latent attention",
    "KDA": "Kimi Delta Attention",
    "Lightning": "Lightning attention",
    "MLP": "a dense MLP",
    "MoE": "experts",
}


def named(part: Part) -> str:
    """A part's mechanism in full words, with positions where they are the point."""
    return _spelled(part) if part.rotated else f"{_spelled(part)} without positions"


def _spelled(part: Part) -> str:
    if part.label in NAMES:
        return NAMES[part.label]
    reach, _, last = part.label.rpartition(" ")
    return f"{reach} {NAMES[last]}" if last in NAMES else part.label


def where(part: Part) -> str:
    """ "in every layer", "in three layers of four", "in the first three layers", "in 10 of 62 layers"."""
    place = part.place
    if place.words == "all":
        return "in every layer"
    if place.words.startswith("first "):
        return (
            "in the first layer"
            if place.count == 1
            else f"in the first {spoken(place.count)} layers"
        )
    if place.words.startswith("all but"):
        first = place.of - place.count
        return f"after the first {spoken(first)} layers" if first > 1 else "after the first layer"
    if " in " in place.words:
        count, _, of = place.words.partition(" in ")
        words = (count, of) if int(of) > 10 else (spoken(int(count)), spoken(int(of)))
        return f"in {words[0]} layer{'s' if int(count) > 1 else ''} of {words[1]}"
    return f"in {place.count} of {place.of} layers"


def introduced(part: Part) -> str:
    """A mechanism that is new, with what a reader wants to know of it."""
    facts = part.facts
    if part.kind == "attention":
        gated = "gated " if "gate" in facts else ""
        return f"{gated}{named(part)} ({', '.join(_of_attention(part))})"
    if part.kind == "latent_attention":
        latent = f"a latent of {shown(facts['kv_rank'])}"
        return f"{named(part)} ({shown(facts['heads'])} heads, {latent})"
    if part.kind != "moe":
        return named(part)
    used = spoken(facts["used"]) if isinstance(facts["used"], int) else shown(facts["used"])
    shared = f" and {shared_words(None, facts['shared'])}" if "shared" in facts else ""
    return f"{shown(facts['experts'])} experts ({used} per token){shared}"


def _of_attention(part: Part) -> Iterator[str]:
    facts = part.facts
    yield f"{shown(facts['heads'])} heads"
    if "kv_heads" in facts:
        yield f"{shown(facts['kv_heads'])} key-value heads"
    if "qk_norm" in facts:
        yield "normed queries and keys"
    if "rotated_share" in facts:
        yield f"{value_words(facts['rotated_share'], 'rotated_share')} of each head rotated"
    if "sinks" in facts:
        yield "sinks"
    if "bias" in facts:
        yield "biases"


def replaced(gone: Sequence[Part], come: Sequence[Part], both: Sequence[tuple[Part, Part]]) -> str:
    """A mechanism that came, went or gave way to another."""
    everywhere = all(part.place.words == "all" for part in (*gone, *come)) and bool(gone and come)
    new = [
        _new(part, everywhere, brief=any(part.kind == other.kind for other in come[:i]))
        for i, part in enumerate(come)
    ]
    old = [named(part) if everywhere else f"{named(part)} {where(part)}" for part in gone]
    if not gone:
        return listed(new) + _left(come, both)
    if not come:
        return listed([_no(part, bool(both)) for part in gone])
    return f"{listed(new)} instead of {listed(old)}"


def _new(part: Part, everywhere: bool, *, brief: bool) -> str:
    if part.kind == "mlp" and part.place.words.startswith("first"):
        return f"{_dense(part.place.count)} first"
    words = named(part) if brief else introduced(part)
    return words if everywhere else f"{words} {where(part)}"


def _no(part: Part, beside_others: bool) -> str:
    if part.kind == "mlp":
        return "no dense layers" if beside_others else "no MLP"
    return f"no {_spelled(part)}"


def _left(come: Sequence[Part], both: Sequence[tuple[Part, Part]]) -> str:
    """What remains of an older mechanism, where that isn't simply the other layers."""
    stay = [new for old, new in both if new.place.words != old.place.words]
    if not stay or sum(part.place.count for part in (*come, *stay)) == stay[0].place.of:
        return ""
    words = [f"{_short(part)} in {spoken(part.place.count)}" for part in stay]
    return f" and {listed(words)}"


def _short(part: Part) -> str:
    return "attention" if part.kind == "attention" and not part.reach else named(part)


def variant_came(part: Part, limited: bool) -> str:
    """Layers of a known mechanism with another reach or without positions.

    `limited` says that so far no layer sees everything.
    """
    if part.reach:
        without = "" if part.rotated else " without positions"
        return f"{part.reach}s of {shown(part.facts[part.reach])} tokens{without} {where(part)}"
    if limited:
        return f"full attention{'' if part.rotated else ' without positions'} {where(part)}"
    return f"{'positions' if part.rotated else 'no positions'} {where(part)}"


def variant_gone(part: Part, limited: bool) -> str:
    """Such layers, of which the newer model has none."""
    if part.reach:
        return f"no {part.reach}s"
    if limited:
        return "no full attention"
    return "no positions" if part.rotated else "positions in every layer"


def _dense(count: int) -> str:
    return f"{spoken(count)} dense layer{'s' if count > 1 else ''}"


def relaid(old: Part, new: Part, *, beside_limited: bool = False) -> str:
    """The same parts in other layers."""
    firsts = all(part.place.words.startswith("first ") for part in (old, new))
    if new.kind == "mlp" and firsts:
        return f"{_dense(new.place.count)} instead of {spoken(old.place.count)}"
    words = named(new)
    if new.kind == "attention" and not new.reach:
        words = "full attention" if beside_limited else "attention"
    return f"{words} {where(new)} instead of {where(old).removeprefix('in ')}"
