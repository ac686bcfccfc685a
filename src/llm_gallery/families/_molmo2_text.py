"""Molmo 2's language model: Qwen3, or OLMo 2 where its norms follow, with a second table for the tokens of pictures.

The head scores no token of the second table.

Reference: transformers/models/molmo2/modular_molmo2.py
Model: https://huggingface.co/allenai/Molmo2-8B
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import Names, facts, fused, gated_mlp, layer, renamed, residual
from llm_gallery.families._config import Count, config, stated
from llm_gallery.families._layers import each
from llm_gallery.families._rope import rope
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm

NAMES = {
    "layers": "blocks", "norm": "ln_f", "input_layernorm": "attn_norm", "post_attention_layernorm": "ff_norm",
}  # fmt: skip
"""The checkpoint's names for Llama's."""
NORMED = {"qwen3": "per head", "olmo": "all heads"}
"""What the config calls the ways to norm queries and keys."""


@config("molmo2_text")
class Molmo2Text(Llama):
    mlp_bias: Literal[False] = False
    additional_vocab_size: Count
    qk_norm_type: Literal["qwen3", "olmo"]
    rope_scaling_layers: tuple[Count, ...] | None
    norm_after: bool
    use_qk_norm: Literal[True] = True  # a key of the release; the reference has no such


def molmo2_text(c: Molmo2Text) -> Block:
    count = c.num_hidden_layers
    listed = range(count) if c.rope_scaling_layers is None else c.rope_scaling_layers
    layers = each([i in listed for i in range(count)], lambda scaled: decoder_layer(c, scaled))
    model = renamed(decoder(c, layers, Names("transformer", "wte")), NAMES)
    body, *others = model.inside
    added = c.additional_vocab_size
    rows = derived(c.vocab_size + added, "vocab_size + additional_vocab_size")
    table = two_tables(c.vocab_size, added, c.hidden_size, rows)
    return replace(model, inside=(replace(body, inside=(table, *body.inside[1:])), *others))


def decoder_layer(c: Molmo2Text, scaled: bool) -> Block:
    """A layer; only some are rotated further where the context is extended."""
    normed = replace(stated(c, "qk_norm_type"), value=NORMED[c.qk_norm_type])
    positions = rope(c, head_dim(c), scaled=scaled)
    attention = grouped_query(c, positions=positions, qk_norm=normed, output_bias=False)
    tokens = fused(attention, "att_proj", "attn_out")
    first, second = norm(c, "input_layernorm"), norm(c, "post_attention_layernorm")
    if c.norm_after:
        return layer(residual(tokens, first), residual(mlp(c), second))
    return layer(residual(first, tokens), residual(second, mlp(c)))


def mlp(c: Llama) -> Block:
    """SwiGLU, whose gate is the second half of what is stored as one."""
    channels = gated_mlp(
        "mlp",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("ff_proj", "ff_out"),
    )
    wide, back = channels.inside
    return replace(channels, inside=(replace(wide, roles=("up", "gate")), back))


def two_tables(words: int, added: int, width: int, rows: int) -> Block:
    """The embedding of `rows` tokens, stored as that of words and that of what was added."""
    tensors = (
        Tensor("embedding", (int(words), int(width)), role="weight"),
        Tensor("new_embedding", (int(added), int(width)), role="added"),
    )
    return Block("embedding", "wte", facts(vocabulary=rows, width=width), tensors)
