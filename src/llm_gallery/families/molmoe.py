"""MolmoE: OLMoE under the keys of OLMo's own code, with Molmo's second table and tower.

Its files state Molmo's type (_old_names.py). The head scores no token of the second table.

Reference: modeling_molmoe.py of the release (transformers has no such type)
Model: https://huggingface.co/allenai/MolmoE-1B-0924
Paper: https://arxiv.org/abs/2409.17146
"""

from __future__ import annotations

from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Heads,
    Positions,
    attention,
    embedding,
    experts,
    facts,
    gated_mlp,
    group,
    head,
    layer,
    linear,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
)
from llm_gallery.architecture.parts.attention import QUERY_KEY_VALUE
from llm_gallery.families._config import (
    Count,
    Depth,
    Length,
    Size,
    at_most,
    config,
    multiple,
    same,
    shared_among,
    stated,
)
from llm_gallery.families._molmo2_text import two_tables
from llm_gallery.families._molmo_tower import MolmoVision, molmo_tower

OF_THE_PUBLISHED_CODE = (
    "alibi_bias_max", "always_start_with_space", "attention_layer_norm_with_affine", "attention_type",
    "crop_mode", "default_inference_len", "do_random_scale", "fix_image_input_idx", "float32_attention",
    "gin_bindings", "image_feature_dropout", "image_pooling_h", "image_pooling_w", "init_cutoff_factor",
    "init_device", "init_fn", "init_std", "llm_load_path", "loss_token_weighting", "low_cpu_fsdp", "max_crops",
    "max_position_embeddings", "message_formatting", "moe_capacity_factor", "moe_dropless", "moe_lbl_in_fp32",
    "moe_log_expert_assignment", "moe_loss_weight", "moe_mlp_impl", "moe_zloss_weight",
    "new_embedding_init_range", "overlap_margins", "pad_to", "pad_tokenizer", "precision", "prompt_override",
    "prompt_type", "query_pre_attn_scalar", "response_attention_dropout", "response_residual_dropout",
    "rope_full_precision", "system_prompt_kind", "unconditioned", "use_col_tokens", "use_position_ids",
    "vit_load_path",
)  # fmt: skip
"""Of training, of how pictures are cut, and of how long a table of angles is kept."""


@config("molmoe", unused=OF_THE_PUBLISHED_CODE, classes=("OLMoForCausalLM",))
class MolmoE:
    """The released model's kind of block; of the class's other kinds none was released."""

    vocab_size: Size
    embedding_size: Size | None = None  # rows that are stored, where they are more
    additional_vocab_size: Count | None = None
    d_model: Size
    mlp_hidden_size: Size | None = None  # of both halves
    mlp_ratio: Size = 4
    n_layers: Depth
    n_heads: Size
    n_kv_heads: Size | None = None
    max_sequence_length: Length
    rope_theta: float = 10000.0
    rope_impl: Literal["llama"]
    moe_num_experts: Size
    moe_top_k: Size
    vision_backbone: MolmoVision | None = None
    vit_layers: tuple[int, ...] = (-1,)
    activation_type: Literal["swiglu"] = "swiglu"
    attention_layer_norm: Literal[True]
    block_type: Literal["moe"]
    layer_norm_type: Literal["rms"]
    layer_norm_with_affine: Literal[True] = True
    alibi: Literal[False] = False
    attn_logit_softcapping: None = None
    bias_for_layer_norm: Literal[False] | None = None
    block_group_size: Literal[1] = 1
    clip_qkv: None = None
    final_logit_softcapping: None = None
    head_dim: None = None
    image_padding_embed: Literal["pad_and_partial_pad"]
    image_pooling_2d: Literal["attention-meanq"]
    image_projector: Literal["mlp"] = "mlp"
    include_bias: Literal[False]
    moe_interleave: Literal[False] = False
    moe_shared_expert: Literal[False] = False
    multi_query_attention: None = None
    norm_after: Literal[False] = False
    normalize_input_embeds: Literal[False] = False
    qkv_bias: Literal[False] = False
    rope: Literal[True]
    scale_logits: Literal[False] = False
    use_cls_feature: Literal[False] = False
    weight_tying: Literal[False]


def molmoe(c: MolmoE) -> Block:
    width, words, added = c.d_model, c.embedding_size or c.vocab_size, c.additional_vocab_size
    at_most(c.vocab_size, words, ("vocab_size", "embedding_size"))
    decoder_layer = layer(
        residual(rms_norm("attn.attn_norm", width), multi_head(c)),
        residual(rms_norm("mlp.ff_norm", width), moe(c)),
    )
    table = embedding("wte", words, width)
    if added:
        rows = derived(words + added, "embedding_size + additional_vocab_size")
        table = two_tables(words, added, width, rows)
    body = group(
        "model.transformer",
        table,
        stack("blocks", [decoder_layer] * c.n_layers),
        rms_norm("ln_f", width),
    )
    tied = stated(c, "weight_tying")
    slots = facts(width=width, vocabulary=words, context=c.max_sequence_length, tied=tied)
    inside = (body, head("lm_head", words, width, tied=tied), *tower(c))
    return Block("language_model", facts=slots, inside=inside)


def inner(c: MolmoE) -> int:
    """The width of one expert, and of the projector: half of what the config says of both halves."""
    if c.mlp_hidden_size is not None:
        said = multiple(c.mlp_hidden_size, 2, ("mlp_hidden_size", "its two halves"))
        return derived(said, "mlp_hidden_size / 2")
    both = multiple(c.mlp_ratio * c.d_model, 2, ("mlp_ratio x d_model", "its two halves"))
    return derived(both, "mlp_ratio x d_model / 2")


def multi_head(c: MolmoE) -> Block:
    """Queries and keys are normed over all heads, which the class makes as wide as the stream."""
    width, heads = c.d_model, c.n_heads
    if c.n_kv_heads is not None:
        same(c.n_kv_heads, heads, ("n_kv_heads", "n_heads"))
    dim = shared_among(width, heads, ("d_model", "n_heads"))
    return attention(
        "attn",
        heads=Heads(heads, heads, dim),
        positions=Positions(kind="rope", rotated=dim, base=c.rope_theta),
        inside=(
            linear("att_proj", width, 3 * width, role=QUERY_KEY_VALUE, rows=[int(width)] * 3),
            rms_norm("q_norm", width, role="query_norm"),
            rms_norm("k_norm", width, role="key_norm"),
            linear("attn_out", width, width, role="output"),
        ),
        qk_norm="all heads",
    )


def moe(c: MolmoE) -> Block:
    """The shares of those chosen are theirs among all experts."""
    at_most(c.moe_top_k, c.moe_num_experts, ("moe_top_k", "moe_num_experts"))
    expert = gated_mlp("experts", width=c.d_model, inner=inner(c), activation="silu")
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.d_model, experts=c.moe_num_experts),
        experts=experts(expert, stored=c.moe_num_experts, used=c.moe_top_k),
        scoring="softmax",
        normalized=False,
    )


def tower(c: MolmoE) -> tuple[Block, ...]:
    """Molmo's, where the config states one."""
    if c.vision_backbone is None:
        return ()
    return tuple(molmo_tower(c.vision_backbone, c.d_model, inner(c), len(c.vit_layers)))
