"""MiMo-V2.5: MiMo-V2-Flash with q, k and v stored as one matrix; towers for pictures and sound counted apart.

Its q, k and v are stored in shards, one for each key head of a full layer; read one after another every shape fits
and nothing is right (SGLang's loader says so).

Reference: sglang/srt/models/mimo_v2.py, mimo_vl.py and mimo_audio.py
Model: https://huggingface.co/XiaomiMiMo/MiMo-V2.5
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    embedding,
    gated_mlp,
    group,
    layer,
    linear,
    rms_norm,
    stack,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Count, Depth, Pieces, Size, config, multiple
from llm_gallery.families._vision import tensor_block, tower
from llm_gallery.families.mimo_v2_flash import MiMoV2Flash, text

HEAD_DIM = 64  # of the vision tower: a default of its class, which no key states


@config(
    "",
    unused=(
        "num_query_groups", "spatial_patch_size", "tokens_per_second", "vit_window_attn_types",
        "visual_token_window_size", "window_size",
    ),
)  # fmt: skip
class MiMoVision:
    depth: Depth
    hidden_size: Size
    intermediate_size: Size
    hidden_act: str
    num_heads: Size
    num_key_value_heads: Size
    in_chans: Size
    patch_size: Size
    temporal_patch_size: Size
    spatial_merge_size: Size
    out_hidden_size: Size
    fullatt_block_indexes: tuple[Count, ...]
    use_sink: bool


@config(
    "",
    unused=(
        "audio_segment_size", "input_full_attention", "input_local_attn_heads",
        "input_local_head_dim", "input_local_hidden_dropout", "partial_rotary_factor",
        "projection_layers", "rope_theta", "speech_zeroemb_idx",
    ),
)  # fmt: skip
class MiMoAudio:
    audio_channels: Pieces
    speech_vocab_size: str  # a number, or one a channel, between hyphens
    group_size: Size
    input_local_layers: Depth
    input_local_dim: Size
    input_local_intermediate_size: Size
    out_hidden_size: Size
    add_post_norm: bool


@config(
    "mimo_v2",
    unused=(
        "attention_chunk_size", "hybrid_block_size", "layernorm_epsilon", "processor_config",
        "vision_model_type",
    ),
)  # fmt: skip
class MiMoV2(MiMoV2Flash):
    swa_num_attention_heads: Size  # transformers has no such type, and fills nothing in
    swa_num_key_value_heads: Size
    swa_head_dim: Size
    swa_v_head_dim: Size
    swa_rope_theta: float
    add_swa_attention_sink_bias: bool
    add_full_attention_sink_bias: bool
    vision_config: MiMoVision | None = None
    audio_config: MiMoAudio | None = None


def mimo_v2(c: MiMoV2) -> Block:
    body = text(c)
    towers = [] if c.vision_config is None else [vision(c.vision_config)]
    if c.audio_config is not None:
        towers.append(audio(c.audio_config))
    return replace(body, inside=(*body.inside, *towers))


def vision(c: MiMoVision) -> Block:
    """Pre-norm RMSNorm, grouped heads with sinks where they are windowed, a biased gated MLP, a merger."""
    width = c.hidden_size
    multiple(c.num_heads, c.num_key_value_heads, ("num_heads", "num_key_value_heads"))
    shape = (width, c.in_chans, c.temporal_patch_size, c.patch_size, c.patch_size)
    kinds = {full: vision_layer(c, sinks=c.use_sink and not full) for full in (False, True)}
    blocks = [kinds[i in set(c.fullatt_block_indexes)] for i in range(c.depth)]
    wide = width * c.spatial_merge_size**2
    return tower(
        "visual",
        (
            tensor_block("patch_embed.proj", Tensor("weight", tuple(map(int, shape)))),
            stack("blocks", blocks),
            group(
                "merger",
                rms_norm("ln_q", width),
                linear("mlp.0", wide, wide),
                linear("mlp.2", wide, c.out_hidden_size),
            ),
        ),
    )


def vision_layer(c: MiMoVision, *, sinks: bool) -> Block:
    width, queries = c.hidden_size, c.num_heads * HEAD_DIM
    rows = queries + 2 * c.num_key_value_heads * HEAD_DIM
    attention = group(
        "attn",
        linear("qkv", width, rows, bias=True),
        linear("proj", queries, width, bias=True),
    )
    if sinks:
        attention = replace(attention, tensors=(Tensor("sinks", (int(c.num_heads),)),))
    mlp = gated_mlp(
        "mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act, bias=True
    )
    return layer(rms_norm("norm1", width), attention, rms_norm("norm2", width), mlp)


def audio(c: MiMoAudio) -> Block:
    """A table for each channel of codes, a small Qwen2 over each group, and two linear maps."""
    width = c.input_local_dim
    tables = speech_vocabularies(c)
    joined = width * c.group_size
    attention = group(
        "self_attn",
        *(linear(name, width, width, bias=name != "o_proj") for name in PROJECTIONS),
    )
    mlp = gated_mlp("mlp", width=width, inner=c.input_local_intermediate_size, activation="silu")
    decoder_layer = layer(
        rms_norm("input_layernorm", width),
        attention,
        rms_norm("post_attention_layernorm", width),
        mlp,
    )
    inside = (
        *(embedding(f"speech_embeddings.{i}", size, width) for i, size in enumerate(tables)),
        group(
            "audio_encoder.input_local_transformer",
            stack("layers", [decoder_layer] * c.input_local_layers),
            *((rms_norm("norm", width),) if c.add_post_norm else ()),
        ),
        linear("audio_encoder.projection.mlp.0", joined, 4 * joined),
        linear("audio_encoder.projection.mlp.2", 4 * joined, c.out_hidden_size),
    )
    return Block("audio_tower", "", inside=inside)


PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj")


def speech_vocabularies(c: MiMoAudio) -> list[int]:
    """The vocabulary of each channel."""
    parts = c.speech_vocab_size.split("-")
    if not all(part.isascii() and part.isdigit() and 0 < len(part) < 8 for part in parts):
        raise Refusal(
            f"audio_config.speech_vocab_size is {quoted(c.speech_vocab_size)}, expected a number, or "
            "numbers between hyphens; correct it"
        )
    sizes = [int(part) for part in parts]
    return sizes * c.audio_channels if len(sizes) == 1 else sizes[: c.audio_channels]
