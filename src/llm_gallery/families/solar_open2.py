"""Solar Open 2: Kimi Delta Attention in three layers of four, gated attention without positions in the fourth, experts in all.

Reference: vllm/model_executor/models/solar_open2.py, transformers/models/solar_open2/modular_solar_open2.py (after 5.25)
Model: https://huggingface.co/upstage/Solar-Open2-250B
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import NO_POSITION, kimi_delta_attention, linear
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._config import Count, Few, Size, config, stated
from llm_gallery.families._layers import each, typed
from llm_gallery.families._rope import rope
from llm_gallery.families.deepseek_v3 import GroupedExperts, moe
from llm_gallery.families.kimi_linear import KINDS
from llm_gallery.families.llama import Gate, decoder, grouped_query, head_dim, pre_norm


@config("")
class DeltaSizes:
    head_dim: Size
    num_heads: Size
    num_kv_heads: Size | None = None
    short_conv_kernel_size: Size


@config("solar_open2", unused=("intermediate_size",))
class SolarOpen2(GroupedExperts):
    """Defaults are those of configuration_solar_open2.py at the model's address."""

    intermediate_size: Count = 0
    hidden_act: str = "silu"
    n_group: Size = 1
    topk_group: Size = 1
    num_nextn_predict_layers: Few | None = None
    first_k_dense_replace: Literal[0] = 0
    linear_attn_config: DeltaSizes
    gqa_layers: tuple[Count, ...] | None = None
    gqa_interval: Size = 3  # delta layers after each that attends, where no list says which
    use_gqa_gate: bool = True
    use_gqa_gate_bias: bool = False
    use_qk_norm: bool = False
    use_rope: bool = False
    kda_use_full_proj: bool = False
    kda_allow_neg_eigval: bool = True
    layer_types: tuple[str, ...] | None = None


def solar_open2(c: SolarOpen2) -> Block:
    count = c.num_hidden_layers
    full = range(0, count, c.gqa_interval + 1) if c.gqa_layers is None else c.gqa_layers
    default = [KINDS[i in full] for i in range(count)]
    types = typed(c.layer_types, count, default, KINDS)
    mixers = {"linear_attention": delta(c), "full_attention": attention(c)}
    return decoder(c, each(types, lambda kind: pre_norm(c, mixers[kind], moe(c))))


def attention(c: SolarOpen2) -> Block:
    inner, biased = c.num_attention_heads * head_dim(c), c.use_gqa_gate_bias
    return grouped_query(
        c,
        positions=rope(c, head_dim(c)) if c.use_rope else NO_POSITION,
        qk_norm="per head" if c.use_qk_norm else None,
        gate=Gate(linear("g_proj", c.hidden_size, inner, role="gate", bias=biased))
        if c.use_gqa_gate
        else None,
    )


def delta(c: SolarOpen2) -> Block:
    sizes = c.linear_attn_config
    if sizes.num_kv_heads not in (None, sizes.num_heads):
        raise Refusal(
            f"linear_attn_config.num_kv_heads is {sizes.num_kv_heads}, expected as many as num_heads "
            f"({sizes.num_heads}); no release shares keys among heads of delta attention"
        )
    rank = None if c.kda_use_full_proj else derived(sizes.head_dim * 1, "head_dim")
    return kimi_delta_attention(
        "self_attn",
        width=c.hidden_size,
        heads=sizes.num_heads,
        head_dim=sizes.head_dim,
        taps=sizes.short_conv_kernel_size,
        activation=c.hidden_act,
        decay_rank=rank,
        gate_rank=rank,
        decay_shape=(1, 1, int(sizes.num_heads), 1),
        negative_eigenvalues=stated(c, "kda_allow_neg_eigval"),
    )
