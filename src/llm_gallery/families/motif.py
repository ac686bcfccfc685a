"""Motif 3: latent attention whose noise heads are subtracted from the others, in a window on most layers, over four mixed streams, with experts after a dense prefix.

Reference: vllm/model_executor/models/motif.py and motif_mtp.py (github.com/MotifTechnologies/vllm-motif3-v0.26.0)
Model: https://huggingface.co/Motif-Technologies/Motif-3-Beta
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import (
    Shared,
    apart,
    connection,
    facts,
    gated_mlp,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.parts.attention import rotation_settings
from llm_gallery.architecture.parts.basic import settings
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Few, Length, Size, at_most, config, multiple, stated
from llm_gallery.families._layers import each
from llm_gallery.families._rope import Rotary, rope
from llm_gallery.families._rope_scale import number, yarn
from llm_gallery.families.llama import Llama, decoder, norm, pre_norm

OF_THE_PUBLISHED_CODE = (
    "_debug_force_load_balance", "k_ratio", "max_window_layers", "mhc_identity_init",
)  # fmt: skip
"""Training and initialization."""


CONNECTION_EPS = 1e-6
"""Of the norm of all streams, whatever the config says."""


@config("motif", unused=OF_THE_PUBLISHED_CODE)
class Motif(Llama):
    num_key_value_heads: Size
    head_dim: Size
    num_noise_heads: Size
    q_lora_rank: Size
    kv_lora_rank: Size
    qk_rope_head_dim: Size
    v_head_dim: Size
    attention_cls: Literal["gdla"]
    diff_v2: Literal[True]
    elementwise_attn_output_gate: bool
    use_sliding_window: bool
    sliding_window: Length
    sliding_window_pattern: Literal["interleave"]
    sliding_window_period: Size
    swa_rope_theta: float
    hidden_act: Literal["poly_norm"]
    num_experts: Size
    experts_top_k: Size
    moe_intermediate_size: Size
    num_shared_experts: Count
    n_dense_first_layers: Count
    interleave_moe_layer_step: Literal[1]
    score_func: Literal["sigmoid", "softmax"]
    route_norm: bool
    route_scale: float
    mhc_enabled: bool
    mhc_expansion_rate: Size
    mhc_sinkhorn_iters: Size
    num_nextn_predict_layers: Few
    rope_scaling: dict[str, Any] | None
    rope_factor: float = 1.0
    mscale: float = 1.0
    original_seq_len: Length = 32768
    polynorm_output_scale: float | None = None
    polynorm_output_scale_per_layer: dict[str, Any] | None = None
    polynorm_sigmoid_weight: Literal[True] = True
    polynorm_bias_clamp: float | None = None
    hidden_clamp: float | None = None
    headwise_attn_output_gate: Literal[False] = False
    load_balance_coeff: float | None = None
    score_before_experts: Literal[False] = False
    mhc_h_post_alpha_end: float = 0.0


def motif(c: Motif) -> Block:
    count, dense = c.num_hidden_layers, min(c.n_dense_first_layers, c.num_hidden_layers)
    local = [i % c.sliding_window_period != 0 and c.use_sliding_window for i in range(count)]
    keys = [(local[i], i >= dense, output_scale(c, i)) for i in range(count)]
    mixers = {here: differential(c, here) for here in (True, False)}
    streams = c.mhc_expansion_rate if c.mhc_enabled else None
    how = None if streams is None else "hyper-connections"
    blocks = each(
        keys,
        lambda key: decoder_layer(
            c,
            mixers[key[0]],
            moe(c, key[2]) if key[1] else mlp(c, "mlp", c.intermediate_size, key[2]),
        ),
    )
    layers = stack("layers", blocks, residual=how, streams=streams)
    if c.mhc_enabled:
        layers = with_settings(layers, collapsed="mean")
    return decoder(c, layers, beside=next_token_modules(c))


def decoder_layer(c: Motif, mixer: Block, channels: Block) -> Block:
    return layer(
        residual(*mixed(c, "mhc_attn"), norm(c, "input_layernorm"), mixer),
        residual(*mixed(c, "mhc_ffn"), norm(c, "post_attention_layernorm"), channels),
    )


def mixed(c: Motif, name: str) -> Sequence[Block]:
    """What a branch reads of each stream, what it writes to each, and how the streams mix beside it."""
    if not c.mhc_enabled:
        return ()
    streams = int(c.mhc_expansion_rate)
    whole = streams * int(c.hidden_size)
    added_tensors = (
        Tensor("bias_pre", (streams,), role="read_base"),
        Tensor("bias_post", (streams,), role="write_base"),
        Tensor("bias_res", (streams, streams), role="mix_base"),
        Tensor("alpha_pre", (1,), role="read_scale"),
        Tensor("alpha_post", (1,), role="write_scale"),
        Tensor("alpha_res", (1,), role="mix_scale"),
    )
    inside = (
        rms_norm("rms_norm", whole, eps=CONNECTION_EPS),
        linear("proj_pre", whole, streams, role="read"),
        linear("proj_post", whole, streams, role="write"),
        linear("proj_res", whole, streams * streams, role="mix"),
    )
    rounds = c.mhc_sinkhorn_iters
    mixing = connection(name, *inside, own=added_tensors, mixing="doubly stochastic", rounds=rounds)
    return (with_settings(mixing, magnitude=1 + c.mhc_h_post_alpha_end),)


def differential(c: Motif, local: bool) -> Block:
    """Groups of heads over one head of keys and values each, of which the last is the group's noise.

    What the signal heads give, less sigmoid(lambda) times the noise, passes a gate from the queries'
    latent. The window that the model learned holds the present token and `sliding_window` before it.
    """
    heads, kv_heads, noise = c.num_attention_heads, c.num_key_value_heads, c.num_noise_heads
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    multiple(heads, noise, ("num_attention_heads", "num_noise_heads"))
    nope = c.head_dim - c.qk_rope_head_dim
    if nope < 1 or noise >= heads:
        raise Refusal(
            f"head_dim is {c.head_dim} and num_noise_heads {noise}, expected more than "
            f"qk_rope_head_dim ({c.qk_rope_head_dim}) and fewer than num_attention_heads "
            f"({heads}); check these values"
        )
    width, signal = c.hidden_size, heads - noise
    base = Rotary(rope_theta=c.swa_rope_theta)
    positions = rope(base if local else c, c.qk_rope_head_dim)
    gated = c.elementwise_attn_output_gate
    inside = (
        linear("wq_a", width, c.q_lora_rank, role="query_down"),
        rms_norm("q_norm", c.q_lora_rank, role="query_latent_norm"),
        linear("wq_b", c.q_lora_rank, heads * c.head_dim, role="query"),
        linear(
            "wkv_a",
            width,
            c.kv_lora_rank + c.qk_rope_head_dim,
            role=("latent_down", "rotated_key"),
            rows=(c.kv_lora_rank, c.qk_rope_head_dim),
        ),
        rms_norm("kv_norm", c.kv_lora_rank, role="latent_norm"),
        linear(
            "wkv_b",
            c.kv_lora_rank,
            kv_heads * (nope + c.v_head_dim),
            role=("key", "value"),
            rows=(nope, c.v_head_dim),
            groups=kv_heads,
        ),
        linear("lambda_proj", width, signal, role="noise_share"),
        *(
            (linear("wq_b_gate", c.q_lora_rank, signal * c.v_head_dim, role="gate"),)
            if gated
            else ()
        ),
        linear("wo", signal * c.v_head_dim, width, role="output"),
    )
    slots = facts(
        heads=heads,
        kv_heads=kv_heads,
        noise_heads=noise,
        query_rank=c.q_lora_rank,
        kv_rank=c.kv_lora_rank,
        nope_dim=derived(nope, "head_dim - qk_rope_head_dim"),
        rope_dim=c.qk_rope_head_dim,
        value_dim=c.v_head_dim,
        position=positions.kind,
        rope_base=positions.base,
        rope_scaling=positions.scaling,
        rope_factor=positions.factor,
        original_context=positions.original_context,
        rotated_scale=positions.scale,
        score_scale=None if local else score_factor(c),
        window=derived(c.sliding_window + 1, "sliding_window + 1") if local else None,
        gate="sigmoid" if gated else None,
    )
    added_settings = settings(
        gate_of_latent=True if gated else None, **rotation_settings(positions)
    )
    return Block("latent_attention", "self_attn", slots, (), inside, settings=added_settings)


def score_factor(c: Motif) -> float | None:
    """YaRN's factor on all scores of a full layer, whose rotation keeps lengths; from keys of their own."""
    longer = c.max_position_embeddings > c.original_seq_len
    share = yarn(c.rope_factor, c.mscale) if longer else 1.0
    return None if share == 1.0 else derived(share**2, "(0.1 mscale ln rope_factor + 1)^2")


POLYNOMIAL = (
    Tensor("act_fn.weight", (3,), role="polynomial"),
    Tensor("act_fn.bias", (1,), role="polynomial_bias"),
)
"""How much of the cube, the square and the gate itself, and what is added."""


def mlp(c: Motif, name: str, inner: int, scale: float | None) -> Block:
    """A gated MLP whose activation is a learned polynomial of the normed gate: three weights and a bias."""
    channels = gated_mlp(name, width=c.hidden_size, inner=inner, activation=c.hidden_act)
    added_settings = settings(hidden_clamp=c.hidden_clamp)
    slots = {**channels.facts, **polynomial(scale)}
    return replace(channels, facts=slots, tensors=POLYNOMIAL, settings=added_settings)


def polynomial(scale: float | None) -> Mapping[str, Fact]:
    """Its learned numbers, and what its product with up is multiplied by."""
    return facts(activation_learned=4, output_scale=scale)


def output_scale(c: Motif, layer: int) -> float | None:
    """The output scale of a layer: its own where the config states one, else that of all layers."""
    scales, key = c.polynorm_output_scale_per_layer or {}, str(layer)
    if scales.get(key) is None:
        return c.polynorm_output_scale
    return number(scales, key, "polynorm_output_scale_per_layer")


def moe(c: Motif, scale: float | None) -> Block:
    at_most(c.experts_top_k, c.num_experts, ("experts_top_k", "num_experts"))
    mixture = stacked_experts(
        "experts",
        stored=c.num_experts,
        used=c.experts_top_k,
        width=c.hidden_size,
        inner=c.moe_intermediate_size,
        activation=c.hidden_act,
        outputs_first=True,
    )
    added_tensors = (*mixture.tensors, *POLYNOMIAL)
    bounds = settings(
        hidden_clamp=c.hidden_clamp, inner_clamp=c.hidden_clamp, bias_clamp=c.polynorm_bias_clamp
    )
    expert = replace(mixture, facts={**mixture.facts, **polynomial(scale)}, tensors=added_tensors)
    wide = derived(
        c.num_shared_experts * c.moe_intermediate_size, "num_shared_experts x moe_intermediate_size"
    )
    return mixture_of_experts(
        "moe",
        router=router(
            "router.gate",
            width=c.hidden_size,
            experts=c.num_experts,
            beside=None if c.load_balance_coeff is None else "expert_bias",
        ),
        experts=with_settings(expert, **bounds),
        shared=Shared(mlp(c, "shared_experts", wide, scale), c.num_shared_experts)
        if c.num_shared_experts
        else None,
        scoring=c.score_func,
        scale=c.route_scale,
        normalized=stated(c, "route_norm"),
    )


def next_token_modules(c: Motif) -> Sequence[Block]:
    """Each joins the stream with the next embedding and runs one dense layer in a window, one stream wide."""
    width = c.hidden_size
    return [
        apart(
            "multi_token_prediction",
            f"model.mtp_layers.{index}",
            (
                rms_norm("embed_norm", width, role="token_norm"),
                linear("input_proj", 2 * width, width, role="join"),
                pre_norm(
                    c,
                    differential(c, True),
                    mlp(c, "mlp", c.intermediate_size, output_scale(c, c.num_hidden_layers)),
                ),
                rms_norm("final_layernorm", width),
            ),
        )
        for index in range(c.num_nextn_predict_layers)
    ]
