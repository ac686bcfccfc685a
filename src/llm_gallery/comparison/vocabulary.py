"""What each fact is to a comparison: a cause, a scale or a setting, how much it weighs, and its words.

The weights are those of the family tree (docs/comparison.md): a mechanism weighs more than a size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Level = Literal["cause", "scale", "setting"]


@dataclass(frozen=True, slots=True)
class Term:
    """A fact's level, its weights, its label and the phrases of its change.

    `presence` weighs that a model has it at all, `weight` another value (of a scale: a doubling).
    `{old}` and `{new}` stand for the values. Without phrases, label and values speak.
    """

    level: Level
    weight: float
    label: str
    added: str = ""
    removed: str = ""
    changed: str = ""
    presence: float = 0.0
    base: float = 0.0  # of a scale: whatever the ratio, beyond a few hundredths of padding


def _cause(
    presence: float,
    label: str,
    added: str = "",
    removed: str = "",
    changed: str = "",
    weight: float | None = None,
) -> Term:
    own = presence if weight is None else weight
    return Term("cause", own, label, added, removed, changed, presence)


def _scale(
    label: str, more: str = "", fewer: str = "", weight: float = 0.05, base: float = 0.0
) -> Term:
    """`more` and `fewer` replace "more" and "fewer" before the label, for sizes that aren't counts."""
    return Term("scale", weight, label, more, fewer, presence=0.3, base=base)


def _setting(weight: float, label: str) -> Term:
    return Term("setting", weight, label, presence=weight)


MECHANISM = 3.0
"""Weight of another mechanism in every layer; in part of them, it weighs by the square root of their share."""
LAYOUT = 0.5
"""Weight of the same parts at another rate or in another order."""
PREFIX = 0.15
"""Weight of more or fewer dense layers before the experts."""

TERMS: Mapping[str, Term] = {
    # the whole
    "layers": _scale("layers"),
    "width": _scale("width", "a wider stream", "a narrower stream"),
    "vocabulary": _scale("vocabulary", "a larger vocabulary", "a smaller vocabulary", 0.05, 0.2),
    "context": _scale("context", "a longer context", "a shorter context", 0.02),
    "wiring": _cause(2.5, "wiring"),
    "norm": _cause(1.0, "norm", "{new}", "no norms in the layers", "{new} instead of {old}"),
    "final_norm": _cause(
        0.2, "final norm", "a norm after the last layer", "no norm after the last layer"
    ),
    "norm_placement": _cause(1.5, "norm placement"),
    "tied": _cause(
        0.2, "tied head", "the output head tied to the embedding", "an output head of its own"
    ),
    "head_bias": _cause(
        0.1, "bias of the head", "a bias on the output scores", "no bias on the output scores"
    ),
    "normed_head": _cause(
        0.5, "rows of the head normed", "an output head whose rows are normed",
        "an output head whose rows are left as they are",
    ),
    "exit_gate": _cause(
        0.5, "exit gate", "a gate that says after which pass to stop", "no exit gate"
    ),
    "logit_softcap": _cause(
        0.5, "softcap of the output scores", "a softcap on the output scores",
        "no softcap on the output scores", weight=0.05,
    ),
    "passes": _cause(
        2.0, "passes over the stack", "{new} passes over the stack", "one pass over the stack",
        "{new} passes over the stack instead of {old}", 0.5,
    ),
    "pass_norm": _cause(
        0.2, "final norm after each pass", "the final norm after each pass",
        "the final norm after the last pass only",
    ),
    "layer_scale": _cause(
        0.3, "learned scale on each layer's output", "a learned scale on each layer's output",
        "no learned scale on a layer's output",
    ),
    "stream_scale": _setting(0.2, "stream times, before a branch is added"),
    "embedding_scale": _setting(0.1, "embedding times"),
    "residual_scale": _setting(0.2, "branches times"),
    "logit_scale": _setting(0.1, "output scores times"),
    "multi_token_prediction": _cause(
        0.3, "multi-token prediction", "multi-token prediction", "no multi-token prediction",
        "{new} multi-token-prediction modules instead of {old}", 0.1,
    ),
    "residual": _cause(
        1.5, "residual stream", "{new}", "a plain residual stream", "{new} instead of {old}"
    ),
    "streams": _scale("residual streams"),
    "saved_every": _setting(0.05, "layers from one saved state of the stream to the next"),
    "per_layer_embedding": _cause(
        1.0, "embedding for each layer", "an embedding of its own for each layer",
        "no embedding for each layer",
    ),
    "ngram_memory": _cause(1.0, "n-gram memory", "a memory of n-grams", "no memory of n-grams"),
    "ngram_memory.longest": _setting(0.05, "longest n-gram"),
    "ngram_memory.read": _setting(0.05, "rows read of the n-gram memory"),
    "ngram_memory.lookup_table": _setting(0.0, "tables of n-grams"),
    "ngram_memory.lookup_table.rows": _scale("rows of the n-gram memory"),
    "per_layer_embedding.layers": _setting(0.0, "layers with an embedding"),
    "vision_tower": _cause(0.2, "vision tower", "a vision tower", "no vision tower"),
    "audio_tower": _cause(0.2, "audio tower", "an audio tower", "no audio tower"),
    # attention
    "sharing": _cause(1.0, "sharing of keys and values"),
    "heads": _scale("heads"),
    "kv_heads": _scale("key-value heads"),
    "head_dim": _scale("head size", "larger heads", "smaller heads"),
    "value_dim": _scale("value size", "larger values", "smaller values"),
    "position": _cause(1.5, "positions"),
    "rotated_share": _cause(
        0.5, "rotated share of a head", "only {new} of each head rotated",
        "each head rotated in full", "{new} of each head rotated instead of {old}", 0.2,
    ),
    "rope_base": _setting(0.02, "rotary base"),
    "rope_scaling": _setting(0.05, "context extension"),
    "original_context": _setting(0.0, "context before extension"),
    "window": _cause(
        1.5, "window", "windows of {new} tokens", "no windows",
        "windows of {new} tokens instead of {old}", 0.2,
    ),
    "chunk": _cause(
        1.5, "chunk", "chunks of {new} tokens", "no chunks",
        "chunks of {new} tokens instead of {old}", 0.2,
    ),
    "sinks": _cause(1.0, "attention sinks", "attention sinks", "no attention sinks"),
    "qk_norm": _cause(
        1.0, "query and key norm", "queries and keys normed {new}", "no query and key norm",
        "queries and keys normed {new} instead of {old}", 0.3,
    ),
    "gate": _cause(
        1.0, "attention gate", "a {new} gate on the attention's output", "no gate on the attention's output",
        "a {new} gate on the attention's output instead of a {old} one", 0.3,
    ),
    "softcap": _cause(
        0.5, "softcap", "a softcap on the attention scores", "no softcap on the attention scores",
        "a softcap of {new} on the attention scores instead of {old}", 0.05,
    ),
    "shared_kv": _cause(
        1.0, "keys and values of another layer", "keys and values of an earlier layer",
        "keys and values of its own for every layer",
    ),
    "unified_kv": _cause(
        0.5, "keys as values", "keys that serve as values", "values apart from keys"
    ),
    "value_norm": _cause(0.3, "value norm", "values normed", "no value norm"),
    "convolved": _cause(
        1.0, "convolution in attention", "short convolutions on {new}", "no convolutions in attention",
        "short convolutions on {new} instead of {old}", 0.2,
    ),
    "delayed": _cause(
        0.2, "value channels of the token before", "{new} value channels taken from the token before",
        "values of one token each", weight=0.05,
    ),
    "key_scale": _cause(0.1, "key scale", "a learned scale on the keys", "no scale on the keys"),
    "query_scale": _setting(0.1, "queries times"),
    "extent": _setting(0.05, "reach of the relative positions"),
    "noise_heads": _cause(
        1.0, "noise heads", "differential attention ({new} noise heads)",
        "no differential attention", "{new} noise heads instead of {old}", 0.1,
    ),
    "scale_dim": _setting(0.2, "scores divided by the root of"),
    "clip": _setting(0.2, "queries, keys and values clipped at"),
    "score_scale": _setting(0.1, "scores times"),
    "rotated_scale": _setting(0.05, "scores of the rotated part times"),
    "value_scale": _setting(0.1, "values times"),
    "input_scale": _setting(0.05, "input times"),
    "output_scale": _setting(0.05, "output times"),
    "gate_scale": _setting(0.05, "gate times"),
    "projection_scales": _setting(0.05, "projections times"),
    "bias": _cause(0.5, "bias"),
    "temperature_tuning": _cause(
        0.5, "attention temperature by position", "attention temperature by position",
        "no attention temperature by position",
    ),
    # latent attention
    "query_rank": _scale("query rank", "a larger query latent", "a smaller query latent", 0.1),
    "kv_rank": _scale("latent", "a larger key-value latent", "a smaller key-value latent", 0.1),
    "nope_dim": _scale("key size without position", "larger keys", "smaller keys"),
    "rope_dim": _scale("key size with position", "a larger rotated key", "a smaller rotated key"),
    "shared_dim": _scale(
        "key size shared by all heads", "a larger shared key", "a smaller shared key"
    ),
    "indexer": _cause(
        1.5, "indexer", "an indexer that picks the keys each query sees",
        "no indexer",
    ),
    "shared_index": _cause(
        0.5, "shared index", "keys picked by an earlier layer's indexer", "no shared index"
    ),
    "selected": _scale("keys picked per query"),
    "scaled_latents": _setting(0.1, "scaled latents"),
    "indexer.heads": _scale("indexer heads"),
    "indexer.head_dim": _scale("indexer head size", "larger indexer heads", "smaller indexer heads"),
    "indexer.rotated_share": _setting(0.02, "rotated share of an indexer head"),
    "indexer.kept": _setting(0.0, "numbers kept per indexed token"),
    "indexer.pooled": _setting(0.1, "tokens pooled into one indexed key"),
    "indexer.pool_positions": _setting(0.05, "positions of pooled keys"),
    "indexer.block_size": _setting(0.1, "tokens of an indexed block"),
    "indexer.candidates": _cause(
        0.2, "candidates", "indexers that choose among {new} candidates of an earlier one",
        "indexers that choose among all keys",
    ),
    # compressed attention
    "ratio": _setting(0.1, "tokens in a compressed entry"),
    "shared_stream": _cause(
        0.5, "shared compressed stream", "a compressed stream shared by several layers",
        "a compressed stream of its own for each layer",
    ),
    "output_groups": _setting(0.05, "groups of the output projection"),
    "output_rank": _scale("rank of the output", "a larger rank of the output", "a smaller rank of the output"),
    "query_norm": _cause(
        0.3, "query norm", "each head's query normed without weights", "no norm on each head's query"
    ),
    # recurrent mixers
    "key_heads": _scale("key heads"),
    "value_heads": _scale("value heads"),
    "key_dim": _scale("key size", "larger keys", "smaller keys"),
    "state_dim": _scale("state size", "a larger state", "a smaller state"),
    "step_rank": _scale("step rank", "a larger step rank", "a smaller step rank"),
    "channels": _scale("channels"),
    "taps": _setting(0.1, "convolution taps"),
    "gate_softcap": _setting(0.1, "softcap of the gates"),
    "decay_rank": _scale("rank of the decay", "a larger rank of the decay", "a smaller rank of the decay"),
    "gate_rank": _scale("rank of the gate", "a larger rank of the gate", "a smaller rank of the gate"),
    "decay_floor": _setting(0.1, "floor of the decay"),
    "norm_groups": _setting(0.1, "norm groups"),
    "negative_eigenvalues": _cause(
        0.2, "negative eigenvalues", "negative eigenvalues in the state", "no negative eigenvalues"
    ),
    # MLP and experts
    "activation": _cause(1.0, "activation", "{new}", "", "{new} instead of {old}"),
    "limit": _cause(0.3, "clamp", "activations clamped at {new}", "no clamped activations", weight=0.05),
    "activation_learned": _setting(0.0, "learned numbers of the activation"),
    "up_softcap": _setting(0.1, "softcap of up"),
    "gain": _setting(0.1, "gain of the gate's sigmoid"),
    "shift": _setting(0.1, "number added to up"),
    "inner": _scale("inner width", "wider", "narrower"),
    "experts": _scale("routed experts", weight=0.1),
    "used": _scale("experts per token"),
    "shared": _cause(1.0, "shared experts", weight=0.2),
    "shared_inner": _scale("shared expert's width", "a wider shared expert", "a narrower shared expert"),
    "shared_gate": _cause(
        0.5, "gate on the shared expert", "a gate on the shared expert",
        "no gate on the shared expert",
    ),
    "scoring": _cause(0.7, "router scores", changed="{new} router scores instead of {old}"),
    "groups": _cause(
        0.3, "expert groups", "experts in {new} groups", "no expert groups",
        "{new} expert groups instead of {old}", 0.1,
    ),
    "groups_used": _setting(0.05, "groups used"),
    "scale": _setting(0.05, "routed weights times"),
    "learned_scale": _cause(
        0.1, "learned scale on the output", "a learned scale on the output",
        "no learned scale on the output",
    ),
    "normalized": _cause(
        0.2, "normalized weights", "the chosen experts' weights made to sum to 1",
        "the chosen experts' weights left as they are",
    ),
    "combined": _setting(0.2, "routed and shared outputs"),
    "weights_input": _cause(
        0.5, "weights on the input", "router weights on the experts' input",
        "router weights on the experts' output",
    ),
    "correction": _cause(
        0.5, "balancing bias", "a balancing bias in the router", "no balancing bias in the router"
    ),
    "router_bias": _setting(0.1, "bias of the router"),
    "router_norm": _cause(
        0.2, "router norm", "a norm before the router", "no norm before the router"
    ),
    "expert_scale": _cause(
        0.2, "expert scale", "a learned scale for each expert", "no learned scale for each expert"
    ),
    "hashed": _cause(
        0.5, "hash routing", "experts chosen by token id", "no experts chosen by token id"
    ),
    "identity_experts": _scale("identity experts"),
    "router_inner": _cause(
        0.3, "router width", "a router with an MLP {new} wide", "a linear router",
        "a router with an MLP {new} wide instead of {old}", 0.05,
    ),
    "shortcut": _cause(
        1.0, "shortcut", "experts that start before the layer's second attention",
        "experts that start where they stand",
    ),
    "latent": _cause(
        1.0, "latent experts", "experts on a latent of {new}", "experts on the full stream",
        "experts on a latent of {new} instead of {old}", 0.2,
    ),
}  # fmt: skip
"""The facts that are known by name."""

IN_KIND: Mapping[tuple[str, str], Term] = {
    ("attention", "bias"): _cause(
        0.4, "bias", "attention biases", "no attention biases"
    ),
    ("latent_attention", "bias"): _cause(
        0.4, "bias", "attention biases", "no attention biases"
    ),
    ("mlp", "bias"): _cause(0.3, "bias", "MLP biases", "no MLP biases"),
    ("moe", "bias"): _cause(0.15, "bias", "expert biases", "no expert biases"),
    ("moe", "softcap"): _cause(
        0.3, "softcap of the router", "a softcap on the router's scores",
        "no softcap on the router's scores",
        "a softcap of {new} on the router's scores instead of {old}", 0.05,
    ),
    ("mlp", "inner"): _scale("MLP width", "a wider MLP", "a narrower MLP"),
    ("moe", "inner"): _scale("expert width", "wider experts", "narrower experts"),
    ("mamba2", "groups"): _scale("state-space groups"),
    ("mamba2", "heads"): _scale("state-space heads"),
    ("mamba2", "head_dim"): _scale("state-space head size", "larger state-space heads", "smaller state-space heads"),
    ("mamba", "inner"): _scale("state-space width", "a wider state space", "a narrower state space"),
    ("gated_deltanet", "gate"): _cause(
        0.2, "output gate", "a {new} output gate", "no output gate",
        "{new} instead of {old} output gates",
    ),
    ("kimi_delta_attention", "gate_rank"): _scale("rank of the output gate", weight=0.05),
    ("gated_deltanet", "activation"): _setting(0.1, "activation of the convolution"),
    ("mamba2", "activation"): _setting(0.1, "activation of the convolution"),
    ("mamba", "activation"): _setting(0.1, "activation of the convolution"),
}  # fmt: skip
"""Facts whose name means something else in one kind of block."""


def term(kind: str, name: str, numbers: bool) -> Term:
    """The term of a fact; one that no table knows is a scale where both values are numbers, else a cause.

    A test over the catalog says that none is unknown there; a config of tomorrow still compares.
    """
    known = IN_KIND.get((kind, name)) or TERMS.get(name)
    if known is not None:
        return known
    label = name.removeprefix("flow.").replace("_", " ").replace(".", " ")
    if numbers:
        return _scale(label, f"a larger {label}", f"a smaller {label}")
    weight = 0.2 if "." in name and not name.startswith("flow.") else 1.0
    return _cause(weight, label, label, f"no {label}")
