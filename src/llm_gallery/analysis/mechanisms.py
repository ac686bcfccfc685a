"""Which mechanism a block is: the word for its colour, and the field's short name for it."""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block

Mechanism = Literal[
    "full",
    "window",
    "latent",
    "linear",
    "convolution",
    "mlp",
    "moe",
    "norm",
    "embedding",
    "position",
]

_BY_KIND: dict[str, Mechanism] = {
    "latent_attention": "latent",
    "indexer": "latent",
    "compressor": "latent",
    "ngram_memory": "embedding",
    "lookup_table": "embedding",
    "gated_deltanet": "linear",
    "kimi_delta_attention": "linear",
    "lightning_attention": "linear",
    "mamba": "linear",
    "mamba2": "linear",
    "mlstm": "linear",
    "rwkv": "linear",
    "short_convolution": "convolution",
    "convolution": "convolution",
    "mlp": "mlp",
    "receptance_mlp": "mlp",
    "moe": "moe",
    "router": "moe",
    "shared_gate": "moe",
    "exit_gate": "mlp",
    "connection": "norm",
    "rms_norm": "norm",
    "layer_norm": "norm",
    "layer_scale": "norm",
    "embedding": "embedding",
    "per_layer_embedding": "embedding",
    "per_layer_input": "embedding",
    "linear": "embedding",  # between a table and a stream of another width
    "head": "embedding",
    "position_embedding": "position",
}

_NAMES = {
    "indexer": "indexer",
    "compressor": "compressed stream",
    "ngram_memory": "n-gram memory",
    "lookup_table": "n-gram tables",
    "gated_deltanet": "Gated DeltaNet",
    "kimi_delta_attention": "KDA",
    "lightning_attention": "Lightning",
    "mamba": "Mamba",
    "mamba2": "Mamba-2",
    "mlstm": "mLSTM",
    "rwkv": "RWKV",
    "receptance_mlp": "channel mixing",
    "short_convolution": "LIV convolution",
    "moe": "MoE",
    "rms_norm": "RMSNorm",
    "layer_norm": "LayerNorm",
    "layer_scale": "layer scale",
    "embedding": "embedding",
    "position_embedding": "position embedding",
    "head": "output head",
}


def mechanism(block: Block) -> Mechanism:
    """The mechanism whose colour a block has in figure, strip, chart and filter."""
    if block.kind == "attention":
        return "window" if reach(block) is not None else "full"
    if block.kind == "compressed_attention":
        return "latent" if "ratio" in block.facts else "window"
    return _BY_KIND[block.kind]


def named(block: Block, name: str) -> str:
    """A fact's name as it is shown: the key that latent heads share is no key of positions where there are none."""
    return "shared_dim" if name == "rope_dim" and block.value("position") == "none" else name


def reach(block: Block) -> int | None:
    """How many tokens attention sees at most, itself included; None where it sees everything."""
    limits = [block.number(name) for name in ("window", "chunk") if name in block.facts]
    return min(limits) if limits else None


def label(block: Block) -> str:
    """The field's short name: "GQA", "sliding-window MHA", "NoPE GQA", "MLA", "MoE", "gated MLP"."""
    if block.kind == "attention":
        return " ".join((*_qualities(block), sharing(block)))
    if block.kind == "latent_attention":
        return " ".join((*_qualities_of_latent(block), "MLA"))
    if block.kind == "compressed_attention":
        return _compressed(block)
    if block.value("hashed"):
        return "hash-routed MoE"
    if block.kind == "mlp":
        return "gated MLP" if block.value("gated") else "MLP"
    return _NAMES[block.kind]


def _compressed(block: Block) -> str:
    """Compressed sparse, heavily compressed, or window alone, as DeepSeek V4 calls them."""
    if "ratio" not in block.facts:
        return "sliding-window MQA"
    name = "CSA" if "selected" in block.facts else "HCA"
    if block.value("shared_index"):
        return f"shared {name}"
    return f"re-indexed {name}" if block.value("shared_stream") and name == "CSA" else name


def title(block: Block) -> str:
    """The short name at the start of a line; mLSTM keeps its small letter."""
    name = label(block)
    return name if name[1:2].isupper() else name[0].upper() + name[1:]


def sharing(block: Block) -> str:
    """How queries share keys and values: MHA, GQA or MQA."""
    heads, kv_heads = block.number("heads"), block.number("kv_heads")
    if heads == kv_heads:
        return "MHA"
    return "MQA" if kv_heads == 1 else "GQA"


def _qualities(block: Block) -> list[str]:
    found = []
    if "window" in block.facts:
        found.append("sliding-window")
    if "chunk" in block.facts:
        found.append("chunked")
    if "selected" in block.facts:
        found.append("sparse")
    if "gate" in block.facts:
        found.append("gated")
    if block.value("position") == "none":
        found.append("NoPE")
    if "shared_kv" in block.facts:
        found.append("KV-sharing")
    return found


def _qualities_of_latent(block: Block) -> list[str]:
    found = ["sliding-window"] if "window" in block.facts else []
    if "shared_index" in block.facts:
        found.append("shared-index")
    if "selected" in block.facts:
        found.append("sparse")
    return found
