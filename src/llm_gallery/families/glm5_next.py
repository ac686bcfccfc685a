"""GLM-5.3-Flash: Kimi Delta Attention in three of four layers, GLM-5's sparse latent attention without positions in the fourth, over four mixed residual streams.

Reference: transformers/models/glm5_next/modular_glm5_next.py
Paper: https://arxiv.org/abs/2602.15763
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    LATENT_EPS,
    NO_POSITION,
    Names,
    facts,
    gated_mlp,
    group,
    hyper_connection,
    indexer_over_blocks,
    kimi_delta_attention,
    layer,
    layer_norm,
    linear,
    matrix,
    residual,
    rms_norm,
    stack,
    with_settings,
)
from llm_gallery.families._config import Count, Depth, Few, Size, altered, config, multiple, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._vision import encoder, outer_tie, tensor_block, tower
from llm_gallery.families.deepseek_v3 import latent, moe
from llm_gallery.families.glm_moe_dsa import GlmMoeDsa, index_types
from llm_gallery.families.llama import decoder, next_token_layers, norm, pre_norm, swiglu

SPARSE = ("indexed_attention", "full_attention", "deepseek_sparse_attention")
"""Three names of one kind of layer."""


SAFE = -5.0
"""The least logarithm of a decay where the release's object asks for a safe gate and nothing says another."""


@config("", unused=("full_attn_layers", "kda_layers"))
class LinearAttention:
    """The delta layers as the release spells them; `layer_types` says where they are."""

    head_dim: Size | None = None
    num_heads: Size | None = None
    short_conv_kernel_size: Size | None = None
    gate_lower_bound: float | None = None
    safe_gate: bool = True


@config(
    "glm5_next_text",
    unused=(
        "hc_eps", "index_kpool_always_select_tail", "index_kpool_compress",
    ),
    unless={
        "linear_head_dim": "linear_attn_config.head_dim",
        "linear_num_heads": "linear_attn_config.num_heads",
        "linear_conv_kernel_dim": "linear_attn_config.short_conv_kernel_size",
        "linear_lower_bound": "linear_attn_config.gate_lower_bound",
    },
)  # fmt: skip
class Glm5NextText(GlmMoeDsa):
    head_dim: Count | None
    qk_rope_head_dim: Literal[0]
    layer_types: tuple[str, ...] | None  # type: ignore[assignment]  # delta layers, too
    first_k_dense_replace: Literal[3] = 3  # the class has no other without mlp_layer_types
    num_nextn_predict_layers: Few | None = None
    linear_attn_config: LinearAttention | None = None
    linear_head_dim: Size | None
    linear_num_heads: Size | None
    linear_conv_kernel_dim: Size | None
    linear_lower_bound: float | None
    index_kpool: Size
    hc_mult: Size
    hc_sinkhorn_iters: Size
    swiglu_limit: float
    mhc: Literal[True] = True
    mla_use_nope: Literal[True] = True


@config("glm5_next_vision", unused=("image_size", "num_heads", "rms_norm_eps", "rope_parameters"))
class Vision:
    depth: Depth
    hidden_size: Size
    intermediate_size: Size
    hidden_act: str
    in_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size
    num_heads: Size
    out_hidden_size: Size
    projection_intermediate_size: Size
    attention_bias: bool
    swiglu_limit: float


@config(
    "glm5_next",
    unused=("image_end_token_id", "image_start_token_id", "video_end_token_id", "video_start_token_id"),
)  # fmt: skip
class Glm5Next:
    text_config: Glm5NextText
    vision_config: Vision
    tie_word_embeddings: bool


def glm5_next(c: Glm5Next) -> Block:
    text = c.text_config
    blocks = each(layers(text), lambda key: decoder_layer(text, *key))
    body = decoder(
        text,
        with_settings(
            stack("layers", blocks, residual="hyper-connections", streams=text.hc_mult),
            collapsed="mean",
        ),
        Names("model.language_model"),
        tied=outer_tie(c),
        beside=next_token_modules(text),
    )
    return replace(body, inside=(*body.inside, vision(fitted(c.vision_config, text))))


def layers(c: Glm5NextText) -> Sequence[tuple[str, str]]:
    """For each layer its mixer ("delta", or who chooses the tokens that it sees), and dense or sparse."""
    count = c.num_hidden_layers
    fourth = ["full_attention" if i % 4 == 3 else "linear_attention" for i in range(count)]
    types = typed(c.layer_types, count, fourth, ("linear_attention", *SPARSE))
    chooses = typed(c.indexer_types, count, index_types(c), ("full", "shared"), "indexer_types")
    mixers = [
        "delta" if kind == "linear_attention" else who
        for kind, who in zip(types, chooses, strict=True)
    ]
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    which = typed(c.mlp_layer_types, count, dense_first, ("dense", "sparse"), "mlp_layer_types")
    return list(zip(mixers, which, strict=True))


def decoder_layer(c: Glm5NextText, mixer: str, channels: str) -> Block:
    streams = int(c.hc_mult)
    return layer(
        residual(
            hyper_connection("hc_attn", c.hidden_size, streams, c.hc_sinkhorn_iters),
            norm(c, "input_layernorm"),
            delta(c) if mixer == "delta" else attention(c, mixer),
        ),
        residual(
            hyper_connection("hc_ffn", c.hidden_size, streams, c.hc_sinkhorn_iters),
            norm(c, "post_attention_layernorm"),
            experts(c) if channels == "sparse" else clamped(c, swiglu(c)),
        ),
    )


def clamped(c: Glm5NextText, mlp: Block) -> Block:
    return replace(mlp, facts={**mlp.facts, **facts(limit=c.swiglu_limit)})


def experts(c: Glm5NextText) -> Block:
    """The routed ones have SiLU whatever `hidden_act` says, as the class computes."""
    mixture = moe(c)
    fixed = facts(limit=c.swiglu_limit, activation="silu")
    scores, routed, *shared = mixture.inside
    inside = (scores, replace(routed, facts={**routed.facts, **fixed}))
    return replace(
        mixture,
        facts={**mixture.facts, **fixed},
        inside=(*inside, *(clamped(c, part) for part in shared)),
    )


def delta(c: Glm5NextText) -> Block:
    """Kimi's delta rule; decay and output gate pass through the size of a head."""
    sizes = c.linear_attn_config or LinearAttention()
    heads, dim = sizes.num_heads or c.linear_num_heads, sizes.head_dim or c.linear_head_dim
    taps = sizes.short_conv_kernel_size or c.linear_conv_kernel_dim
    assert heads is not None
    assert dim is not None
    assert taps is not None
    floor = c.linear_lower_bound if sizes.gate_lower_bound is None else sizes.gate_lower_bound
    if floor is None and c.linear_attn_config is not None and sizes.safe_gate:
        floor = SAFE
    return kimi_delta_attention(
        "self_attn",
        width=c.hidden_size,
        heads=heads,
        head_dim=dim,
        taps=taps,
        activation=c.hidden_act,
        decay_rank=derived(dim * 1, "head_dim"),
        gate_rank=derived(dim * 1, "head_dim"),
        decay_shape=(int(heads),),
        decay_floor=floor,
    )


def attention(c: Glm5NextText, chooses: str) -> Block:
    """The indexer's keys are pooled by learned weights, those of an incomplete pool always seen."""
    width, heads, dim, pooled = c.hidden_size, c.index_n_heads, c.index_head_dim, c.index_kpool
    multiple(c.index_topk, pooled, ("index_topk", "index_kpool"))
    positions = Block(
        "pool_positions",
        "",
        {},
        (Tensor("index_kpool_compress_ape", (int(pooled), int(dim)), role="weight"),),
    )
    chooser = indexer_over_blocks(
        "indexer",
        linear("wq_b", c.q_lora_rank, heads * dim, role="query"),
        linear("wk", width, dim, role="key"),
        layer_norm("k_norm", dim, role="key_norm", eps=LATENT_EPS),
        linear("weights_proj", width, heads, role="head_weight"),
        matrix("index_kpool_compress_gate", width, dim, role="gate"),
        positions,
        heads=heads,
        head_dim=dim,
        positions=NO_POSITION._replace(rotated=0),
        pooled=pooled,
        kept=2 * dim,
    )
    mixer = latent(
        c,
        positions=NO_POSITION,
        indexer=chooser if chooses == "full" else None,
        selected=c.index_topk,
    )
    # The latents' norms have the model's epsilon, which DeepSeek's don't.
    inside = (replace(part, settings={}) if part.is_norm else part for part in mixer.inside)
    return replace(mixer, inside=tuple(inside))


def next_token_modules(c: Glm5NextText) -> Sequence[Block]:
    """Each a sparse layer on one stream; embedding and head are shared."""
    plain = pre_norm(c, attention(c, "full"), experts(c))
    last = group("shared_head", norm(c, "norm"))
    path, count = "model.language_model.layers", c.num_nextn_predict_layers
    return next_token_layers(c, count, plain, last, path=path)


def fitted(c: Vision, text: Glm5NextText) -> Vision:
    """The tower's output joins the stream, so it has the stream's width where nobody states another."""
    if stated(c, "out_hidden_size").evidence == "stated":
        return c
    return altered(c, out_hidden_size=derived(text.hidden_size * 1, "hidden_size"))


def vision(c: Vision) -> Block:
    """Pre-norm RMSNorm, q and k normed by head, gated MLPs with biases; then patches merged and a gated MLP."""
    width, out = int(c.hidden_size), int(c.out_hidden_size)
    dim = multiple(width, c.num_heads, ("vision_config.hidden_size", "vision_config.num_heads"))
    side, merge, frames = int(c.patch_size), int(c.spatial_merge_size), int(c.temporal_patch_size)
    bias, inner = c.attention_bias, c.intermediate_size
    encoder_layer = layer(
        rms_norm("norm1", width),
        group(
            "attn",
            linear("qkv", width, 3 * width, bias=bias),
            rms_norm("q_norm", dim),
            rms_norm("k_norm", dim),
            linear("proj", width, width, bias=bias),
        ),
        rms_norm("norm2", width),
        gated_mlp("mlp", width=width, inner=inner, activation=c.hidden_act, bias=bias),
    )
    patch = Tensor("weight", (width, int(c.in_channels), frames, side, side))
    joined = Tensor("weight", (out, width, merge, merge))
    return tower(
        "model.visual",
        (
            tensor_block("patch_embed.proj", patch, Tensor("bias", (width,))),
            encoder("", encoder_layer, c.depth, "blocks"),
            rms_norm("post_layernorm", width),
            tensor_block("downsample", joined, Tensor("bias", (out,))),
            group(
                "merger",
                linear("proj", out, out),
                layer_norm("post_projection_norm", out),
                *gated_mlp(
                    "",
                    width=out,
                    inner=c.projection_intermediate_size,
                    activation=c.hidden_act,
                ).inside,
            ),
        ),
    )
