"""Mistral Large 4: GLM-5's sparse latent attention whose queries come from the stream, with learned positions, layers without any, and latents that later layers borrow; beside it Pixtral.

The learned speeds of rotation are one array for all layers, tied to the first that turns. A borrowed latent must be
the last of its kind, as the reference hands on.

Reference: transformers/models/mistral_large4/modular_mistral_large4.py
Model: https://huggingface.co/mistralai/Mistral-Large-4-1T-A52B
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.parts import (
    LATENT_EPS,
    NO_POSITION,
    Head,
    LatentHeads,
    Names,
    Positions,
    borrowing,
    group,
    indexer,
    latent_attention,
    layer_norm,
    learning_positions,
    passed_by,
    position_scale,
    renamed,
)
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Count, Size, config, defaults, per_layer, stated
from llm_gallery.families._layers import each, flagged, typed
from llm_gallery.families._rope import rope
from llm_gallery.families._rope_scale import scale_of_all
from llm_gallery.families._vision import outer_tie, tensor_block
from llm_gallery.families.beside._pixtral import Pixtral, merging_projector, pixtral
from llm_gallery.families.deepseek_v3 import (
    GroupedExperts,
    Latent,
    value_dim,
    with_model_epsilon,
)
from llm_gallery.families.deepseek_v32 import Indexed
from llm_gallery.families.glm_moe_dsa import Choosing, choices
from llm_gallery.families.llama import decoder, pre_norm, swiglu
from llm_gallery.families.mistral_large3 import NAMES, moe

SPEEDS = "lerope.alpha"
"""One array for all layers: the logarithms of what each pair of channels turns faster by."""
OF_THE_PROJECTOR = {
    "norm": "pre_mm_projector_norm",
    "linear_1": "vision_language_adapter.w_in",
    "linear_2": "vision_language_adapter.w_out",
}


@config("mistral_large4_text", unused=("head_dim", "qk_head_dim"))
class MistralLarge4Text(Choosing, GroupedExperts, Latent):
    head_dim: None = None
    q_lora_rank: None = None  # neither key is the class's
    norm_topk_prob: Literal[True] = True
    num_nextn_predict_layers: Literal[0] | None = None  # its draft isn't in the reference
    first_k_dense_replace: Count
    mlp_layer_types: tuple[str, ...] | None
    layer_types: tuple[Indexed, ...] | None
    index_topk: Size
    index_head_dim: Size
    index_n_heads: Size
    no_rope_layers: tuple[Count, ...] | None  # 1: rotated, 0: not
    no_rope_layer_interval: Size = 4  # as the class falls back
    kv_source_layers: tuple[Count, ...] | None
    final_logit_softcapping: float


@config("mistral_large4", unused=("projector_hidden_act",))
class MistralLarge4:
    text_config: MistralLarge4Text
    vision_config: Pixtral | None = None
    multimodal_projector_bias: bool
    spatial_merge_size: Size
    vision_feature_layer: int | tuple[int, ...]
    tie_word_embeddings: bool


class Place(NamedTuple):
    """What a layer is: whether it turns, chooses, borrows, has experts, and is where the speeds stand."""

    rotated: bool
    chooses: bool
    borrows: bool
    sparse: bool
    first: bool


def mistral_large4(c: MistralLarge4) -> Block:
    text = c.text_config
    refuse_lone_base(text)
    layers = each(places(text), lambda place: decoder_layer(text, place))
    idle = () if any(place.rotated for place in places(text)) else (unused_frequencies(text),)
    head = Head(softcap=text.final_logit_softcapping)
    names = Names("", "tok_embeddings", "output")
    body = decoder(text, layers, names, tied=outer_tie(c), head=head, beside=idle)
    return replace(body, inside=(*body.inside, *beside(c)))


def refuse_lone_base(c: MistralLarge4Text) -> None:
    """Refuses a base that stands alone, where the class has filled in its own before it reads that."""
    said, whole = (stated(c, key).evidence for key in ("rope_theta", "rope_parameters"))
    usual = defaults("mistral_large4_text")["defaults"]["rope_theta"]
    if said == "stated" and whole != "stated" and not c.rope_scaling and c.rope_theta != usual:
        raise Refusal(
            f"text_config.rope_theta is {quoted(c.rope_theta)}, expected a base in rope_parameters: the "
            f"reference passes over one that stands alone, and takes {usual:g}; state it there"
        )


def unused_frequencies(c: MistralLarge4Text) -> Block:
    """The speeds where no layer turns by them: stored, and read by nothing."""
    return passed_by(
        group("", passed_by(tensor_block("lerope", frequencies(c)._replace(name="alpha"))))
    )


def beside(c: MistralLarge4) -> Sequence[Block]:
    """The tower, and a projector that reads as many of its layers' outputs as the config names."""
    if c.vision_config is None:
        return ()
    read = c.vision_feature_layer
    joined = merging_projector(
        c.vision_config.hidden_size,
        c.text_config.hidden_size,
        merged=c.spatial_merge_size,
        features=len(read) if isinstance(read, Sequence) else 1,
        bias=c.multimodal_projector_bias,
        name="",
    )
    return renamed(pixtral(c.vision_config), NAMES), renamed(joined, OF_THE_PROJECTOR)


def places(c: MistralLarge4Text) -> Sequence[Place]:
    count = c.num_hidden_layers
    rotated = flagged(c.no_rope_layers, count, "no_rope_layers", c.no_rope_layer_interval)
    prefix = min(c.first_k_dense_replace, count)
    dense_first = ["dense"] * prefix + ["sparse"] * (count - prefix)
    kinds = typed(c.mlp_layer_types, count, dense_first, ("dense", "sparse"), "mlp_layer_types")
    chooses, borrows = choices(c), reads_other_latents(c, rotated)
    return [
        Place(
            rotated=rotated[i],
            chooses=chooses[i] == "full",
            borrows=borrows[i],
            sparse=kinds[i] == "sparse",
            first=rotated[i] and not any(rotated[:i]),
        )
        for i in range(count)
    ]


def reads_other_latents(c: MistralLarge4Text, rotated: Sequence[bool]) -> Sequence[bool]:
    """Which layers read another's latents. It must be the last layer of their kind that has its own.

    The reference hands on one pair of latents for layers with positions and one for those without.
    """
    count = c.num_hidden_layers
    key = "kv_source_layers"
    sources = per_layer(c.kv_source_layers, count, key) or range(count)
    last: dict[bool, int] = {}
    for index, source in enumerate(sources):
        if source == index:
            last[rotated[index]] = index
        elif source != last.get(rotated[index]):
            expected = last.get(rotated[index], index)
            kind = "with" if rotated[index] else "without"
            raise Refusal(
                f"{key}[{index}] is {source}, expected {index} or {expected}, the last layer {kind} "
                "positions that has latents of its own; correct it, or no_rope_layers"
            )
    return [source != index for index, source in enumerate(sources)]


def decoder_layer(c: MistralLarge4Text, place: Place) -> Block:
    channels = moe(c) if place.sparse else swiglu(c, "feed_forward")
    return renamed(pre_norm(c, attention(c, place), channels), NAMES)


def attention(c: MistralLarge4Text, place: Place) -> Block:
    """Without positions, what would be turned is one with the rest of a head."""
    plain, rotated = c.qk_nope_head_dim, c.qk_rope_head_dim
    positions = rope(c, rotated) if place.rotated else NO_POSITION
    sizes = (plain, rotated) if place.rotated else (plain + rotated, rotated * 0)
    mixer = latent_attention(
        "self_attn",
        width=c.hidden_size,
        heads=LatentHeads(c.num_attention_heads, *sizes, value_dim(c)),
        query_rank=None,
        kv_rank=c.kv_lora_rank,
        positions=positions,
        score_scale=scale_of_all(c),
        bias=c.attention_bias,
        indexer=lightning_indexer(c, positions) if place.chooses else None,
        selected=c.index_topk,
    )
    heads, first = c.num_attention_heads, place.first
    mixer = learned(c, with_model_epsilon(mixer), place.rotated, heads, first=first)
    return borrowing(mixer) if place.borrows else mixer


def lightning_indexer(c: MistralLarge4Text, positions: Positions) -> Block:
    """DeepSeek's indexer, whose queries come from the stream."""
    chooser = indexer(
        "indexer",
        width=c.hidden_size,
        query_rank=c.hidden_size,
        heads=c.index_n_heads,
        head_dim=c.index_head_dim,
        positions=positions if positions.rotated else positions._replace(rotated=0),
        norm=layer_norm("q_input_norm", c.hidden_size, role="stream_norm", eps=LATENT_EPS),
    )
    return learned(c, chooser, bool(positions.rotated), c.index_n_heads)


def learned(
    c: MistralLarge4Text, block: Block, rotated: bool, heads: int, *, first: bool = False
) -> Block:
    """With what positions do to its queries, as learned; the `first` that turns is counted with the speeds."""
    scale = position_scale("ssmax_scaling", heads)
    shared = frequencies(c)._replace(stored_as=SPEEDS, tied_to=None if first else SPEEDS)
    return learning_positions(block, scale, shared if rotated else None)


def frequencies(c: MistralLarge4Text) -> Tensor:
    return Tensor("lerope_alpha", (int(c.qk_rope_head_dim) // 2,), role="speeds")
