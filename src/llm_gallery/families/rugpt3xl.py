"""ruGPT-3 XL: GPT-3's layers, of which every second reads stretches of blocks and some blocks of the stretches before.

A context that ends within a stretch is refused, for DeepSpeed's layout gives a shorter last stretch other blocks.

Reference: modeling_rugpt3xl.py of the release for transformers (which has no such type), and its layout of blocks, DeepSpeed's
Model: https://huggingface.co/ai-forever/rugpt3xl, https://huggingface.co/evilfreelancer/ruGPT3XL
Paper: https://arxiv.org/abs/2005.14165 (GPT-3), https://arxiv.org/abs/1904.10509 (its sparse layers)
"""

from __future__ import annotations

from typing import Any, Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Heads,
    Names,
    attention,
    fixed_sparse,
    language_model,
    layer,
    layer_norm,
    learned_positions,
    linear,
    plain_mlp,
    residual,
    stack,
)
from llm_gallery.families._config import (
    Depth,
    Json,
    Pieces,
    Size,
    at_most,
    config,
    multiple,
    shared_among,
    stated,
)
from llm_gallery.families._layers import each
from llm_gallery.families.gpt2 import LEARNED

EVERY = {"none": 0, "alternating": 2, "all": 1}
"""Of so many layers the first reads blocks, by `sparse_mode`; 0: none does."""


@config(
    "rugpt3xl",
    unused=("embedding_dropout", "output_dropout"),
    classes=("RuGPT3XLForCausalLM",),
)
class Rugpt3xl:
    """Defaults are those of configuration_rugpt3xl.py, but for sizes."""

    vocab_size: Size
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    num_attention_heads: Size
    max_position_embeddings: Size
    hidden_act: str = "gelu_new"
    tie_word_embeddings: bool = False
    sparse_mode: Literal["none", "alternating", "all"] = "none"
    sparse_block_size: Size = 16
    sparse_num_local_blocks: Pieces = 8
    sparse_num_global_blocks: Pieces = 1
    sparse_num_different_global_patterns: Pieces = 8


def rugpt3xl(c: Rugpt3xl) -> Block:
    width = c.hidden_size
    every = EVERY[c.sparse_mode]
    sparse = [every > 0 and i % every == 0 for i in range(c.num_hidden_layers)]
    return language_model(
        stack("layers", each(sparse, lambda reads_blocks: decoder_layer(c, reads_blocks))),
        Names(),
        vocabulary=c.vocab_size,
        width=width,
        context=c.max_position_embeddings,
        tied=stated(c, "tie_word_embeddings"),
        before=(learned_positions("embed_positions", c.max_position_embeddings, width),),
        after=(layer_norm("norm", width),),
    )


def decoder_layer(c: Rugpt3xl, reads_blocks: bool) -> Block:
    width = c.hidden_size
    mlp = plain_mlp(
        "mlp", width=width, inner=c.intermediate_size, activation=c.hidden_act, bias=True
    )
    tokens = in_stretches(c, multi_head(c)) if reads_blocks else multi_head(c)
    return layer(
        residual(layer_norm("input_layernorm", width), tokens),
        residual(layer_norm("post_attention_layernorm", width), mlp),
    )


def multi_head(c: Rugpt3xl) -> Block:
    width, heads = c.hidden_size, c.num_attention_heads
    dim = shared_among(width, heads, ("hidden_size", "num_attention_heads"))
    roles = {"q_proj": "query", "k_proj": "key", "v_proj": "value", "o_proj": "output"}
    return attention(
        "self_attn",
        heads=Heads(heads, heads, dim),
        positions=LEARNED,
        inside=[linear(name, width, width, role=role, bias=True) for name, role in roles.items()],
        bias=True,
    )


def in_stretches(c: Rugpt3xl, whole: Block) -> Block:
    """A context of whole stretches, so that the last has blocks of its own to be seen later, as all others."""
    block, stretch = c.sparse_block_size, c.sparse_num_local_blocks
    seen, patterns = c.sparse_num_global_blocks, c.sparse_num_different_global_patterns
    names = "sparse_num_global_blocks x sparse_num_different_global_patterns"
    at_most(seen * patterns, stretch, (names, "sparse_num_local_blocks"))
    formula = "sparse_block_size x sparse_num_local_blocks"
    multiple(c.max_position_embeddings, block * stretch, ("max_position_embeddings", formula))
    return fixed_sparse(whole, block=block, stretch=stretch, seen=seen, patterns=patterns)


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """Stretches in 64 tokens."""
    if "sparse_num_different_global_patterns" in config:
        small |= {"sparse_block_size": 2, "sparse_num_local_blocks": 4}
        small["sparse_num_different_global_patterns"] = 3
