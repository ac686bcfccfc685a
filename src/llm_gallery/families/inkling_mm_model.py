"""Inkling: windowed attention with learned biases by distance in place of rotation, short convolutions on keys, values and both branches, and shared experts that the router weighs too.

Reference: transformers/models/inkling/modular_inkling.py
Reference: sglang/srt/models/inkling.py (multi-token prediction)
Report: https://thinkingmachines.ai/news/introducing-inkling/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Head,
    Names,
    Positions,
    Scaling,
    Shared,
    apart,
    attention,
    facts,
    gated_mlp,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stacked_experts,
    with_settings,
)
from llm_gallery.families._config import (
    Count,
    Divisor,
    Few,
    Size,
    at_most,
    config,
)
from llm_gallery.families._inkling import (
    AnyInkling,
    distances,
    of_distance,
    projections,
    reach,
    short_convolution,
    with_growing_queries,
)
from llm_gallery.families._inkling_tower import Audio, Vision, audio, vision
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope_scale import tempered
from llm_gallery.families.llama import decoder, norm


@config(
    "inkling_text",
    unused=(
        "chain_hidden_post_norm", "mtp_hidden_states_first", "mtp_local_layer_ids", "num_mtp_layers",
        "number_of_conv_states", "rms_norm_eps_moe_gate", "shared_expert_sink", "unpadded_vocab_size",
    ),
    unless={"moe_intermediate_size": "dense_intermediate_size"},
)  # fmt: skip
class InklingText(AnyInkling):
    dense_intermediate_size: Size | None = None  # where stated, intermediate_size is an expert's
    moe_intermediate_size: Size | None
    local_layer_ids: tuple[Count, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    dense_mlp_idx: Count = 0  # as the class falls back
    n_shared_experts: Size
    logits_mup_width_multiplier: Divisor
    final_logit_softcapping: float | None = None
    gate_activation: Literal["sigmoid"] = "sigmoid"
    norm_after_topk: Literal[True] = True
    use_embed_norm: Literal[True] = True
    use_sconv: Literal[True] = True
    use_gate_bias: Literal[True] = True
    use_global_scale: Literal[True] = True
    q_bias: Literal[False] = False
    o_bias: Literal[False] = False


@config("", unused=("chain_hidden_post_norm",))
class NextTokens:
    num_nextn_predict_layers: Few
    local_layer_ids: tuple[Count, ...] = ()


@config("inkling_mm_model", unused=("audio_bos_token_id", "audio_token_id", "image_bos_token_id"))
class Inkling:
    text_config: InklingText
    audio_config: Audio | None = None
    vision_config: Vision | None = None
    mtp_config: NextTokens | None = None


def inkling_mm_model(c: Inkling) -> Block:
    text = c.text_config
    body = decoder(
        text,
        each(layers(text), lambda key: decoder_layer(text, *key)),
        Names("model.llm", "embed", "model.llm.unembed"),
        before=(norm(text, "embed_norm"),),
        head=Head(
            softcap=text.final_logit_softcapping,
            scale=derived(1 / text.logits_mup_width_multiplier, "1 / logits_mup_width_multiplier"),
        ),
    )
    beside = (
        *((audio(c.audio_config, text.hidden_size),) if c.audio_config else ()),
        *((vision(c.vision_config, text.hidden_size),) if c.vision_config else ()),
        *(next_token_modules(text, c.mtp_config) if c.mtp_config else ()),
    )
    return replace(body, inside=(*body.inside, *beside))


def layers(c: InklingText) -> Sequence[tuple[bool, bool]]:
    """For each layer whether it sees a window, and whether it has experts."""
    count = c.num_hidden_layers
    local = c.local_layer_ids
    near = [(i + 1) % 6 > 0 if local is None else i in local for i in range(count)]
    default = ["hybrid_sliding" if each else "hybrid" for each in near]
    types = typed(c.layer_types, count, default, ("hybrid", "hybrid_sliding"))
    dense_first = ["dense" if i < c.dense_mlp_idx else "sparse" for i in range(count)]
    which = typed(c.mlp_layer_types, count, dense_first, ("dense", "sparse"), "mlp_layer_types")
    return [(t == "hybrid_sliding", w == "sparse") for t, w in zip(types, which, strict=True)]


def decoder_layer(c: InklingText, local: bool, sparse: bool) -> Block:
    """What each branch adds passes a short convolution of its own, beside which it goes straight."""
    return layer(
        residual(
            norm(c, "attn_norm"),
            biased_attention(c, local),
            short_convolution(c, "attn_sconv", c.hidden_size),
        ),
        residual(
            norm(c, "mlp_norm"),
            moe(c) if sparse else dense(c),
            short_convolution(c, "mlp_sconv", c.hidden_size),
        ),
    )


def biased_attention(c: InklingText, local: bool) -> Block:
    """Scores plus a bias for head and distance, 0 beyond its extent; far ones grow with the log of the position."""
    heads, extent = reach(c, local)
    dim, shared = heads.width, heads.key_value * heads.width
    mixer = attention(
        "attn",
        heads=heads,
        positions=Positions(kind="relative"),
        inside=(
            *projections(c, heads),
            of_distance(c, heads),
            short_convolution(c, "k_sconv", shared, "key_convolution"),
            short_convolution(c, "v_sconv", shared, "value_convolution"),
            rms_norm("q_norm", dim, role="query_norm"),
            rms_norm("k_norm", dim, role="key_norm"),
            linear("wo_ud", heads.query * dim, c.hidden_size, role="output"),
        ),
        window=c.sliding_window_size if local else None,
        qk_norm="per head",
        scaling=Scaling(
            scale_dim=derived(dim * dim, "head_dim x head_dim"),
            temperature_tuning=None if local else tempered(c, "log_scaling_n_floor"),
        ),
    )
    added_facts = facts(convolved="keys and values", extent=extent)
    mixer = replace(mixer, facts={**mixer.facts, **added_facts}, tensors=(distances(c, extent),))
    return mixer if local else with_growing_queries(c, mixer)


def dense(c: InklingText) -> Block:
    channels = gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.dense_intermediate_size or c.intermediate_size,
        activation=c.hidden_act,
        fused=True,
        names=("w13_dn", "w2_md"),
    )
    learned = {**channels.facts, **facts(learned_scale=True)}
    wide, back = channels.inside
    inside = (interleaved(wide, channels.number("inner")), back)
    scale = Tensor("global_scale", (1,), role="scale")
    return replace(channels, facts=learned, tensors=(scale,), inside=inside)


def interleaved(block: Block, inner: int) -> Block:
    """Rows of gate and up by turns."""
    return with_settings(block, rows=[1, 1], groups=inner)


def moe(c: InklingText) -> Block:
    """The router's scores of the chosen and of the shared experts share one softmax, times a learned number."""
    stored, used, shared = c.n_routed_experts, c.num_experts_per_tok, c.n_shared_experts
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    inner = c.moe_intermediate_size if c.dense_intermediate_size is None else c.intermediate_size
    assert inner is not None
    scores = router("gate", width=c.hidden_size, experts=stored + shared)
    added_tensors = (
        Tensor("bias", (int(stored),), role="correction"),
        Tensor("global_scale", (1,), role="share_scale"),
    )
    mixture = mixture_of_experts(
        "mlp",
        router=replace(scores, tensors=(*scores.tensors, *added_tensors)),
        experts=stacked_experts(
            "experts",
            stored=stored,
            used=used,
            activation=c.hidden_act,
            names=("w13_weight", "w2_weight"),
            outputs_first=True,
            width=c.hidden_size,
            inner=inner,
        ),
        shared=Shared(
            stacked_experts(
                "shared_experts",
                stored=shared,
                used=shared,
                activation=c.hidden_act,
                names=("shared_w13_weight", "shared_w2_weight"),
                outputs_first=True,
                width=c.hidden_size,
                inner=inner,
            ),
            shared,
        ),
        scoring=c.gate_activation,
        scale=c.route_scale,
        normalized=True,
    )
    inside = (interleaved(p, int(inner)) if p.is_mlp else p for p in mixture.inside)
    learned = facts(learned_scale=True)
    return replace(mixture, facts={**mixture.facts, **learned}, inside=tuple(inside))


def next_token_modules(c: InklingText, said: NextTokens) -> Sequence[Block]:
    """Dense layers in a chain, each fed the next embedding beside the stream."""
    width = c.hidden_size
    return [
        apart(
            "multi_token_prediction",
            f"model.mtp.layers.{i}",
            (
                rms_norm("hidden_norm", width, role="stream_norm"),
                rms_norm("embed_norm", width, role="token_norm"),
                linear("input_proj", 2 * width, width, role="join"),
                decoder_layer(c, i in said.local_layer_ids, False),
            ),
        )
        for i in range(said.num_nextn_predict_layers)
    ]
