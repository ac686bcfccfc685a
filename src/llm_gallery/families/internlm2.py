"""InternLM2: Llama with q, k and v in one matrix, group by group, under names of its own.

Reference: https://huggingface.co/internlm/internlm2-7b/blob/main/modeling_internlm2.py, configuration_internlm2.py
Paper: https://arxiv.org/abs/2403.17297
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import Names, fused, gated_mlp, layer, renamed, residual
from llm_gallery.families._config import Size, config, stated
from llm_gallery.families.llama import Llama, decoder, grouped_query, kv, norm


@config("internlm2")
class InternLM2(Llama):
    """What a saved file leaves out is as the release's configuration class fills it in; InternVL 3's do."""

    num_key_value_heads: Size | None = None
    hidden_act: str = "silu"
    tie_word_embeddings: bool = False
    bias: bool = True


def internlm2(c: InternLM2) -> Block:
    attention = renamed(
        fused(grouped_query(c, bias=stated(c, "bias")), "wqkv", "wo", groups=kv(c)),
        {"self_attn": "attention"},
    )
    mlp = gated_mlp(
        "feed_forward",
        width=c.hidden_size,
        inner=c.intermediate_size,
        activation=c.hidden_act,
        names=("w1", "w3", "w2"),
    )
    decoder_layer = layer(
        residual(norm(c, "attention_norm"), attention), residual(norm(c, "ffn_norm"), mlp)
    )
    return decoder(
        c, [decoder_layer] * c.num_hidden_layers, Names(table="tok_embeddings", output="output")
    )
