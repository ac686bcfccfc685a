"""The scalars that a run multiplies with, divides by or bounds with, as drawings write them, and where each comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import isclose, isqrt, log, sqrt
from typing import NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import times, times_root


class Scalar(NamedTuple):
    """One scalar: as it is written on a chip, where it comes from, the facts that state it, and other ways to write it."""

    written: str
    source: str
    facts: tuple[str, ...]
    others: tuple[str, ...] = ()


Found = tuple[str, str]
"""How a scalar is written, and where it comes from; nothing written where there is none."""
STRETCHED = "(0.1 ln {factor:g} + 1)²"
"""YaRN's factor on the scores, where they grow as its paper has it."""


def _times(source: str) -> Callable[[Block, float], Found]:
    """A factor, none where it is 1."""
    return lambda block, value: (times(value), source)


def _softcap(source: str) -> Callable[[Block, float], Found]:
    """A bound by a hyperbolic tangent."""
    return lambda block, value: (f"softcap {value:g}", source)


def _within(source: str) -> Callable[[Block, float], Found]:
    """A bound on both sides."""
    return lambda block, value: (
        f"within ± {value:,.0f}" if value >= 1_000 else f"within ± {value:g}",
        source,
    )


def _scores(block: Block, value: float) -> Found:
    """A factor on the scores, named after YaRN where it is what YaRN's formula gives."""
    if block.is_mixture:
        return times(value), "scores of the router"
    return times(value), yarn(block, value) or "scores"


def yarn(block: Block, value: float) -> str:
    """YaRN's formula, where it gives a factor; else nothing."""
    factor = block.value("rope_factor")
    if block.value("rope_scaling") != "yarn" or not isinstance(factor, int | float) or factor <= 1:
        return ""
    told = isclose(value, (0.1 * log(factor) + 1) ** 2, rel_tol=1e-9)
    return f"YaRN: {STRETCHED.format(factor=factor)}" if told else "YaRN"


def _limit(block: Block, value: float) -> Found:
    """Step's, gpt-oss's: a gate from above, the other half from both sides."""
    return f"at most {value:g}", f"gate; up within ± {value:g}"


TABLE: Mapping[str, Callable[[Block, float], Found]] = {
    "embedding_scale": _times("embedding"),
    "logit_scale": _times("output scores"),
    "logit_softcap": _softcap("output scores"),
    "residual_scale": _times("each branch"),
    "stream_scale": _times("the stream, at each branch"),
    "sum_scale": _times("sum of parallel branches"),
    "convolved_scale": _times("convolved keys and values, each with its input"),
    "longest_qk": lambda block, value: (f"length ≤ {value:.4g}", "queries, keys"),
    "longest_distance": lambda block, value: (f"length ≤ {value:.4g}", "features by distance"),
    "input_scale": _times("input"),
    "output_scale": _times("output"),
    "query_scale": _times("queries"),
    "query_unit": lambda block, value: (f"× (s · {value:.4g})²", "queries, s learned"),
    "gate_unit": lambda block, value: (f"× (s · {value:.4g})²", "gates, s learned"),
    "scale_unit": lambda block, value: (
        f"× s · {value:.4g}",
        "output scores, s learned" if block.kind == "head" else "gate and up, s learned",
    ),
    "rate_unit": lambda block, value: (f"| λ · {value:.4g} |", "part of the way at each sum"),
    "value_scale": _times("values"),
    "score_scale": _scores,
    "rotated_scale": lambda b, value: (times(value), yarn(b, value) or "rotated queries and keys"),
    "latent_scale": lambda block, value: (times_root(value), "the kept latent"),
    "query_latent_scale": lambda block, value: (times_root(value), "the queries' latent"),
    "gate_scale": lambda block, value: (
        times(value),
        "gate of a norm" if block.is_norm else "gate",
    ),
    "gate_softcap": _softcap("gate"),
    "up_softcap": _softcap("up"),
    "softcap": lambda block, value: (
        f"softcap {value:g}",
        "scores of the router" if block.is_mixture else "scores",
    ),
    "clip": _within("queries, keys, values"),
    "limit": _limit,
    "gain": lambda block, value: (f"x σ({value:.4g} x)", "gate"),
    "shift": lambda block, value: (f"+ {value:g}", "up"),
    "scale": _times("weights of the experts"),
    "temperature": lambda block, value: (f"÷ {value:g}", "gates of the sums"),
    "decay_divisor": lambda block, value: (f"÷ {value:g}", "logarithm of the decay"),
    "decay_floor": lambda block, value: (f"at least e^{value:g}", "decay of the state"),
    "magnitude": lambda block, value: (
        "sigmoid" if value == 1 else f"{value:g} × sigmoid",
        "weights to write",
    ),
    "hidden_clamp": _within("gate and up"),
    "inner_clamp": _within("gate times up"),
    "bias_clamp": _within("bias of the polynomial"),
}
"""Facts and settings that are scalars, by name."""
NO_SCALARS = frozenset(
    {
        "eps",
        "rope_base",
        "rope_factor",
        "sparsemixer",
        "share_eps",
        "least",
        "offset",
        "rotated_share",
        "left_out",
    }
)
"""Numbers with a fraction that multiply nothing on a wire: of rotations, of norms, against a division by 0, in place of a score."""
DIVIDED: Mapping[str, tuple[str, ...]] = {
    "attention": ("scale_dim",),
    "latent_attention": ("nope_dim", "rope_dim"),
    "compressed_attention": ("head_dim",),
    "deltanet": ("key_dim",),
    "gated_deltanet": ("key_dim",),
    "gated_linear_attention": ("key_dim",),
    "hgrn2": ("head_dim",),
    "kimi_delta_attention": ("head_dim",),
    "lightnet": ("key_dim",),
    "lightning_attention": ("scale_dim",),
    "mlstm": ("key_dim",),
    "retention": ("key_dim",),
}
"""Kinds whose scores or queries are divided by the root of a size, and the facts that sum to it."""


OF_MIXTURES = frozenset({"scale", "score_scale", "softcap"})
"""What a mixture states of itself; the rest it repeats of its experts."""


def temperature(block: Block) -> Scalar | None:
    """What queries or scores grow by with the position."""
    length = block.settings.get("temperature_length")
    if not block.value("temperature_tuning") or not isinstance(length, int):
        return None
    facts = ("temperature_tuning",)
    if block.settings.get("temperature_after"):
        return Scalar(f"× ln p / ln {length:,}", f"scores, at positions p over {length:,}", facts)
    power = block.settings.get("temperature_power")
    if power is not None:
        return Scalar(f"× (1 + p / {length:,})^{power:g}", "queries at position p", facts)
    share = block.settings.get("temperature_share")
    if block.settings.get("temperature_smooth"):
        grown, source = f"ln (p / {length:,})", f"queries, at positions p over {length:,}"
    else:
        what = "scores" if grows_scores(block) else "queries"
        grown, source = f"ln (1 + p / {length:,})", f"{what} at position p, in whole steps"
    return Scalar(f"× 1 + {share:g} {grown}", source, facts)


def grows_scores(block: Block) -> bool:
    """Whether it is the scores that grow with the position, and not the queries."""
    return block.kind == "latent_attention" or bool(block.settings.get("temperature_after"))


def scalars(block: Block) -> tuple[Scalar, ...]:
    """Those that a block states itself, without its parts."""
    return tuple(_stated(block))


def _stated(block: Block) -> Iterator[Scalar]:
    if (divided := divisor(block)) is not None:
        yield divided
    if (grown := temperature(block)) is not None:
        yield grown
    for name, found in TABLE.items():
        if name not in block.facts and name not in block.settings:
            continue
        if block.is_mixture and name not in OF_MIXTURES:
            continue
        value = block.value(name, block.settings.get(name))
        if isinstance(value, int | float) and not isinstance(value, bool):
            written, source = found(block, value)
            if written:
                yield Scalar(written, source, (name,), _otherwise(block, name, value))
    for name, value in zip(
        ["z", "x", "B", "C", "dt"], block.settings.get("scales", ()), strict=False
    ):
        if written := times(value):
            yield Scalar(written, f"projection of {name}", ("projection_scales",))


def divisor(block: Block) -> Scalar | None:
    """What scores, or the queries of a state, are divided by."""
    sizes = DIVIDED.get(block.kind, ())
    size = sum(block.number(name) for name in sizes if name in block.facts)
    if size <= 1 or not all(name in block.facts for name in sizes):
        return None
    return Scalar(f"÷ {root(size)}", _divisor(block, sizes), sizes)


def _divisor(block: Block, sizes: tuple[str, ...]) -> str:
    """What a divisor of scores is the root of."""
    size, own = sum(map(block.number, sizes)), block.value("head_dim")
    parts = " + ".join(f"{block.number(name):,}" for name in sizes if block.number(name))
    if sizes == ("scale_dim",) and own != size:
        return f"all {own:,} numbers in a head" if isqrt(size) == own else "scores"
    of = "" if isqrt(size) ** 2 != size else "√ of "
    return f"{of}{parts} numbers in a head"


def _otherwise(block: Block, name: str, value: float) -> tuple[str, ...]:
    """A root of the width as such: "× √5,376"."""
    width = block.value("width")
    if name != "embedding_scale" or not isinstance(width, int):
        return ()
    near = isclose(value, sqrt(width), rel_tol=5e-3)
    whole = isqrt(width) ** 2 == width
    return (f"× √{width:,}", *((f"× {isqrt(width):,}",) if whole else ())) if near else ()


def of_tree(root_block: Block) -> tuple[Scalar, ...]:
    """Every scalar of a model, each once, but those of what stands apart from it, or is a small model of its own."""
    found: dict[tuple[str, str], Scalar] = {}
    seen: set[int] = set()
    todo = [root_block]
    while todo:
        block = todo.pop()
        if block.stands_apart or block.kind == "patcher" or id(block) in seen:
            continue
        seen.add(id(block))
        for scalar in scalars(block):
            found.setdefault(scalar[:2], scalar)
        todo += reversed(block.inside)
    return tuple(found.values())


def unsaid(root_block: Block, texts: Iterable[str]) -> tuple[Scalar, ...]:
    """The scalars of a model that no text of its figure writes, in any of the ways to write them."""
    said = tuple(texts)
    return tuple(
        scalar
        for scalar in of_tree(root_block)
        if not any(form in text for form in (scalar.written, *scalar.others) for text in said)
    )
