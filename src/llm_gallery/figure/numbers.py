"""The numbers that define a mixer, as the callouts beside it say them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.figure.about import said
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.words import activation, times


@dataclass(frozen=True, slots=True)
class Number:
    """A callout: a number, what it counts, and what stands behind it."""

    value: str
    label: str
    about: About


def numbers(block: Block, path: str, width: int | None) -> tuple[Number, ...]:
    """The numbers that define a mixer or a channel mixer, in reading order."""
    rows = _NUMBERS[block.kind](block, width)
    return tuple(
        Number(value, label, About(path, "\n".join(said(block, key) for key in keys)))
        for value, label, keys in rows
    )


Rows = list[tuple[str, str, tuple[str, ...]]]


def _attention_numbers(block: Block, _: int | None) -> Rows:
    heads, kv_heads = block.number("heads"), block.number("kv_heads")
    rows: Rows
    if heads == kv_heads:
        rows = [(f"{heads:,}", "heads", ("heads", "kv_heads"))]
    else:
        rows = [
            (f"{heads:,}", "query heads", ("heads",)),
            (f"{kv_heads:,}", "key, value heads", ("kv_heads",)),
        ]
    size = block.number("head_dim")
    rows.append((f"{size:,}", "head size", ("head_dim",)))
    if "window" in block.facts:
        rows.append((f"{block.number('window'):,}", "tokens seen", ("window",)))
    if "chunk" in block.facts:
        rows.append((f"{block.number('chunk'):,}", "tokens a chunk", ("chunk",)))
    if "selected" in block.facts:
        rows.append((f"{block.number('selected'):,}", "tokens chosen", ("selected",)))
    if "rotated" in block.facts and block.value("rotated") != size:
        rows.append((f"{block.number('rotated'):,}", "of them rotated", ("rotated",)))
    rows += _position_numbers(block)
    if block.value("sinks"):
        rows.append(("1", "sink a head", ("sinks",)))
    if "softcap" in block.facts:
        rows.append((_decimal(block.facts["softcap"]), "softcap", ("softcap",)))
    return rows


def _position_numbers(block: Block) -> Rows:
    rows: Rows = []
    if block.value("position") == "none":
        rows.append(("NoPE", "no positions", ("position",)))
    if "extent" in block.facts:
        rows.append((f"{block.number('extent'):,}", "distances", ("extent",)))
    if "rope_base" in block.facts:
        base, keys = block.facts["rope_base"], ("rope_base",)
        rows.append((_base(base), "RoPE base", keys))
    if "rope_factor" in block.facts and "rope_scaling" in block.facts:
        factor = _decimal(block.facts["rope_factor"])
        name = _SCALINGS.get(str(block.value("rope_scaling")), "RoPE scaling")
        rows.append((f"× {factor}", name, ("rope_scaling", "rope_factor")))
    for key, name in (("rotated_scale", "rotated scores"), ("score_scale", "scores")):
        if said := times(block.value(key)):
            rows.append((said, name, (key,)))
    return rows


_SCALINGS = {
    "yarn": "YaRN",
    "linear": "linear RoPE",
    "llama3": "Llama 3 RoPE",
    "longrope": "LongRoPE",
}


def _base(fact: Fact) -> str:
    """10k, 500k, 1M, 1e11: a rotary base; one that isn't round to four digits, 208.5M."""
    value = float(str(fact.value))
    if value >= 1e9:
        return f"{value:g}".replace("e+", "e")
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size and value / size == round(value / size, 2):
            return f"{value / size:g}{unit}"
    if value >= 1e6:
        return f"{value / 1e6:.4g}M"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _decimal(fact: Fact) -> str:
    return f"{float(str(fact.value)):.3f}".rstrip("0").rstrip(".")


def _latent_numbers(block: Block, _: int | None) -> Rows:
    nope, rope = block.number("nope_dim"), block.number("rope_dim")
    rows: Rows = [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{nope:,} + {rope:,}" if rope else f"{nope:,}", "q and k size", ("nope_dim", "rope_dim")),
        (f"{block.number('value_dim'):,}", "v size", ("value_dim",)),
        (f"{block.number('kv_rank'):,}", "latent", ("kv_rank",)),
    ]
    if block.value("sinks"):
        rows.append(("1", "sink a head", ("sinks",)))
    if "kv_heads" in block.facts:
        rows.insert(1, (f"{block.number('kv_heads'):,}", "KV heads", ("kv_heads",)))
    if "window" in block.facts:
        rows.append((f"{block.number('window'):,}", "tokens seen", ("window",)))
    if "selected" in block.facts:
        rows.append((f"{block.number('selected'):,}", "tokens chosen", ("selected",)))
    return rows + _position_numbers(block)


def _compressed_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('heads'):,}", "query heads", ("heads",)),
        ("1", "key = value head", ("head_dim",)),
        (f"{block.number('head_dim'):,}", "head size", ("head_dim",)),
        (f"{block.number('window'):,}", "window", ("window",)),
    ]
    if "ratio" in block.facts:
        rows.append((f"{block.number('ratio'):,} : 1", "compressed", ("ratio",)))
    if "selected" in block.facts:
        rows.append((f"{block.number('selected'):,}", "entries chosen", ("selected",)))
    return rows + _position_numbers(block)


def _deltanet_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('key_heads'):,}", "query, key heads", ("key_heads",)),
        (f"{block.number('value_heads'):,}", "value heads", ("value_heads",)),
    ]
    if block.value("key_dim") == block.value("value_dim"):
        rows.append((f"{block.number('key_dim'):,}", "head size", ("key_dim", "value_dim")))
    else:
        rows.append((f"{block.number('key_dim'):,}", "key size", ("key_dim",)))
        rows.append((f"{block.number('value_dim'):,}", "value size", ("value_dim",)))
    rows.append((f"{block.number('taps'):,}", "convolution taps", ("taps",)))
    return rows


def _mamba2_numbers(block: Block, _: int | None) -> Rows:
    return [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{block.number('head_dim'):,}", "head size", ("head_dim",)),
        (f"{block.number('state_dim'):,}", "state size", ("state_dim",)),
        (f"{block.number('groups'):,}", "groups of B, C", ("groups",)),
        (f"{block.number('taps'):,}", "convolution taps", ("taps",)),
    ]


def _short_convolution_numbers(block: Block, _: int | None) -> Rows:
    return [
        (f"{block.number('channels'):,}", "channels", ("channels",)),
        (f"{block.number('taps'):,}", "taps", ("taps",)),
    ]


def _mamba_numbers(block: Block, _: int | None) -> Rows:
    return [
        (f"{block.number('inner'):,}", "channels", ("inner",)),
        (f"{block.number('state_dim'):,}", "state size", ("state_dim",)),
        (f"{block.number('step_rank'):,}", "step rank", ("step_rank",)),
        (f"{block.number('taps'):,}", "convolution taps", ("taps",)),
    ]


def _mlstm_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{block.number('key_dim'):,}", "key size", ("key_dim",)),
        (f"{block.number('value_dim'):,}", "value size", ("value_dim",)),
    ]
    if "gate_softcap" in block.facts:
        rows.append((_decimal(block.facts["gate_softcap"]), "gates' softcap", ("gate_softcap",)))
    return rows


def _rwkv_numbers(block: Block, _: int | None) -> Rows:
    return [(f"{block.number('inner'):,}", "channels", ("inner",))]


def _kimi_delta_attention_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{block.number('head_dim'):,}", "head size", ("head_dim",)),
        (f"{block.number('taps'):,}", "convolution taps", ("taps",)),
    ]
    if "decay_rank" in block.facts:
        rows.append((f"{block.number('decay_rank'):,}", "rank of the decay", ("decay_rank",)))
    return rows


def _lightning_attention_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{block.number('head_dim'):,}", "head size", ("head_dim",)),
    ]
    if "rotated" in block.facts and block.value("rotated") != block.value("head_dim"):
        rows.append((f"{block.number('rotated'):,}", "of them rotated", ("rotated",)))
    return rows + _position_numbers(block)


def _mlp_numbers(block: Block, width: int | None) -> Rows:
    inner = block.number("inner")
    rows: Rows = [(f"{inner:,}", "inner width", ("inner",))]
    if width:
        rows.append((f"{inner / width:.1f} ×".replace(".0 ×", " ×"), "model width", ("inner",)))
    role = "gate" if block.value("gated") else "activation"
    rows.append((activation(block), role, ("activation",)))
    return rows


def _moe_numbers(block: Block, _: int | None) -> Rows:
    shared = block.number("shared")
    used = f"{block.number('used'):,}" + (f" + {shared:,}" if shared else "")
    rows: Rows = [
        (f"{block.number('experts'):,}", "experts", ("experts",)),
        (used, "used", ("used", "shared")),
    ]
    if (block.value("groups") or 1) != 1:
        groups = f"{block.number('groups_used'):,} of {block.number('groups'):,}"
        rows.append((groups, "groups", ("groups", "groups_used")))
    rows.append((f"{block.number('inner'):,}", "inner width", ("inner",)))
    if "latent" in block.facts:
        rows.append((f"{block.number('latent'):,}", "latent width", ("latent",)))
    return rows


def _ngram_numbers(block: Block, _: int | None) -> Rows:
    return [
        (f"{block.number('read'):,}", "rows read", ("read",)),
        (f"{block.number('longest'):,}", "tokens at most", ("longest",)),
    ]


def _per_layer_numbers(block: Block, _: int | None) -> Rows:
    return [(f"{block.number('width'):,}", "numbers a layer", ("width",))]


_NUMBERS: dict[str, Callable[[Block, int | None], Rows]] = {
    "attention": _attention_numbers,
    "compressed_attention": _compressed_numbers,
    "latent_attention": _latent_numbers,
    "gated_deltanet": _deltanet_numbers,
    "mamba2": _mamba2_numbers,
    "lightning_attention": _lightning_attention_numbers,
    "kimi_delta_attention": _kimi_delta_attention_numbers,
    "receptance_mlp": _mlp_numbers,
    "rwkv": _rwkv_numbers,
    "mlstm": _mlstm_numbers,
    "mamba": _mamba_numbers,
    "short_convolution": _short_convolution_numbers,
    "mlp": _mlp_numbers,
    "moe": _moe_numbers,
    "ngram_memory": _ngram_numbers,
    "per_layer_input": _per_layer_numbers,
}
