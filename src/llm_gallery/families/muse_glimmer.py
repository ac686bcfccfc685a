"""Muse Glimmer: Gemma 2's sandwich norms with gated attention, q and k normed without weights, and full layers without positions; a vision tower counted apart.

Reference: transformers/models/muse_glimmer/modular_muse_glimmer.py
Report: https://research.meta.ai/static/muse-glimmer-methodology
"""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import known
from llm_gallery.architecture.parts import (
    NO_POSITION,
    Head,
    Names,
    facts,
    group,
    layer,
    layer_norm,
    linear,
    plain_mlp,
    residual,
    rms_norm,
)
from llm_gallery.families._config import Depth, Length, Size, config, per_layer, stated
from llm_gallery.families._layers import each, sliding
from llm_gallery.families._rope import rope
from llm_gallery.families._vision import encoder, tensor_block, tower
from llm_gallery.families.llama import Gate, Llama, decoder, grouped_query, head_dim, swiglu

AFTER_EPS = 1e-8
"""The epsilon of the norms after a branch, `post_norm_eps` of the release."""


@config("muse_glimmer_text", unused=("post_norm_eps",))
class MuseGlimmerText(Llama):
    hidden_act: str = ""  # the reference reads hidden_activation alone
    hidden_activation: str
    sliding_window: Length | None
    layer_types: tuple[str, ...] | None
    layer_rope_theta: tuple[float, ...] | None
    final_logit_softcapping: float | None
    output_multiplier: float
    qk_scale_factor: float


@config(
    "muse_glimmer_vision",
    unused=(
        "layer_types",
        "max_position_embeddings",
        "merge_size",
        "num_attention_heads",
        "rope_parameters",
    ),
)
class Vision:
    hidden_size: Size
    intermediate_size: Size
    num_hidden_layers: Depth
    hidden_act: str
    patch_size: Size
    patch_temporal: Size
    pos_emb_height: Size
    pos_emb_width: Size


@config("muse_glimmer", unused=("projector_hidden_act",))
class MuseGlimmer:
    text_config: MuseGlimmerText
    vision_config: Vision | None = None
    out_hidden_size: Size
    projector_hidden_size: Size
    tie_word_embeddings: bool = False  # the text config's isn't read


def muse_glimmer(c: MuseGlimmer) -> Block:
    text = c.text_config
    count = text.num_hidden_layers
    default = [
        "sliding_attention" if (count - 1 - i) % 4 else "full_attention" for i in range(count)
    ]
    local = sliding(text.layer_types, count, default)
    bases = per_layer(text.layer_rope_theta, count, "layer_rope_theta") or default_bases(text)
    keys = list(zip(local, bases, strict=True))
    body = decoder(
        text,
        each(keys, lambda key: decoder_layer(text, *key)),
        Names("model.language_model"),
        before=(rms_norm("", text.hidden_size, learned=False),),
        tied=stated(c, "tie_word_embeddings"),
        head=Head(softcap=text.final_logit_softcapping, scale=text.output_multiplier),
    )
    if c.vision_config is None:
        return body
    to_the_stream = projectors(c.out_hidden_size, c.projector_hidden_size, text.hidden_size)
    beside = (vision(c.vision_config), *to_the_stream)
    return replace(body, inside=(*body.inside, *beside))


def default_bases(c: Llama) -> list[float]:
    """The rotation's base of each layer: none in each fourth, counted from the last."""
    count, base = c.num_hidden_layers, rope(c, head_dim(c)).base
    return [0.0 if (count - 1 - i) % 4 == 0 else base or 0.0 for i in range(count)]


def decoder_layer(c: MuseGlimmerText, local: bool, base: float) -> Block:
    """Where a layer's base is 0, nothing is rotated."""
    dim = head_dim(c)
    positions = (
        rope(c, dim, base=known(base, "stated", "layer_rope_theta")) if base else NO_POSITION
    )
    width = c.hidden_size
    attention = grouped_query(
        c,
        positions=positions,
        window=c.sliding_window if local else None,
        qk_norm="without weights",
        gate=Gate(linear("gate_proj", width, c.num_attention_heads * dim, role="gate")),
    )
    attention = replace(
        attention, facts={**attention.facts, **facts(query_scale=c.qk_scale_factor)}
    )
    return layer(
        residual(
            centred(c, "input_layernorm"), attention, post_norm(c, "post_attention_layernorm")
        ),
        residual(
            centred(c, "pre_feedforward_layernorm"),
            swiglu(c),
            post_norm(c, "post_feedforward_layernorm"),
        ),
    )


def centred(c: Llama, name: str) -> Block:
    """A layer's norms store their scale less 1; the one after the last layer doesn't."""
    return rms_norm(name, c.hidden_size, offset=1.0)


def post_norm(c: MuseGlimmerText, name: str) -> Block:
    """A norm after a branch, which has an epsilon of its own."""
    return rms_norm(name, c.hidden_size, offset=1.0, eps=AFTER_EPS)


def vision(c: Vision) -> Block:
    """Flat patches over two frames, pre-norm LayerNorm, q, k and v apart, biases everywhere."""
    width, side = int(c.hidden_size), int(c.patch_size)
    pixels = 3 * int(c.patch_temporal) * side * side  # red, green, blue
    places = int(c.pos_emb_height) * int(c.pos_emb_width)
    encoder_layer = layer(
        layer_norm("norm1", width),
        group(
            "attn",
            *(
                linear(name, width, width, bias=True)
                for name in ("q_proj", "k_proj", "v_proj", "proj")
            ),
        ),
        layer_norm("norm2", width),
        plain_mlp(
            "mlp",
            width=width,
            inner=c.intermediate_size,
            activation=c.hidden_act,
            names=("fc1", "fc2"),
            bias=True,
        ),
    )
    return tower(
        "model.vision_tower",
        (
            group(
                "patch_embedder",
                linear("patch_embedding", pixels, width),
                tensor_block("position_embedding_table", Tensor("weight", (places, width))),
            ),
            layer_norm("ln_pre", width),
            encoder("", encoder_layer, c.num_hidden_layers),
            layer_norm("ln_post", width),
        ),
    )


def projectors(joined: int, inner: int, stream: int) -> tuple[Block, Block]:
    """Neighbouring patches joined, two maps to the projector's width, and one to the stream's."""
    adapter = (linear("fc1", joined, inner), linear("fc2", inner, inner))
    to_stream = linear("vision_projection", inner, stream)
    return (
        Block("projector", "model.vision_adapter", inside=adapter),
        Block("projector", "model", inside=(to_stream,)),
    )
