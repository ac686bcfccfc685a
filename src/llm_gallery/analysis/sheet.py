"""The fact sheet: what a model's blocks state, grouped by mechanism, each value with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from llm_gallery.analysis.layers import kinds
from llm_gallery.architecture.block import Architecture, Block, channel_mixer, main_stack, mixers
from llm_gallery.architecture.fact import Evidence, Fact, Value
from llm_gallery.mechanisms import colour_of, heading, label
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.latent_attention import named


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as shown: its name and label, its value and that in words, and how it is known."""

    name: str
    label: str
    held: Value
    value: str
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """The facts of one mechanism, and how many layers have it."""

    title: str
    mechanism: Colour | None
    layers: int
    rows: tuple[Row, ...]


LABELS = {
    "width": "Width",
    "vocabulary": "Vocabulary",
    "context": "Longest context",
    "configured_context": "Longest context, by the config",
    "tied": "Head tied to embedding",
    "head_bias": "Bias of the head",
    "normed_head": "Rows of the head normed",
    "logit_softcap": "Softcap of the output scores",
    "passes": "Passes over the stack",
    "pass_norm": "Final norm after each pass",
    "residual": "Residual connections",
    "streams": "Residual streams",
    "saved_every": "Layers between saved sums",
    "mixing": "Mixing of the streams",
    "rounds": "Rounds of normalizing",
    "layer_scale": "Learned scale on each layer's output",
    "embedding_scale": "Embedding times",
    "stream_scale": "Stream times, before a branch is added",
    "residual_scale": "Branches times",
    "logit_scale": "Output scores times",
    "heads": "Query heads",
    "ratio": "Tokens compressed into one",
    "shared_stream": "Compressed by an earlier layer",
    "output_groups": "Groups of the output",
    "output_rank": "Output latent of a group",
    "noise_heads": "Heads subtracted as noise",
    "kv_heads": "Key, value heads",
    "head_dim": "Head size",
    "position": "Positions",
    "extent": "Longest distance with a bias",
    "rotated": "Rotated part of a head",
    "rope_base": "Rotary base",
    "rope_scaling": "Context extension",
    "rope_factor": "Extension factor",
    "original_context": "Context before extension",
    "window": "Window, tokens",
    "chunk": "Chunk, tokens",
    "sinks": "Attention sinks",
    "qk_norm": "Query and key norm",
    "gate": "Output gate",
    "softcap": "Softcap",
    "scale_dim": "Scores divided by the root of",
    "input_scale": "Input times",
    "output_scale": "Output times",
    "gate_scale": "Gate times",
    "projection_scales": "Projections times",
    "score_scale": "Scores times",
    "rotated_scale": "Scores of the rotated part times",
    "value_scale": "Values times",
    "shared_kv": "Keys, values of an earlier layer",
    "unified_kv": "One projection for keys and values",
    "value_norm": "Value norm",
    "query_norm": "Query norm, without weights",
    "output_norm": "Norm of the heads' output",
    "inner_norm": "Norm before the last matrix",
    "query_scale": "Queries times",
    "convolved": "Short convolution over",
    "delayed": "Value channels from the last token",
    "clip": "Queries, keys, values clipped at",
    "bias": "Bias",
    "router_bias": "Bias of the router",
    "temperature_tuning": "Attention temperature by position",
    "longest": "Longest n-gram, tokens",
    "read": "Rows read per token",
    "rows": "Rows stored",
    "selected": "Tokens chosen",
    "pooled": "Keys pooled into one",
    "block_size": "Tokens chosen together",
    "shared_index": "Chosen by an earlier layer",
    "scaled_latents": "Latents times the root of width / rank",
    "query_rank": "Query latent",
    "kv_rank": "Key, value latent",
    "nope_dim": "Key size without position",
    "rope_dim": "Key size with position",
    "shared_dim": "Key size shared by all heads",
    "value_dim": "Value size",
    "key_heads": "Query, key heads",
    "value_heads": "Value heads",
    "key_dim": "Key size",
    "state_dim": "State size",
    "step_rank": "Bottleneck of the step",
    "state_dtype": "State dtype",
    "decay_rank": "Rank of the decay",
    "gate_rank": "Rank of the output gate",
    "decay_floor": "Decay at least e to the",
    "negative_eigenvalues": "Negative eigenvalues",
    "norm_groups": "Groups normed apart",
    "gate_softcap": "Softcap of the gates",
    "groups": "Groups",
    "groups_used": "Groups used",
    "taps": "Convolution taps",
    "channels": "Channels",
    "activation": "Activation",
    "activation_learned": "Learned numbers of the activation",
    "up_softcap": "Softcap of up",
    "inner": "Inner width",
    "gated": "Gated",
    "limit": "Clamped at",
    "gain": "Gain of the gate's sigmoid",
    "shift": "Added to up",
    "experts": "Experts stored",
    "used": "Experts run per token",
    "shared": "Shared experts",
    "shared_gate": "Gate on the shared expert",
    "router_inner": "Inner width of the router",
    "router_norm": "Router norms the stream",
    "expert_scale": "Learned scale for each expert",
    "scoring": "Router score",
    "scale": "Weights times",
    "learned_scale": "Learned scale on the output",
    "normalized": "Chosen weights sum to 1",
    "combined": "Routed and shared outputs",
    "weights_input": "Weights multiply the input",
    "shortcut": "Experts read the output of",
    "identity_experts": "Choices that run no expert",
    "hashed": "Chosen by the token's id",
    "correction": "Balancing bias",
    "latent": "Experts' latent width",
}
"""Every fact that a sheet shows, in the reader's words."""

WORDS = {
    ("position", "rope"): "rotary",
    ("position", "none"): "none",
    ("position", "learned"): "learned table",
    ("position", "relative"): "learned bias by distance",
    ("position", "alibi"): "linear bias (ALiBi)",
    ("activation", "xielu"): "xIELU",
    ("activation", "situ"): "SiTU",
    ("activation", "poly_norm"): "PolyNorm",
    ("tied", True): "yes",
    ("tied", False): "no",
}


def sheet(architecture: Architecture) -> tuple[Section, ...]:
    """The model's own facts first, then a section for each distinct mixer and channel mixer."""
    found = [Section("Model", None, 0, tuple(_rows(_model(architecture.root))))]
    blocks: list[tuple[Block, int]] = []
    found_in = [(kind.count, mixers(kind.layer)) for kind in kinds(architecture.root)]
    found_in += [
        (kind.count, (channels,))
        for kind in kinds(architecture.root)
        if (channels := channel_mixer(kind.layer)) is not None
    ]
    for count, parts in found_in:
        for block in parts:
            known = next((i for i, (held, _) in enumerate(blocks) if held == block), None)
            if known is None:
                blocks.append((block, count))
            else:
                blocks[known] = (block, blocks[known][1] + count)
    found += [_section(block, count) for block, count in blocks]
    return tuple(found)


def _model(root: Block) -> Block:
    """The model's own facts, and what its stack states about the residual stream."""
    stack = main_stack(root)
    return root if stack is None else replace(root, facts={**root.facts, **stack.facts})


def _section(block: Block, count: int) -> Section:
    return Section(heading(label(block)), colour_of(block), count, tuple(_rows(block)))


def _rows(block: Block) -> Iterator[Row]:
    for held, fact in block.facts.items():
        name = named(block, held)
        told = not (name == "width" and block.kind == "mlp")
        if name in LABELS and told and (name, fact.value) != ("shared_dim", 0):
            words = _value(name, fact)
            yield Row(name, LABELS[name], _plain(fact.value), words, fact.evidence, fact.source)


def _plain(value: Value) -> Value:
    """The value without its origin, which some still carry."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return int(value)
    return float(value) if isinstance(value, float) else str(value)


def _value(name: str, fact: Fact) -> str:
    value = fact.value
    if (name, value) in WORDS:
        return WORDS[name, value]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{int(value):,}" if value.is_integer() else f"{value:,.6g}"
    return str(value)
