"""Kimi K3: Kimi Linear's delta and latent attention with gates, narrow experts on a latent of the stream, and residuals that attend to earlier sums over depth.

A stream is (tokens, sums, width) while layers run. The first branch has one sum, whose share is 1; its vectors are
stored all the same.

Reference: the release's own modeling_kimi_linear.py, https://huggingface.co/moonshotai/Kimi-K3; mlx_lm/models/kimi_k3.py
Report: https://github.com/MoonshotAI/Kimi-K3/blob/main/k3_tech_report.pdf
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.kinds import OVER_DEPTH
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Shared,
    connection,
    experts,
    facts,
    gated_mlp,
    group,
    kimi_delta_attention,
    layer,
    linear,
    mixture_of_experts,
    plain_mlp,
    residual,
    rms_norm,
    router,
    stack,
)
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import (
    Count,
    Depth,
    Size,
    at_most,
    config,
    exactly,
    multiple,
    stated,
)
from llm_gallery.families._layers import each
from llm_gallery.families._vision import encoder, outer_tie, tensor_block, tower
from llm_gallery.families.deepseek_v3 import Latent, latent, value_dim
from llm_gallery.families.llama import OF_LANGUAGE_MODEL, decoder, norm, swiglu


@config("")
class LinearAttention:
    """Sizes and places of the delta layers; layers count from 1."""

    head_dim: Size
    num_heads: Size
    short_conv_kernel_size: Size
    kda_layers: tuple[Size, ...]
    full_attn_layers: tuple[Size, ...]
    gate_lower_bound: float
    use_full_rank_gate: bool


@config("kimi_k3", unused=("use_grouped_topk",))
class KimiK3Text(Latent):
    linear_attn_config: LinearAttention
    mla_use_nope: Literal[True]
    mla_use_output_gate: bool
    hidden_act: Literal["situ"]
    activation_situ_beta: float
    activation_situ_linear_beta: float
    num_experts: Size
    num_experts_per_token: Size
    num_shared_experts: Size
    num_expert_group: Size
    topk_group: Size
    moe_intermediate_size: Size
    moe_renormalize: bool
    moe_router_activation_func: Literal["sigmoid"]
    moe_layer_freq: Literal[1]
    topk_method: Literal["noaux_tc"]
    routed_expert_hidden_size: Size
    routed_scaling_factor: float
    latent_moe_use_norm: bool
    first_k_dense_replace: Count
    attn_res_block_size: Size
    num_nextn_predict_layers: Literal[0] | None


@config(
    "",
    unused=(
        "activation_func", "init_pos_emb_time", "merge_type", "mlp_type", "mm_hidden_size",
        "mm_projector_type", "norm_type", "pos_emb_interpolation_mode", "pos_emb_type",
        "projector_hidden_act", "projector_ln_eps", "text_hidden_size", "vt_num_attention_heads",
    ),
)  # fmt: skip
class MoonViT:
    vt_hidden_size: Size
    vt_intermediate_size: Size
    vt_num_hidden_layers: Depth
    qkv_hidden_size: Size
    patch_size: Size
    init_pos_emb_height: Size
    init_pos_emb_width: Size
    merge_kernel_size: tuple[Size, ...]
    attn_bias: Literal[False]
    linear_bias: Literal[False]
    patch_embed_proj_bias: Literal[False]


@config("kimi_k3", unused=("ignore_index", "image_placeholder", "media_placeholder_token_id"))
class KimiK3:
    text_config: KimiK3Text
    vision_config: MoonViT
    tie_word_embeddings: bool


def kimi_k3(c: KimiK3) -> Block:
    text = c.text_config
    dense = min(text.first_k_dense_replace, text.num_hidden_layers)
    keys = [(full, i >= dense) for i, full in enumerate(schedule(text))]
    mixers = {True: attention(text), False: delta(text)}
    channels = {True: moe(text), False: bounded(text, swiglu(text))}
    layers = each(keys, lambda key: decoder_layer(text, mixers[key[0]], channels[key[1]]))
    body = decoder(
        text,
        stack("layers", layers, residual=OVER_DEPTH, saved_every=text.attn_res_block_size),
        OF_LANGUAGE_MODEL,
        tied=outer_tie(c),
        after=(group("", attention_residual(text, "output_attn"), norm(text, "norm")),),
    )
    beside = (vision(c.vision_config), projector(text, c.vision_config))
    return replace(body, inside=(*body.inside, *beside))


def schedule(c: KimiK3Text) -> list[bool]:
    """True for each layer with latent attention; the two lists must cover the stack."""
    full, linear_ = c.linear_attn_config.full_attn_layers, c.linear_attn_config.kda_layers
    if sorted((*full, *linear_)) != list(range(1, c.num_hidden_layers + 1)):
        raise Refusal(
            f"kda_layers and full_attn_layers list {len(linear_)} and {len(full)} layers, expected "
            f"each of 1 to {c.num_hidden_layers} (num_hidden_layers) once; correct the lists"
        )
    return [i + 1 in full for i in range(c.num_hidden_layers)]


def decoder_layer(c: KimiK3Text, mixer: Block, channels: Block) -> Block:
    return layer(
        residual(attention_residual(c, "self_attention"), norm(c, "input_layernorm"), mixer),
        residual(attention_residual(c, "mlp"), norm(c, "post_attention_layernorm"), channels),
    )


def attention_residual(c: KimiK3Text, name: str) -> Block:
    """A branch's input: the saved sums and the running one, weighted by a softmax of learned scores."""
    width = c.hidden_size
    return connection("", rms_norm(f"{name}_res_norm", width), linear(f"{name}_res_proj", width, 1))


def delta(c: KimiK3Text) -> Block:
    """A_log is stored as wide as a head; the first values are those of the heads."""
    sizes = c.linear_attn_config
    rank = derived(sizes.head_dim * 1, "head_dim")
    at_most(sizes.num_heads, sizes.head_dim, ("num_heads", "head_dim"))
    return kimi_delta_attention(
        "self_attn",
        width=c.hidden_size,
        heads=sizes.num_heads,
        head_dim=sizes.head_dim,
        taps=sizes.short_conv_kernel_size,
        activation="silu",
        decay_rank=rank,
        gate_rank=None if sizes.use_full_rank_gate else rank,
        decay_shape=(int(sizes.head_dim),),
        decay_floor=sizes.gate_lower_bound,
    )


def attention(c: KimiK3Text) -> Block:
    wide = c.num_attention_heads * value_dim(c)
    gate = linear("g_proj", c.hidden_size, wide, role="gate") if c.mla_use_output_gate else None
    return latent(c, positions=NO_POSITION, gate=gate)


def bounded(c: KimiK3Text, mlp: Block) -> Block:
    """SiTU: a scaled tanh of the gate, times its sigmoid, times a scaled tanh of up."""
    caps = facts(gate_softcap=c.activation_situ_beta, up_softcap=c.activation_situ_linear_beta)
    return replace(mlp, facts={**mlp.facts, **caps})


def moe(c: KimiK3Text) -> Block:
    """Experts on a narrow projection of the stream, their sum normed and projected back; the shared ones read it whole."""
    stored, used, narrow = c.num_experts, c.num_experts_per_token, c.routed_expert_hidden_size
    multiple(stored, c.num_expert_group, ("num_experts", "num_expert_group"))
    at_most(c.topk_group, c.num_expert_group, ("topk_group", "num_expert_group"))
    at_most(used, stored, ("num_experts_per_token", "num_experts"))
    wide = derived(
        c.num_shared_experts * c.moe_intermediate_size, "num_shared_experts x moe_intermediate_size"
    )
    expert = bounded(
        c,
        gated_mlp(
            "experts",
            width=narrow,
            inner=c.moe_intermediate_size,
            activation=c.hidden_act,
            names=("w1", "w3", "w2"),
        ),
    )
    mixture = mixture_of_experts(
        "block_sparse_moe",
        router=router(
            "gate", width=c.hidden_size, experts=stored, correction="e_score_correction_bias"
        ),
        experts=experts(expert, stored=stored, used=used),
        shared=Shared(bounded(c, swiglu(c, "shared_experts", wide)), c.num_shared_experts),
        scoring=c.moe_router_activation_func,
        groups=(c.num_expert_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "moe_renormalize") if used > 1 else None,
    )
    scores, routed, shared = mixture.inside
    normed = (
        (rms_norm("routed_expert_norm", narrow, role="latent_norm"),)
        if c.latent_moe_use_norm
        else ()
    )
    inside = (
        scores,
        linear("routed_expert_down_proj", c.hidden_size, narrow, role="latent_down"),
        routed,
        *normed,
        linear("routed_expert_up_proj", narrow, c.hidden_size, role="latent_up"),
        shared,
    )
    return replace(mixture, facts={**mixture.facts, **facts(latent=narrow)}, inside=inside)


def vision(c: MoonViT) -> Block:
    """Pre-norm RMSNorm, attention wider than the stream, a two-matrix MLP, no biases."""
    width, wide, side = int(c.vt_hidden_size), int(c.qkv_hidden_size), int(c.patch_size)
    table = Tensor("weight", (int(c.init_pos_emb_height), int(c.init_pos_emb_width), width))
    patch = Tensor("weight", (width, 3, side, side))  # red, green, blue: no key says otherwise
    encoder_layer = layer(
        rms_norm("norm0", width),
        linear("wqkv", width, 3 * wide),
        linear("wo", wide, width),
        rms_norm("norm1", width),
        plain_mlp(
            "mlp",
            width=width,
            inner=c.vt_intermediate_size,
            activation="gelu_pytorch_tanh",
            names=("fc0", "fc1"),
        ),
    )
    return tower(
        "vision_tower",
        (
            group("patch_embed", tensor_block("proj", patch), tensor_block("pos_emb", table)),
            group(
                "encoder",
                encoder("", encoder_layer, c.vt_num_hidden_layers, "blocks"),
                rms_norm("final_layernorm", width),
            ),
        ),
    )


def projector(c: KimiK3Text, vision: MoonViT) -> Block:
    """Neighbouring patches joined, two linear maps to the stream's width, and a norm."""
    height, across = exactly(vision.merge_kernel_size, 2, "vision_config.merge_kernel_size")
    merged, stream = vision.vt_hidden_size * height * across, c.hidden_size
    inside = (
        linear("proj.0", merged, merged),
        linear("proj.2", merged, stream),
        rms_norm("post_norm", stream),
    )
    return Block("projector", "mm_projector", inside=inside)
