"""MiniMax M3: MiniMax M2 with q and k normed by head, a dense prefix, a shared expert, attention over the blocks that an indexer chooses, and a vision tower counted apart.

Reference: transformers/models/minimax_m3_vl/modular_minimax_m3_vl.py
Paper: https://arxiv.org/abs/2606.13392
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Shared,
    experts,
    facts,
    gated_mlp,
    group,
    indexer_over_blocks,
    layer_norm,
    linear,
    mixture_of_experts,
    rms_norm,
    router,
)
from llm_gallery.families._config import Depth, Size, at_most, config
from llm_gallery.families._layers import each, typed
from llm_gallery.families._vision import encoder, encoder_layer, outer_tie, tensor_block, tower
from llm_gallery.families.llama import OF_LANGUAGE_MODEL, decoder, grouped_query, pre_norm
from llm_gallery.families.minimax_m2 import MiniMaxM2, positions

SPARSE = "minimax_m3_sparse"


@config(
    "",
    unused=(
        "sparse_disable_index_value", "sparse_init_block", "sparse_local_block", "sparse_score_type",
        "use_sparse_attention",
    ),
)  # fmt: skip
class Sparse:
    """The indexer as the release spells it; each may be absent."""

    sparse_num_index_heads: Size | None = None
    sparse_index_dim: Size | None = None
    sparse_block_size: Size | None = None
    sparse_topk_blocks: Size | None = None
    sparse_attention_freq: tuple[int, ...] | None = None


@config(
    "minimax_m3_vl_text",
    computes={"offset": 1.0},
    unused=("attention_output_gate", "index_local_blocks", "n_shared_experts", "use_gemma_norm"),
    unless={
        "index_n_heads": "sparse_attention_config.sparse_num_index_heads",
        "index_head_dim": "sparse_attention_config.sparse_index_dim",
        "index_block_size": "sparse_attention_config.sparse_block_size",
        "index_topk_blocks": "sparse_attention_config.sparse_topk_blocks",
    },
)
class MiniMaxM3Text(MiniMaxM2):
    rotary_dim: Size | None
    dense_intermediate_size: Size
    shared_intermediate_size: Size
    routed_scaling_factor: float
    swiglu_alpha: float
    swiglu_limit: float
    sparse_attention_config: Sparse | None = None
    index_n_heads: Size | None
    index_head_dim: Size | None
    index_block_size: Size | None
    index_topk_blocks: Size | None
    layer_types: tuple[str, ...] | None
    mlp_layer_types: tuple[str, ...] | None
    moe_layer_freq: tuple[int, ...] | None = None


@config(
    "minimax_m3_vl_vision",
    unused=(
        "image_size", "img_token_compression_config", "initializer_factor", "num_attention_heads",
        "position_embedding_type", "projection_dim", "rope_mode", "rope_parameters", "rope_theta",
        "vision_segment_max_frames", "vocab_size", "hidden_act",
    ),
)  # fmt: skip
class Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_channels: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size


@config(
    "minimax_m3_vl",
    unused=(
        "image_grid_pinpoints", "image_seq_length", "img_token_compression_config", "merged_hidden_size",
        "multimodal_projector_bias", "num_reward_heads", "process_image_mode",
        "projector_hidden_act", "video_token_index", "vision_feature_layer",
        "vision_feature_select_strategy",
    ),
)  # fmt: skip
class MiniMaxM3:
    text_config: MiniMaxM3Text
    vision_config: Vision | None = None
    projector_hidden_size: Size
    tie_word_embeddings: bool


def minimax_m3_vl(c: MiniMaxM3) -> Block:
    text = c.text_config
    body = decoder(
        text,
        each(layers(text), lambda key: decoder_layer(text, *key)),
        OF_LANGUAGE_MODEL,
        tied=outer_tie(c),
    )
    if c.vision_config is None:
        return body
    beside = (vision(c.vision_config), *projectors(c, c.vision_config))
    return replace(body, inside=(*body.inside, *beside))


def layers(c: MiniMaxM3Text) -> Sequence[tuple[str, str]]:
    """For each layer how it attends, and whether it has experts."""
    count = c.num_hidden_layers
    stated_in = c.sparse_attention_config
    chosen = None if stated_in is None else stated_in.sparse_attention_freq
    attends = c.layer_types
    if attends is None and chosen is not None:
        attends = tuple(SPARSE if flag else "full_attention" for flag in chosen)
    mixes = c.mlp_layer_types
    if mixes is None and c.moe_layer_freq is not None:
        mixes = tuple("sparse" if flag else "dense" for flag in c.moe_layer_freq)
    full, sparse = ["full_attention"] * count, ["sparse"] * count
    first = typed(attends, count, full, ("full_attention", SPARSE))
    second = typed(mixes, count, sparse, ("dense", "sparse"), "mlp_layer_types")
    return list(zip(first, second, strict=True))


def decoder_layer(c: MiniMaxM3Text, attends: str, mixes: str) -> Block:
    channels = moe(c) if mixes == "sparse" else mlp(c, "mlp", c.dense_intermediate_size)
    attention = grouped_query(c, qk_norm="per head", bias=False, positions=positions(c))
    return pre_norm(c, block_selection(c, attention) if attends == SPARSE else attention, channels)


def block_selection(c: MiniMaxM3Text, attention: Block) -> Block:
    """The attention over the blocks of keys whose best token scores highest, the nearest always among them."""
    said = c.sparse_attention_config or Sparse()
    heads, dim = (
        said.sparse_num_index_heads or c.index_n_heads,
        said.sparse_index_dim or c.index_head_dim,
    )
    block = said.sparse_block_size or c.index_block_size
    blocks = said.sparse_topk_blocks or c.index_topk_blocks
    assert heads is not None
    assert dim is not None
    assert block is not None
    assert blocks is not None
    width = c.hidden_size
    indexer = indexer_over_blocks(
        "",
        linear("index_q_proj", width, heads * dim, role="query"),
        linear("index_k_proj", width, dim, role="key"),
        rms_norm("index_q_norm", dim, role="query_norm"),
        rms_norm("index_k_norm", dim, role="key_norm"),
        heads=heads,
        head_dim=dim,
        positions=positions(c),
        block_size=block,
    )
    selected = derived(blocks * block, "blocks x tokens a block")
    return replace(
        attention,
        facts={**attention.facts, **facts(selected=selected)},
        inside=(*attention.inside, indexer),
    )


def mlp(c: MiniMaxM3Text, name: str, inner: int, names: Sequence[str] | None = None) -> Block:
    """gpt-oss's gate: gate sigmoid(alpha gate) (up + 1), both clamped."""
    return gated_mlp(
        name,
        width=c.hidden_size,
        inner=inner,
        activation="silu",
        limit=c.swiglu_limit,
        gain=c.swiglu_alpha,
        shift=1,
        names=names,
    )


def moe(c: MiniMaxM3Text) -> Block:
    stored, used = c.num_local_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "num_local_experts"))
    expert = mlp(c, "experts", c.intermediate_size, ("w1", "w3", "w2"))
    return mixture_of_experts(
        "block_sparse_moe",
        router=router(
            "gate", width=c.hidden_size, experts=stored, beside="e_score_correction_bias"
        ),
        experts=experts(expert, stored=stored, used=used),
        shared=Shared(mlp(c, "shared_experts", c.shared_intermediate_size)),
        scoring="sigmoid",
        scale=c.routed_scaling_factor,
        normalized=True,
    )


def vision(c: Vision) -> Block:
    """Pre-norm LayerNorm with biases, rotated in three dimensions, over patches of two frames."""
    width, side = int(c.hidden_size), int(c.patch_size)
    shape = (width, int(c.num_channels), int(c.temporal_patch_size), side, side)
    norms = ("layer_norm1", "layer_norm2")
    block = encoder_layer(width, c.intermediate_size, norms=norms, output="out_proj")
    return tower(
        "vision_tower",
        (
            group(
                "vision_model",
                tensor_block("embeddings.patch_embedding", Tensor("weight", shape)),
                layer_norm("pre_layrnorm", width),
                encoder("encoder", block, c.num_hidden_layers),
            ),
        ),
    )


def projectors(c: MiniMaxM3, vision: Vision) -> Sequence[Block]:
    """Each patch to the stream's width, then neighbouring ones merged into one token."""
    stream, inner = c.text_config.hidden_size, c.projector_hidden_size
    return [
        Block(
            "projector",
            name,
            inside=(
                linear("linear_1", inputs, inner, bias=True),
                linear("linear_2", inner, stream, bias=True),
            ),
        )
        for name, inputs in (
            ("multi_modal_projector", vision.hidden_size),
            ("patch_merge_mlp", stream * vision.spatial_merge_size**2),
        )
    ]
