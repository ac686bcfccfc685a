"""Gemma 3n, text: Gemma 3 whose layers update one of four streams and guess the others (AltUp), with rows for each layer.

A low-rank map of its input stands beside each attention (LAuReL), MLPs may keep the largest of their
gate alone, and the last layers read keys and values of earlier ones.

`altup_active_idx` other than 0 is refused: the reference ends with the first stream whatever the key says.

Reference: transformers/models/gemma3n/modular_gemma3n.py
Papers: https://arxiv.org/abs/2301.13310 (AltUp), https://arxiv.org/abs/2411.07501 (LAuReL)
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist
from typing import Literal

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import (
    Head,
    Heads,
    KeyValues,
    added,
    alternating_updates,
    attention,
    gathered,
    group,
    layer,
    linear,
    low_rank_residual,
    per_layer_embedding,
    per_layer_input,
    residual,
    rms_norm,
    spread,
    stack,
    with_settings,
)
from llm_gallery.architecture.parts.attention import Scaling
from llm_gallery.architecture.parts.feedforward import sparse
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import (
    Count,
    Length,
    Pieces,
    Size,
    config,
    multiple,
    per_layer,
    stated,
)
from llm_gallery.families._layers import each, every_nth, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families.gemma import root_of_width
from llm_gallery.families.llama import Llama, decoder, norm, swiglu

SPARSE = (10, 0.95)
"""Where a config says nothing, so many first layers of a deeper stack leave out such a share of the gate."""
SHARED = 1 / sqrt(2)
"""What the sum of the stream, attention and the low-rank map is multiplied by."""


@config(
    "gemma3n_text", unused=("altup_coef_clip",)
)  # the clip holds weights while they are trained
class Gemma3nText(Llama):
    hidden_act: str = ""  # Gemma's key is hidden_activation
    hidden_activation: str
    head_dim: Size
    num_key_value_heads: Size
    intermediate_size: Size | tuple[Size, ...]  # type: ignore[assignment]  # one for all layers, or one each
    activation_sparsity_pattern: tuple[float, ...] | None
    sliding_window: Length
    layer_types: tuple[str, ...] | None
    rope_local_base_freq: float
    final_logit_softcapping: float
    vocab_size_per_layer_input: Size
    hidden_size_per_layer_input: Size
    num_kv_shared_layers: Count
    laurel_rank: Size
    altup_num_inputs: Pieces
    altup_active_idx: Literal[0]
    altup_correct_scale: bool


def gemma3n_text(c: Gemma3nText) -> Block:
    count, width, rows = c.num_hidden_layers, c.hidden_size, c.hidden_size_per_layer_input
    pattern = sliding(c.layer_types, count, every_nth(5, count))
    first_shared = count - c.num_kv_shared_layers
    keys = [
        (local, i >= first_shared, inner, share)
        for i, (local, inner, share) in enumerate(
            zip(pattern, widths(c), sparsities(c), strict=True)
        )
    ]
    further = c.altup_num_inputs - 1
    layers = stack(
        "layers",
        each(keys, lambda key: decoder_layer(c, *key)),
        residual="alternating updates",
        streams=c.altup_num_inputs,
    )
    return decoder(
        c,
        layers,
        before=(
            per_layer_embedding(
                "embed_tokens_per_layer", c.vocab_size_per_layer_input, rows, count
            ),
            per_layer_input(
                linear("per_layer_model_projection", width, count * rows),
                rms_norm("per_layer_projection_norm", rows),
                width=rows,
            ),
            spread("altup_projections", width, further),
        ),
        after=(gathered("altup_unembed_projections", width, further), norm(c, "norm")),
        head=Head(softcap=c.final_logit_softcapping),
        embedding_scale=root_of_width(c),
    )


def widths(c: Gemma3nText) -> list[Size]:
    """The inner width of each layer's MLP."""
    inner = c.intermediate_size
    if isinstance(inner, int):
        return [inner] * c.num_hidden_layers
    return [*(per_layer(inner, c.num_hidden_layers, "intermediate_size") or ())]


def sparsities(c: Gemma3nText) -> list[float]:
    """The share of each layer's gate that is left out: 0 where all of it counts."""
    count, (first, share) = c.num_hidden_layers, SPARSE
    listed = per_layer(c.activation_sparsity_pattern, count, "activation_sparsity_pattern")
    if listed is None:
        sparse_layers = first if count > first else 0
        return [share] * sparse_layers + [0.0] * (count - sparse_layers)
    for index, sparsity in enumerate(listed):
        if not 0 <= sparsity < 1:
            raise Refusal(
                f"activation_sparsity_pattern[{index}] is {quoted(sparsity)}, expected a share from 0 to "
                "below 1; correct it in the config"
            )
    return [*listed]


def decoder_layer(c: Gemma3nText, local: bool, shared: bool, inner: int, share: float) -> Block:
    """The first stream through attention and MLP; what the token's row gives, only the others take."""
    width, rows = c.hidden_size, c.hidden_size_per_layer_input
    channels = swiglu(c, inner=inner)
    tokens = residual(
        alternating_updates("altup", width, c.altup_num_inputs, scaled=c.altup_correct_scale),
        norm(c, "input_layernorm"),
        added(
            group("", layer_attention(c, local, shared), norm(c, "post_attention_layernorm")),
            low_rank_residual("laurel", width, c.laurel_rank),
        ),
    )
    return layer(
        with_settings(tokens, stream_scale=SHARED, residual_scale=SHARED),
        residual(
            norm(c, "pre_feedforward_layernorm"),
            sparse(channels, share, NormalDist().inv_cdf(share)) if share else channels,
            norm(c, "post_feedforward_layernorm"),
        ),
        residual(
            per_layer_input(
                linear("per_layer_input_gate", width, rows, role="gate"),
                linear("per_layer_projection", rows, width, role="output"),
                width=rows,
                activation=c.hidden_activation,
            ),
            norm(c, "post_per_layer_input_norm"),
        ),
    )


def layer_attention(c: Gemma3nText, local: bool, shared: bool) -> Block:
    """Attention with normed heads, whose scores nothing divides; the last layers have no keys of their own."""
    heads, kv_heads, dim = c.num_attention_heads, c.num_key_value_heads, c.head_dim
    multiple(heads, kv_heads, ("num_attention_heads", "num_key_value_heads"))
    width, bias = c.hidden_size, c.attention_bias
    roles = () if shared else ("key", "value")
    return attention(
        "self_attn",
        heads=Heads(heads, kv_heads, dim),
        positions=rope(
            c,
            dim,
            layer_type="sliding_attention" if local else "full_attention",
            base=c.rope_local_base_freq if local else None,
            scaled=not local,
        ),
        inside=(
            linear("q_proj", width, heads * dim, role="query", bias=bias),
            *(linear(f"{r[0]}_proj", width, kv_heads * dim, role=r, bias=bias) for r in roles),
            linear("o_proj", heads * dim, width, role="output", bias=bias),
            rms_norm("q_norm", dim, role="query_norm"),
            *(() if shared else (rms_norm("k_norm", dim, role="key_norm"),)),
        ),
        window=c.sliding_window if local else None,
        qk_norm="per head",
        bias=stated(c, "attention_bias"),
        kv=KeyValues(shared=shared, value_norm=True),
        scaling=Scaling(scale_dim=1),
    )
