"""Nemotron-H and Nemotron 3: every layer one part (Mamba-2, attention without positions, MLP or experts).

Reference: transformers/models/nemotron_h/modeling_nemotron_h.py
Paper: https://arxiv.org/abs/2504.03624
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Convolved,
    Heads,
    Names,
    Shared,
    apart,
    attention,
    experts,
    facts,
    language_model,
    layer,
    linear,
    mamba2,
    mixture_of_experts,
    plain_mlp,
    residual,
    rms_norm,
    router,
    stack,
    with_settings,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Few,
    Length,
    Letters,
    Size,
    altered,
    config,
    experts_in_groups,
    multiple,
    stated,
)
from llm_gallery.families._layers import each

LETTERS = {"M": "linear_attention", "E": "moe", "*": "full_attention", "-": "mlp"}
OLDER = {"mamba": "linear_attention", "attention": "full_attention"}


NOT_COMPUTED = (
    "attention_bias", "attention_head_dim", "expand", "mamba_proj_bias",
    "moe_shared_expert_overlap", "partial_rotary_factor", "rope_theta", "sliding_window", "time_step_rank",
)  # fmt: skip


@config("nemotron_h", unused=NOT_COMPUTED)
class NemotronH:
    vocab_size: Size
    hidden_size: Size
    max_position_embeddings: Length
    tie_word_embeddings: bool = False  # the class has a head of its own, whatever it says
    layers_block_type: tuple[str, ...] | None
    hybrid_override_pattern: Letters | tuple[str, ...] | None = None  # the same as letters
    num_hidden_layers: Count | None = None
    num_attention_heads: Size
    num_key_value_heads: Size | None
    head_dim: Size
    intermediate_size: Size
    mlp_hidden_act: str
    mlp_bias: bool
    ssm_state_size: Size
    mamba_num_heads: Size
    mamba_head_dim: Size
    mamba_hidden_act: str
    n_groups: Size
    conv_kernel: Size
    use_conv_bias: bool
    use_bias: bool
    mamba_ssm_cache_dtype: str
    n_routed_experts: Size
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    moe_shared_expert_intermediate_size: Size
    moe_latent_size: Size | None
    n_shared_experts: Count
    n_group: Size
    topk_group: Size
    norm_topk_prob: bool
    routed_scaling_factor: float
    num_nextn_predict_layers: Few
    mtp_layers_block_type: tuple[str, ...] | None
    mtp_hybrid_override_pattern: Letters | None = None


def nemotron_h(c: NemotronH) -> Block:
    types = layer_types(c)
    return language_model(
        stack("layers", each(types, lambda kind: decoder_layer(c, kind))),
        Names("backbone", "embeddings"),
        vocabulary=c.vocab_size,
        width=c.hidden_size,
        context=c.max_position_embeddings,
        tied=Fact(False),
        after=(rms_norm("norm_f", c.hidden_size),),
        beside=next_token_modules(c),
    )


def layer_types(c: NemotronH) -> Sequence[str]:
    """The kind of each layer, from the list or from the letters."""
    if c.layers_block_type is not None:
        types = spelled("layers_block_type", c.layers_block_type)
    elif c.hybrid_override_pattern is not None:
        types = types_of_letters("hybrid_override_pattern", c.hybrid_override_pattern)
    else:
        raise Refusal(
            "layers_block_type and hybrid_override_pattern are missing, expected one of them "
            "to say what each layer is; add it"
        )
    if c.num_hidden_layers is not None and c.num_hidden_layers != len(types):
        raise Refusal(
            f"the layer pattern has {len(types)} layers, expected {c.num_hidden_layers} "
            "(num_hidden_layers); make the two agree"
        )
    return types


def types_of_letters(key: str, letters: Sequence[str]) -> list[str]:
    if not letters:
        raise Refusal(f"{key} lists no layer, expected one or more; correct it")
    for letter in letters:
        if letter not in LETTERS:
            raise Refusal(f"{key} has {quoted(letter)}, expected {' '.join(LETTERS)}; correct it")
    return [LETTERS[letter] for letter in letters]


def spelled(key: str, types: Sequence[str]) -> list[str]:
    if not types:
        raise Refusal(f"{key} lists no layer, expected one or more; correct it")
    kinds = [OLDER.get(kind, kind) for kind in types]
    for kind in kinds:
        if kind not in LETTERS.values():
            raise Refusal(
                f"{key} has {quoted(kind)}, expected {', '.join(LETTERS.values())}; correct it"
            )
    return kinds


def decoder_layer(c: NemotronH, kind: str) -> Block:
    """One norm and one part: a layer mixes either tokens or channels."""
    part = {
        "linear_attention": state_space,
        "full_attention": grouped_query,
        "moe": moe,
        "mlp": mlp,
    }
    return layer(residual(rms_norm("norm", c.hidden_size), part[kind](c)))


def state_space(c: NemotronH) -> Block:
    multiple(c.mamba_num_heads, c.n_groups, ("mamba_num_heads", "n_groups"))
    mixer = mamba2(
        "mixer",
        width=c.hidden_size,
        heads=c.mamba_num_heads,
        head_dim=c.mamba_head_dim,
        state_dim=c.ssm_state_size,
        groups=c.n_groups,
        convolved=Convolved(c.conv_kernel, c.mamba_hidden_act, c.use_conv_bias),
        bias=c.use_bias,
        state_dtype=c.mamba_ssm_cache_dtype,
    )
    return with_settings(mixer, norm_groups=int(c.n_groups))


def grouped_query(c: NemotronH) -> Block:
    heads, kv_heads = c.num_attention_heads, c.num_key_value_heads or c.num_attention_heads
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    width, queries, keys = c.hidden_size, heads * c.head_dim, kv_heads * c.head_dim
    return attention(
        "mixer",
        heads=Heads(heads, kv_heads, c.head_dim),
        positions=NO_POSITION,
        inside=(
            linear("q_proj", width, queries, role="query"),
            linear("k_proj", width, keys, role="key"),
            linear("v_proj", width, keys, role="value"),
            linear("o_proj", queries, width, role="output"),
        ),
    )


def mlp(
    c: NemotronH, name: str = "mixer", inner: int | None = None, width: int | None = None
) -> Block:
    return plain_mlp(
        name,
        width=c.hidden_size if width is None else width,
        inner=c.intermediate_size if inner is None else inner,
        activation=c.mlp_hidden_act,
        bias=c.mlp_bias,
    )


def moe(c: NemotronH) -> Block:
    """Experts that read the stream, or a narrower latent of it where `moe_latent_size` is set."""
    experts_in_groups(c.n_routed_experts, c.num_experts_per_tok, c.n_group, c.topk_group)
    width, narrow = c.hidden_size, c.moe_latent_size
    expert = replace(
        mlp(altered(c, mlp_bias=False), "experts", c.moe_intermediate_size, narrow), name="experts"
    )
    mixture = mixture_of_experts(
        "mixer",
        router=router(
            "gate", width=width, experts=c.n_routed_experts, correction="e_score_correction_bias"
        ),
        experts=experts(expert, stored=c.n_routed_experts, used=c.num_experts_per_tok),
        shared=Shared(
            mlp(c, "shared_experts", c.moe_shared_expert_intermediate_size), c.n_shared_experts
        ),
        scoring="sigmoid",
        groups=(c.n_group, c.topk_group),
        scale=c.routed_scaling_factor,
        normalized=stated(c, "norm_topk_prob"),
    )
    if narrow is None:
        return mixture
    down = linear("fc1_latent_proj", width, narrow, role="latent_down", bias=c.mlp_bias)
    up = linear("fc2_latent_proj", narrow, width, role="latent_up", bias=c.mlp_bias)
    return replace(
        mixture,
        facts={**mixture.facts, **facts(latent=narrow)},
        inside=(*mixture.inside, down, up),
    )


def next_token_modules(c: NemotronH) -> Sequence[Block]:
    """Layers after the last that predict the token after the next: the first reads, the last norms."""
    if not c.num_nextn_predict_layers:
        return ()
    if c.mtp_layers_block_type is not None:
        types = spelled("mtp_layers_block_type", c.mtp_layers_block_type)
    else:
        types = types_of_letters(
            "mtp_hybrid_override_pattern", c.mtp_hybrid_override_pattern or "*E"
        )
    width = c.hidden_size
    layers = [decoder_layer(c, kind) for kind in types]
    first, last = layers[0], layers[-1]
    reads = (
        rms_norm("enorm", width, role="token_norm"),
        rms_norm("hnorm", width, role="stream_norm"),
        linear("eh_proj", 2 * width, width, role="join"),
    )
    layers[0] = replace(first, inside=(*reads, *first.inside))
    last = layers[-1]
    layers[-1] = replace(last, inside=(*last.inside, rms_norm("final_layernorm", width)))
    return (apart("multi_token_prediction", "mtp", (stack("layers", layers),)),)
