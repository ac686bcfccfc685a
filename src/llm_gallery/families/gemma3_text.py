"""Gemma 3, text: norms before and after each sublayer, five windowed layers to each that sees everything.

Reference: transformers/models/gemma3/modular_gemma3.py
Paper: https://arxiv.org/abs/2503.19786
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.parts import Head, Names, Scaling, layer, residual, with_settings
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._layers import every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.gemma import root_of_width
from llm_gallery.families.llama import Llama, decoder, grouped_query, head_dim, norm, swiglu


@config(
    "gemma3_text",
    unused=("_sliding_window_pattern", "attn_logit_softcapping"),
    computes={"offset": 1.0},
)
class Gemma3Text(Llama):
    hidden_act: str = ""  # Gemma's key is hidden_activation
    hidden_activation: str
    query_pre_attn_scalar: Size
    sliding_window: Length | None
    sliding_window_pattern: Size = 6
    layer_types: tuple[str, ...] | None
    rope_local_base_freq: float
    final_logit_softcapping: float | None
    use_bidirectional_attention: bool | None


def gemma3_text(c: Gemma3Text) -> Block:
    return text(c)


def text(c: Gemma3Text, names: Names = Names(), tied: Fact | None = None) -> Block:
    """The decoder; `names` are those of a multimodal checkpoint."""
    full, local = decoder_layer(c, local=False), decoder_layer(c, local=True)
    default = every_nth(c.sliding_window_pattern, c.num_hidden_layers)
    pattern = sliding(c.layer_types, c.num_hidden_layers, default)
    layers = [local if is_local else full for is_local in pattern]
    return decoder(
        c,
        layers,
        names,
        head=Head(softcap=c.final_logit_softcapping),
        tied=tied,
        embedding_scale=root_of_width(c),
    )


def decoder_layer(c: Gemma3Text, *, local: bool) -> Block:
    """Local layers have a rope base of their own, and no context extension."""
    attention = grouped_query(
        c,
        qk_norm="per head",
        window=window(c) if local else None,
        positions=rope(
            c,
            head_dim(c),
            layer_type="sliding_attention" if local else "full_attention",
            base=c.rope_local_base_freq if local else None,
            scaled=not local,
        ),
        scaling=Scaling(scale_dim=c.query_pre_attn_scalar),
    )
    if c.use_bidirectional_attention:
        attention = with_settings(attention, both_ways=True)
    return layer(
        residual(norm(c, "input_layernorm"), attention, norm(c, "post_attention_layernorm")),
        residual(
            norm(c, "pre_feedforward_layernorm"), swiglu(c), norm(c, "post_feedforward_layernorm")
        ),
    )


def window(c: Gemma3Text) -> int | None:
    """Tokens seen; where attention looks both ways, the window is split between the two sides."""
    if c.sliding_window is not None and c.use_bidirectional_attention:
        return c.sliding_window // 2 + 1
    return c.sliding_window
