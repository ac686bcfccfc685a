"""The figure's words: what blocks, layers and their numbers are called by people who know them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from llm_gallery.analysis.mechanisms import Mechanism, label, mechanism, reach, sharing
from llm_gallery.architecture.block import Block, channel_mixer, mixer, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.figure.about import said
from llm_gallery.figure.shapes import About

SHARING = {"GQA": "grouped-query", "MHA": "multi-head", "MQA": "multi-query"}


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of layer looks in the strip: its two cells, and what it is called there.

    `hollow` says that a mixer of the same colour stands before it: the cell is drawn as an outline.
    `token` and `channel` name the two cells, `short` the layer, by what tells it from the others.
    """

    mixer: Mechanism | None
    channels: Mechanism | None
    hollow: bool
    token: str
    channel: str
    short: str
    colour: Mechanism


@dataclass(frozen=True, slots=True)
class Number:
    """A callout: a number, what it counts, and what stands behind it."""

    value: str
    label: str
    about: About


def title(block: Block) -> str:
    """What a mixer is called on its block."""
    if block.kind == "compressed_attention":
        return _COMPRESSED[label(block).rsplit(" ", 1)[-1]]
    if block.kind == "attention":
        return _ATTENTION[_attention(block)]
    if block.kind == "latent_attention" and "selected" in block.facts:
        return "Sparse, shared index" if "shared_index" in block.facts else "Sparse attention"
    if block.kind == "mlp":
        return "Gated MLP" if block.value("gated") else "MLP"
    return _TITLES[block.kind]


def _attention(block: Block) -> str:
    if "window" in block.facts:
        return "local"
    if "chunk" in block.facts:
        return "chunked"
    if "selected" in block.facts:
        return "sparse"
    return "gated" if "gate" in block.facts else "plain"


_ATTENTION = {
    "local": "Local attention",
    "chunked": "Chunked attention",
    "sparse": "Sparse attention",
    "gated": "Gated attention",
    "plain": "Attention",
}
_COMPRESSED = {
    "MQA": "Window attention",
    "CSA": "CSA",
    "HCA": "HCA",
}
_TITLES = {
    "latent_attention": "Latent attention",
    "gated_deltanet": "Gated DeltaNet",
    "mamba2": "Mamba-2",
    "lightning_attention": "Lightning attention",
    "kimi_delta_attention": "Kimi Delta Attention",
    "receptance_mlp": "Channel mixing",
    "rwkv": "Time mixing",
    "mlstm": "mLSTM",
    "mamba": "Mamba",
    "short_convolution": "Short convolution",
    "moe": "Mixture of experts",
}
_SHORT = {
    "compressed_attention": "compressed",
    "attention": "attention",
    "latent_attention": "latent",
    "gated_deltanet": "DeltaNet",
    "mamba2": "Mamba-2",
    "lightning_attention": "Lightning",
    "kimi_delta_attention": "KDA",
    "receptance_mlp": "channel mixing",
    "rwkv": "RWKV",
    "mlstm": "mLSTM",
    "mamba": "Mamba",
    "short_convolution": "convolution",
    "mlp": "dense",
    "moe": "experts",
}


def name(block: Block) -> str:
    """A mixer's name in full, where there is room for it: "Grouped-query attention"."""
    if block.kind == "attention" and _attention(block) == "plain":
        word = SHARING[sharing(block)]
        return f"{word[0].upper()}{word[1:]} attention"
    return title(block)


def sized(text: str, block: Block) -> str:
    """A name with the number that matters most: a window, the experts that run."""
    limit = reach(block) if block.kind == "attention" else None
    if limit is not None:
        return f"{text}, {limit:,}"
    if block.kind == "moe":
        shared = block.number("shared")
        used = f"{block.number('used'):,}" + (f" + {shared:,}" if shared else "")
        return f"{used} of {block.number('experts'):,} experts"
    return text


def size(block: Block) -> str:
    """A line on how large a mixer is: "32 query, 8 KV heads", "14,336 inner width, SiLU"."""
    number = block.number
    if block.kind == "attention":
        if number("heads") == number("kv_heads"):
            return f"{number('heads'):,} heads of {number('head_dim'):,}"
        return f"{number('heads'):,} query, {number('kv_heads'):,} KV heads"
    if block.kind == "latent_attention":
        return f"{number('heads'):,} heads, {number('kv_rank') + number('rope_dim'):,} cached"
    if block.kind == "compressed_attention":
        return f"{number('heads'):,} query heads, one entry of {number('head_dim'):,} a token"
    if block.kind == "gated_deltanet":
        shape = f"{number('key_dim'):,} × {number('value_dim'):,}"
        return f"{number('value_heads'):,} states of {shape}"
    if block.kind == "mamba2":
        shape = f"{number('head_dim'):,} × {number('state_dim'):,}"
        return f"{number('heads'):,} states of {shape}"
    return f"{number('inner'):,} inner width, {activation(block)}"


def subtitle(blocks: Sequence[Block]) -> str:
    """A second line on a mixer's block, where its name alone doesn't say which of its kind it is."""
    block = blocks[0]
    if block.kind == "attention" and len({sharing(b) for b in blocks}) == 1:
        word = sharing(block)
        return f"{SHARING[word]} ({word})"
    if block.kind == "compressed_attention" and "ratio" in block.facts:
        return "compressed sparse" if "selected" in block.facts else "heavily compressed"
    return "multi-head (MLA)" if block.kind == "latent_attention" else ""


def variants(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Names that tell the variants of one mixer apart: by reach, else by position, else by heads."""
    whole = [title(block) for block in blocks]
    kinds = {_attention(block) for block in blocks} if blocks[0].kind == "attention" else set()
    if blocks[0].kind == "latent_attention" and len({reach(block) for block in blocks}) > 1:
        whole = [f"{'Global' if reach(b) is None else 'Local'} latent attention" for b in blocks]
    if kinds & {"local", "chunked"} and len(kinds) > 1:
        whole = ["Global attention" if reach(b) is None else title(b) for b in blocks]
    if len(set(whole)) == len(whole):
        return tuple(whole)
    positions = [block.value("position") for block in blocks]
    if len(set(positions)) == len(blocks):
        return tuple(f"{_POSITIONS[str(p)]} attention" for p in positions)
    return tuple(f"{name} {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[i % 26]}" for i, name in enumerate(whole))


_POSITIONS = {
    "rope": "RoPE",
    "none": "NoPE",
    "learned": "Learned position",
    "relative": "Relative position",
}


def frames(groups: Sequence[Sequence[Block]]) -> list[tuple[str, str]]:
    """Title and short name of each frame, by what tells it from the others."""
    if len(groups) == 1:
        return [("Layer", "")]
    tokens = [mixer(group[0]) for group in groups]
    channels = [channel_mixer(group[0]) for group in groups]
    alike = len({None if b is None else title(b) for b in _general(tokens)}) == 1
    steady = len({None if b is None else b.kind for b in channels}) == 1
    found = []
    for token, channel in zip(tokens, channels, strict=True):
        if token is None or (alike and channel is not None):
            found.append((f"{_CHANNEL[_kind(channel)]} layer", _SHORT.get(_kind(channel), "")))
        elif channel is None or steady:
            found.append((f"{title(token)} layer", _SHORT[token.kind]))
        else:
            name = f"{title(token)} + {_SHORT[channel.kind]}"
            found.append((name, f"{_SHORT[token.kind]}, {_SHORT[channel.kind]}"))
    return [
        (
            f"{title[:-6]} + n-grams"
            if _remembers(group[0]) and title.endswith(" layer")
            else title,
            short,
        )
        for (title, short), group in zip(found, groups, strict=True)
    ]


def _remembers(layer: Block) -> bool:
    return any(block.kind == "ngram_memory" for _, block in walk(layer))


_CHANNEL = {"mlp": "Dense", "moe": "Expert", "": "Empty"}


def _kind(block: Block | None) -> str:
    return "" if block is None else block.kind


def _general(blocks: Sequence[Block | None]) -> Sequence[Block | None]:
    """Attention of any reach is one mixer when frames are told apart."""
    first = next((b for b in blocks if b is not None and b.kind == "attention"), None)
    return [first if b is not None and b.kind == "attention" else b for b in blocks]


def looks(layers: Sequence[Block]) -> tuple[Look, ...]:
    """The look of each kind of layer in strip and pattern."""
    tokens = [mixer(layer) for layer in layers]
    channels = [channel_mixer(layer) for layer in layers]
    colours = [None if t is None else mechanism(t) for t in tokens]
    others = [None if c is None else mechanism(c) for c in channels]
    names = _token_names(tokens)
    shorts = _shorts(tokens, channels, names)
    by_mixer = len(set(zip(colours, tokens_kinds(tokens), strict=True))) > 1 or None in colours
    first: dict[Mechanism, Block] = {}
    found = []
    for i, token in enumerate(tokens):
        colour, other = colours[i], others[i]
        hollow = False
        if colour is not None and token is not None:
            hollow = not _same(first.setdefault(colour, token), token)
        told = colour if by_mixer and colour is not None else other
        if len(set(others)) == 1:
            told = colour
        channel = channels[i]
        found.append(
            Look(
                mixer=colour,
                channels=other,
                hollow=hollow,
                token=names[i],
                channel="" if channel is None else _SHORT[channel.kind],
                short=shorts[i],
                colour=told or colour or other or "norm",
            )
        )
    return tuple(found)


def tokens_kinds(tokens: Sequence[Block | None]) -> list[str]:
    """The kind of each mixer."""
    return [_kind(token) for token in tokens]


def _same(one: Block, other: Block) -> bool:
    """Whether two mixers of one colour are the same to a reader of the strip."""
    return one.value("position") == other.value("position") and one.kind == other.kind


def _token_names(tokens: Sequence[Block | None]) -> list[str]:
    """The mixer of each kind in a word; several of one sort by what tells them apart."""
    distinct: list[Block] = []
    for token in tokens:
        if token is not None and token not in distinct:
            distinct.append(token)
    found = []
    for token in tokens:
        if token is None:
            found.append("")
            continue
        alike = [block for block in distinct if block.kind == token.kind]
        word = _SHORT[token.kind]
        if len(alike) > 1:
            word = variants(alike)[alike.index(token)].replace(" attention", "")
            word = word if word in ("RoPE", "NoPE") else word.lower()
        found.append(word)
    return found


def _shorts(
    tokens: Sequence[Block | None], channels: Sequence[Block | None], names: Sequence[str]
) -> list[str]:
    several = len({name for name in names if name}) > 1
    kinds = {_kind(channel) for channel in channels}
    found = []
    for token, channel, name in zip(tokens, channels, names, strict=True):
        parts = []
        if token is not None and (several or channel is None):
            parts.append(name)
        if channel is not None and (len(kinds) > 1 and (token is None or "" not in kinds)):
            parts.append(_SHORT[channel.kind])
        if not parts:
            parts = [_SHORT[block.kind] for block in (token, channel) if block is not None][:1]
        found.append(", ".join(parts))
    return found


def numbers(block: Block, path: str, width: int | None) -> tuple[Number, ...]:
    """The numbers that define a mixer or a channel mixer, in reading order."""
    rows = _NUMBERS[block.kind](block, width)
    return tuple(
        Number(value, label, About(path, "\n".join(said(key, block.facts[key]) for key in keys)))
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
        rows.append(("no", "position (NoPE)", ("position",)))
    if "extent" in block.facts:
        rows.append((f"{block.number('extent'):,}", "distances with bias", ("extent",)))
    if "rope_base" in block.facts:
        base, keys = block.facts["rope_base"], ("rope_base",)
        rows.append((_base(base), "RoPE base", keys))
    if "rope_factor" in block.facts and "rope_scaling" in block.facts:
        factor = _decimal(block.facts["rope_factor"])
        name = _SCALINGS.get(str(block.value("rope_scaling")), "RoPE scaling")
        rows.append((f"× {factor}", name, ("rope_scaling", "rope_factor")))
    return rows


_SCALINGS = {
    "yarn": "YaRN",
    "linear": "linear RoPE",
    "llama3": "Llama 3 RoPE",
    "longrope": "LongRoPE",
}


def _base(fact: Fact) -> str:
    """10k, 500k, 1M: a rotary base."""
    value = float(str(fact.value))
    for size, unit in ((1e6, "M"), (1e3, "k")):
        if value >= size and value / size == round(value / size, 2):
            return f"{value / size:g}{unit}"
    return f"{value:,.0f}" if value == int(value) else f"{value:,g}"


def _decimal(fact: Fact) -> str:
    return f"{float(str(fact.value)):.3f}".rstrip("0").rstrip(".")


def _latent_numbers(block: Block, _: int | None) -> Rows:
    nope, rope = block.number("nope_dim"), block.number("rope_dim")
    rows: Rows = [
        (f"{block.number('heads'):,}", "heads", ("heads",)),
        (f"{nope:,} + {rope:,}", "q and k size", ("nope_dim", "rope_dim")),
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


def _receptance_mlp_numbers(block: Block, width: int | None) -> Rows:
    return _mlp_numbers(block, width)


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


def activation(block: Block) -> str:
    """The activation as it is written in papers."""
    held = str(block.value("activation"))
    return _ACTIVATIONS.get(held, "GELU" if held.startswith("gelu") else held[:12])


_ACTIVATIONS = {
    "silu": "SiLU",
    "swish": "SiLU",
    "relu2": "ReLU²",
    "relu": "ReLU",
    "poly_norm": "PolyNorm",
    "situ": "SiTU",
}


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


def _compressed_numbers(block: Block, _: int | None) -> Rows:
    rows: Rows = [
        (f"{block.number('heads'):,}", "query heads", ("heads",)),
        ("1", "key = value head", ("head_dim",)),
        (f"{block.number('head_dim'):,}", "head size", ("head_dim",)),
        (f"{block.number('window'):,}", "tokens in the window", ("window",)),
    ]
    if "ratio" in block.facts:
        rows.append((f"{block.number('ratio'):,} : 1", "compressed", ("ratio",)))
    if "selected" in block.facts:
        rows.append((f"{block.number('selected'):,}", "entries chosen", ("selected",)))
    return rows + _position_numbers(block)


_NUMBERS: dict[str, Callable[[Block, int | None], Rows]] = {
    "attention": _attention_numbers,
    "compressed_attention": _compressed_numbers,
    "latent_attention": _latent_numbers,
    "gated_deltanet": _deltanet_numbers,
    "mamba2": _mamba2_numbers,
    "lightning_attention": _lightning_attention_numbers,
    "kimi_delta_attention": _kimi_delta_attention_numbers,
    "receptance_mlp": _receptance_mlp_numbers,
    "rwkv": _rwkv_numbers,
    "mlstm": _mlstm_numbers,
    "mamba": _mamba_numbers,
    "short_convolution": _short_convolution_numbers,
    "mlp": _mlp_numbers,
    "moe": _moe_numbers,
}

NORMS = {"rms_norm": "RMSNorm", "layer_norm": "LayerNorm"}
