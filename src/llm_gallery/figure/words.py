"""The figure's words: what blocks are called by people who know them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from llm_gallery.analysis.mechanisms import label, reach, sharing
from llm_gallery.analysis.mechanisms import title as formal
from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.activation import function

SHARING = {"GQA": "grouped-query", "MHA": "multi-head", "MQA": "multi-query"}
NORMS = {"rms_norm": "RMSNorm", "layer_norm": "LayerNorm"}


def times(scale: object) -> str:
    """A constant as it is written beside a line; nothing where there is none or it is 1."""
    return f"× {scale:.4g}" if isinstance(scale, (int, float)) and scale not in (0, 1) else ""


def root(size: int) -> str:
    """The square root as a formula has it: "16", or "√168" where it isn't whole."""
    whole = isqrt(size)
    return f"{whole:,}" if whole * whole == size else f"√{size:,}"


def title(block: Block) -> str:
    """What a mixer is called on its block."""
    if block.kind == "attention":
        return _ATTENTION[_attention(block)]
    if block.kind == "compressed_attention":
        return "Window attention" if "ratio" not in block.facts else formal(block)
    if block.kind == "latent_attention" and "selected" in block.facts:
        return "Shared index" if "shared_index" in block.facts else "Sparse attention"
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
    "ngram_memory": "N-gram memory",
    "per_layer_input": "Per-layer input",
}
SHORT = {
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
    "ngram_memory": "n-grams",
    "per_layer_input": "per-layer input",
}


def short(block: Block) -> str:
    """A mixer's name where there is little room; sparse attention by how it chooses."""
    if block.kind == "compressed_attention":
        return label(block) if "ratio" in block.facts else "window"
    if "selected" in block.facts:
        return "shared index" if "shared_index" in block.facts else "sparse"
    return SHORT[block.kind]


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


def all_sized(names: Sequence[str], blocks: Sequence[Block]) -> tuple[str, ...]:
    """The names of a mixer's variants with their numbers; equal ones keep what tells them apart."""
    pairs = list(zip(names, blocks, strict=True))
    held = [sized(name, block) for name, block in pairs]
    return tuple(
        said
        if held.count(said) == 1
        else f"{said.removesuffix(' experts')}, {name[:1].lower()}{name[1:]}"
        for said, (name, _) in zip(held, pairs, strict=True)
    )


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
    if block.kind in ("kimi_delta_attention", "lightning_attention"):
        return f"{number('heads'):,} states of {number('head_dim'):,} × {number('head_dim'):,}"
    if block.kind == "mlstm":
        return f"{number('heads'):,} states of {number('key_dim'):,} × {number('value_dim'):,}"
    if block.kind == "mamba":
        return f"{number('inner'):,} × {number('state_dim'):,} numbers"
    if block.kind == "rwkv":
        return f"{number('inner'):,} channels"
    if block.kind == "short_convolution":
        return f"{number('channels'):,} channels, {number('taps'):,} taps"
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
    """Names that tell the variants of one mixer apart: by reach, position or title, else by a number."""
    if len(blocks) == 1:
        return (title(blocks[0]),)
    reaches, positions = [reached(b) for b in blocks], [positioned(b) for b in blocks]
    candidates = (
        [f"{reach} attention" for reach in reaches],
        [f"{position} attention" for position in positions],
        [f"{reach}, {position}" for reach, position in zip(reaches, positions, strict=True)],
        [title(block) for block in blocks],
        [_compressing(block) for block in blocks],
        ["Hash-routed" if block.value("hashed") else "Scored" for block in blocks],
        *(_numbered(blocks, fact, form) for fact, form in _TELLING),
    )
    for names in candidates:
        if len(set(names)) == len(blocks):
            return tuple(names)
    return tuple(f"{title(block)} {number}" for number, block in enumerate(blocks, 1))


def _compressing(block: Block) -> str:
    """How finely compressed attention sees the past, and what of it a layer makes itself."""
    name = title(block)
    return (
        f"{name.removesuffix(' CSA')} {block.value('ratio')}:1" if "ratio" in block.facts else name
    )


def reached(block: Block) -> str:
    """How far attention sees, in a word, and whether it brings its own keys."""
    if block.kind not in ("attention", "latent_attention") or reach(block) is None:
        seen = "Global"
    else:
        seen = "Local" if "window" in block.facts else "Chunked"
    return f"{seen} shared" if "shared_kv" in block.facts else seen


def positioned(block: Block) -> str:
    """How attention knows positions, in a word."""
    return POSITIONS.get(str(block.value("position")), "Other")


POSITIONS = {"rope": "RoPE", "none": "NoPE", "learned": "Learned position", "relative": "Relative"}
_TELLING = (
    ("window", "Window {}"),
    ("chunk", "Chunks of {}"),
    ("heads", "{} heads"),
    ("kv_heads", "{} KV heads"),
    ("head_dim", "Heads of {}"),
    ("inner", "{} inner width"),
    ("experts", "{} experts"),
    ("used", "Top {}"),
)
"""Facts by whose number variants may be told apart, the most telling first."""


def _numbered(blocks: Sequence[Block], fact: str, form: str) -> list[str]:
    held = [block.value(fact) for block in blocks]
    return [
        form.format(f"{value:,}") if isinstance(value, int) else title(block)
        for block, value in zip(blocks, held, strict=True)
    ]


def activation(block: Block) -> str:
    """The activation as it is written in papers."""
    if (gain := block.value("gain")) is not None:
        return f"x σ({gain:.4g} x)"
    return function(str(block.value("activation")))[:12]
