"""Gemma 4, text: Gemma 3 with wider heads where attention sees everything, per-layer embeddings, and keys and values shared.

Reference: transformers/models/gemma4/modular_gemma4.py
Model: https://huggingface.co/google/gemma-4-E2B-it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, derived, known
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    KeyValues,
    Names,
    Scaling,
    added,
    attention,
    facts,
    group,
    layer,
    layer_scale,
    linear,
    mixture_of_experts,
    per_layer_embedding,
    per_layer_input,
    residual,
    rms_norm,
    stacked_experts,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    DeclaredCount,
    Length,
    Size,
    altered,
    at_most,
    config,
    multiple,
    stated,
)
from llm_gallery.families._layers import each, every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.gemma import root_of_width
from llm_gallery.families.llama import Llama, decoder, norm, swiglu


@config("gemma4_text", unused=("expert_intermediate_size",))
class Gemma4Text(Llama):
    hidden_act: str = ""  # Gemma's key is hidden_activation
    hidden_activation: str
    head_dim: Size
    num_key_value_heads: Size
    global_head_dim: Size = 512  # the class's own fallback
    num_global_key_value_heads: Size | None = None
    sliding_window: Length
    layer_types: tuple[str, ...] | None
    final_logit_softcapping: float | None
    use_bidirectional_attention: Literal["all", "vision"] | None
    vocab_size_per_layer_input: Size
    hidden_size_per_layer_input: DeclaredCount = 0
    attention_k_eq_v: bool
    per_layer_config: dict[str, dict[str, Size]] | None = (
        None  # as the reference saves the two above
    )
    num_kv_shared_layers: Count
    use_double_wide_mlp: bool
    enable_moe_block: bool
    num_experts: Size | None
    top_k_experts: Size | None
    moe_intermediate_size: Size | None


def gemma4_text(c: Gemma4Text) -> Block:
    return text(c)


def text(c: Gemma4Text, body: str = "model", tied: Fact | None = None) -> Block:
    """The decoder; `body` is where a multimodal checkpoint stores it."""
    count = c.num_hidden_layers
    pattern = sliding(c.layer_types, count, every_nth(6, count))
    pattern[-1] = False  # as the class forces it
    c = unfolded(c, [i for i, is_local in enumerate(pattern) if not is_local])
    first_shared = count - c.num_kv_shared_layers
    keys = [(is_local, i >= first_shared) for i, is_local in enumerate(pattern)]
    model = decoder(
        c,
        each(keys, lambda key: decoder_layer(c, *key)),
        Names(body),
        head=Head(softcap=c.final_logit_softcapping),
        tied=tied,
        embedding_scale=root_of_width(c),
    )
    if not c.hidden_size_per_layer_input:
        return model
    decoding, *rest = model.inside
    table, *after = decoding.inside
    return replace(model, inside=(group(body, table, *per_layer(c), *after), *rest))


def unfolded(c: Gemma4Text, full: Sequence[int]) -> Gemma4Text:
    """The full layers' own sizes, where a config saved by the reference lists them layer by layer."""
    said = stated(c, "per_layer_config")
    if said.evidence != "stated":
        return c
    by_layer = c.per_layer_config or {}
    listed = list(by_layer.values()) or [{}]  # nothing: sizes as the other layers'
    if any(sizes != listed[0] for sizes in listed) or (
        by_layer and {key.lstrip("0") or "0" for key in by_layer} != {*map(str, full)}
    ):
        raise Refusal(
            "per_layer_config gives full layers different sizes, or other layers sizes of their own, "
            "expected one for all full layers; make them agree"
        )
    sizes = {key: known(size, "stated", said.source) for key, size in listed[0].items()}
    return altered(
        c,
        global_head_dim=sizes.get("head_dim", c.head_dim),
        num_global_key_value_heads=sizes.get("num_key_value_heads"),
    )


def per_layer(c: Gemma4Text) -> Sequence[Block]:
    """A vector for each layer: from a table by the token, and from the token's embedding, summed."""
    width, layers = c.hidden_size_per_layer_input, c.num_hidden_layers
    return (
        per_layer_embedding("embed_tokens_per_layer", c.vocab_size_per_layer_input, width, layers),
        per_layer_input(
            linear("per_layer_model_projection", c.hidden_size, layers * width),
            rms_norm("per_layer_projection_norm", width),
            width=width,
        ),
    )


def decoder_layer(c: Gemma4Text, local: bool, shared: bool) -> Block:
    branches = [
        residual(
            norm(c, "input_layernorm"),
            layer_attention(c, local, shared),
            norm(c, "post_attention_layernorm"),
        ),
        residual(*channels(c, shared), norm(c, "post_feedforward_layernorm")),
    ]
    width = c.hidden_size_per_layer_input
    if width:
        mixed = per_layer_input(
            linear("per_layer_input_gate", c.hidden_size, width, role="gate"),
            linear("per_layer_projection", width, c.hidden_size, role="output"),
            width=width,
            activation=c.hidden_activation,
        )
        branches.append(residual(mixed, norm(c, "post_per_layer_input_norm")))
    return layer(*branches, layer_scale("layer_scalar"))


def layer_attention(c: Gemma4Text, local: bool, shared: bool) -> Block:
    """Full layers have heads of another size, and may have fewer keys, which then serve as values too."""
    heads, dim = c.num_attention_heads, c.head_dim if local else c.global_head_dim
    if dim % 2:  # the reference builds such heads, and rotates none of them
        key = "head_dim" if local else "global_head_dim"
        raise Refusal(
            f"{key} is {dim}, expected an even number: channels of a head rotate in pairs; correct it"
        )
    unified = c.attention_k_eq_v and not local
    kv_heads = (c.num_global_key_value_heads if unified else None) or c.num_key_value_heads
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    width, bias = c.hidden_size, c.attention_bias
    blocks = [] if shared else [linear("k_proj", width, kv_heads * dim, role="key", bias=bias)]
    if not shared and not unified:
        blocks.append(linear("v_proj", width, kv_heads * dim, role="value", bias=bias))
    norms = [rms_norm("q_norm", dim, role="query_norm")]
    if not shared:
        norms.append(rms_norm("k_norm", dim, role="key_norm"))
    window = c.sliding_window
    if c.use_bidirectional_attention == "all":
        window = window // 2 + 1
    return attention(
        "self_attn",
        heads=Heads(heads, kv_heads, dim),
        positions=rope(c, dim, layer_type="sliding_attention" if local else "full_attention"),
        inside=(
            linear("q_proj", width, heads * dim, role="query", bias=bias),
            *blocks,
            linear("o_proj", heads * dim, width, role="output", bias=bias),
            *norms,
        ),
        window=window if local else None,
        qk_norm="per head",
        bias=stated(c, "attention_bias"),
        kv=KeyValues(shared=shared, unified=unified, value_norm=True),
        scaling=Scaling(scale_dim=1),
    )


def channels(c: Gemma4Text, shared: bool) -> Sequence[Block]:
    """An MLP, twice as wide where keys are shared if so stated; experts beside it, each with its own norms."""
    wide = c.use_double_wide_mlp and shared
    inner = derived(2 * c.intermediate_size, "2 x intermediate_size") if wide else None
    parts = (norm(c, "pre_feedforward_layernorm"), swiglu(c, inner=inner))
    if not c.enable_moe_block:
        return parts
    both = added(
        group("", *parts, norm(c, "post_feedforward_layernorm_1")),
        group(
            "",
            norm(c, "pre_feedforward_layernorm_2"),
            moe(c),
            norm(c, "post_feedforward_layernorm_2"),
        ),
    )
    return (both,)


def moe(c: Gemma4Text) -> Block:
    """The router norms the stream by itself, and scales each expert's weight by a learned number."""
    if not (c.num_experts and c.top_k_experts and c.moe_intermediate_size):
        raise Refusal(
            "enable_moe_block is true and num_experts, top_k_experts or moe_intermediate_size is "
            "missing, expected all three; add them"
        )
    at_most(c.top_k_experts, c.num_experts, ("top_k_experts", "num_experts"))
    scores = linear("router", c.hidden_size, c.num_experts)
    tensors = (
        Tensor("scale", (int(c.hidden_size),), role="scale"),
        Tensor("per_expert_scale", (int(c.num_experts),), role="expert_scale"),
        Tensor("proj.weight", (int(c.num_experts), int(c.hidden_size)), role="weight"),
    )
    mixture = mixture_of_experts(
        "",
        router=replace(scores, kind="router", tensors=tensors),
        experts=stacked_experts(
            "experts",
            stored=c.num_experts,
            used=c.top_k_experts,
            width=c.hidden_size,
            inner=c.moe_intermediate_size,
            activation=c.hidden_activation,
            outputs_first=True,
        ),
        scoring="softmax",
        normalized=True,
    )
    slots = {name: fact for name, fact in mixture.facts.items() if name != "correction"}
    return replace(mixture, facts={**slots, **facts(router_norm=True, expert_scale=True)})
