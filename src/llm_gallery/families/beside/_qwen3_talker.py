"""Qwen3-Omni's talker: a mixture of experts that writes the first code of each frame, and a small model for the others.

Reference: transformers/models/qwen3_omni_moe/modular_qwen3_omni_moe.py
Paper: https://arxiv.org/abs/2509.17765
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import gated_mlp, group, layer, linear, rms_norm, stack
from llm_gallery.families._config import Depth, Pieces, Size, config, multiple, shared_among
from llm_gallery.families._vision import four_maps, tensor_block

OF_WHAT_IT_READS = (
    "layer_types", "max_position_embeddings", "max_window_layers", "rope_parameters", "rope_scaling", "rope_theta",
    "sliding_window", "tie_word_embeddings", "use_sliding_window",
)  # fmt: skip
"""How far layers read and how they are turned: nothing is stored for it."""
OF_CHOICE = ("decoder_sparse_step", "mlp_only_layers", "norm_topk_prob", "num_experts_per_tok")
"""All layers have experts, whatever keys say; how many of them run stores nothing."""
IDS = (
    "codec_bos_id", "codec_eos_token_id", "codec_nothink_id", "codec_pad_id", "codec_think_bos_id", "codec_think_eos_id",
    "speaker_id",
)  # fmt: skip
PLACES = (
    "accept_hidden_layer",
    "output_router_logits",
    "position_id_per_seconds",
    "seconds_per_chunk",
    "spatial_merge_size",
)


@config("qwen3_omni_moe_talker_text", unused=(*OF_WHAT_IT_READS, *OF_CHOICE))
class TalkerText:
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    hidden_act: str
    attention_bias: bool
    moe_intermediate_size: Size
    num_experts: Size
    shared_expert_intermediate_size: Size
    head_dim: Size | None = None


@config("qwen3_omni_moe_talker_code_predictor", unused=OF_WHAT_IT_READS)
class CodePredictor:
    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    num_key_value_heads: Size
    head_dim: Size
    hidden_act: str
    attention_bias: bool
    num_code_groups: Pieces


@config("qwen3_omni_moe_talker", unused=(*IDS, *PLACES, "num_code_groups", "tie_word_embeddings"))
class Talker:
    text_config: TalkerText
    code_predictor_config: CodePredictor
    thinker_hidden_size: Size


def talker(c: Talker, name: str) -> Block:
    """Two maps from the thinker's stream, for its words and for what it heard and saw; the layers; the code predictor."""
    text = c.text_config
    width, inner = text.hidden_size, text.intermediate_size
    block = group("mlp", *experts(text))
    inside = (
        *(_resized(f"{part}_projection", c, width, inner) for part in ("text", "hidden")),
        _table("model.codec_embedding", text.vocab_size, width),
        stack("model.layers", [_layer(text, block, "text_config")] * text.num_hidden_layers),
        rms_norm("model.norm", width),
        linear("codec_head", width, text.vocab_size),
        group("code_predictor", *predictor(c.code_predictor_config)),
    )
    return Block("speech_decoder", name, inside=inside)


def experts(c: TalkerText) -> tuple[Block, ...]:
    """A router, experts, and one that all tokens run, weighed by a gate."""
    width = c.hidden_size

    def expert(name: str, inner: int) -> Block:
        return gated_mlp(name, width=width, inner=inner, activation=c.hidden_act)

    return (
        linear("gate", width, c.num_experts),
        stack("experts", [expert("", c.moe_intermediate_size)] * c.num_experts),
        expert("shared_expert", c.shared_expert_intermediate_size),
        linear("shared_expert_gate", width, 1),
    )


def predictor(c: CodePredictor) -> tuple[Block, ...]:
    """A table and a head for every code of a frame but the first, and layers that all of them share."""
    width, others = c.hidden_size, c.num_code_groups - 1
    mlp = gated_mlp("mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act)
    decoder_layer = _layer(c, mlp, "code_predictor_config")
    return (
        *(_table(f"model.codec_embedding.{i}", c.vocab_size, width) for i in range(others)),
        stack("model.layers", [decoder_layer] * c.num_hidden_layers),
        rms_norm("model.norm", width),
        *(linear(f"lm_head.{i}", width, c.vocab_size) for i in range(others)),
    )


def _layer(c: TalkerText | CodePredictor, mlp: Block, key: str) -> Block:
    """Attention whose queries and keys are normed in each head, before what works on channels."""
    width, heads, keys = c.hidden_size, c.num_attention_heads, c.num_key_value_heads
    at = f"talker_config.{key}"
    names = (f"{at}.hidden_size", f"{at}.num_attention_heads")
    multiple(heads, keys, (names[1], f"{at}.num_key_value_heads"))
    dim = shared_among(width, heads, names) if c.head_dim is None else c.head_dim
    maps = four_maps(width, heads * dim, keys * dim, output="o_proj", bias=c.attention_bias)
    return layer(
        rms_norm("input_layernorm", width),
        group("self_attn", *maps, rms_norm("q_norm", dim), rms_norm("k_norm", dim)),
        rms_norm("post_attention_layernorm", width),
        mlp,
    )


def _table(name: str, rows: int, width: int) -> Block:
    return tensor_block(name, Tensor("weight", (int(rows), int(width))))


def _resized(name: str, c: Talker, width: int, inner: int) -> Block:
    maps = (
        linear("linear_fc1", c.thinker_hidden_size, inner, bias=True),
        linear("linear_fc2", inner, width, bias=True),
    )
    return group(name, *maps)
