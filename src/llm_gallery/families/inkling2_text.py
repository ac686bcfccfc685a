"""Inkling 2, text: Inkling with residuals that attend to earlier sums, queries and keys no longer than a bound, a gate on the heads, and in global layers inputs apart for q, k and v and convolutions by taps of the token.

The head is filled up with rows that score nothing: stored, counted, not computed.

Reference: transformers/models/inkling2/modular_inkling2.py
Model: https://huggingface.co/thinkingmachines/Inkling-2-Small-MXFP8
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from typing import Any, Literal

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.kinds import OVER_DEPTH
from llm_gallery.architecture.parts import (
    Head,
    KeyValues,
    Names,
    Positions,
    Scaling,
    attention,
    connection,
    facts,
    group,
    layer,
    linear,
    matrix,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
    stacked_experts,
    with_settings,
)
from llm_gallery.architecture.parts.basic import settings
from llm_gallery.families._config import Json, Length, Pieces, Size, at_most, config
from llm_gallery.families._inkling import (
    AnyInkling,
    distances,
    of_distance,
    projections,
    reach,
    short_convolution,
    with_growing_queries,
)
from llm_gallery.families._layers import typed
from llm_gallery.families._rope_scale import tempered
from llm_gallery.families.inkling_mm_model import interleaved
from llm_gallery.families.llama import decoder, norm

SUM_EPS = 1e-6
"""The epsilon of the norms on sums that a branch chooses among, whatever the config's is."""


@config("inkling2_text", unused=("hidden_act", "number_of_conv_states"))
class Inkling2Text(AnyInkling):
    hidden_act: str = ""  # SiLU with bounds, whatever a key says
    unpadded_vocab_size: Size
    log_scaling_n_floor: Length
    moe_intermediate_size: Size
    scoring_func: Literal["sigmoid"]
    qk_l2_clip_threshold: float
    rel_l2_clip_threshold: float
    n_layers_per_attn_res_block: Pieces
    mlp_gate_softcap: float
    mlp_up_softcap: float
    final_logit_softcapping: float


def inkling2_text(c: Inkling2Text) -> Block:
    mixers, channels = {local: attends(c, local) for local in (True, False)}, moe(c)
    return of_layers(
        c,
        [decoder_layer(c, i, local, mixers[local], channels) for i, local in enumerate(layers(c))],
    )


def of_layers(c: Inkling2Text, blocks: Sequence[Block], **looped: int) -> Block:
    """The model around its layers, in the order in which a token runs them; `looped` are the facts of a loop."""
    ran = stack("layers", blocks, residual=OVER_DEPTH, saved_every=c.n_layers_per_attn_res_block)
    last = normed_sum_means(c, "output_query", "output_query")
    whole = decoder(
        c,
        replace(ran, facts={**ran.facts, **facts(**looped)}),
        Names("model.llm", "embed", "model.llm.unembed"),
        before=(norm(c, "embed_norm"),),
        after=(group("", last, norm(c, "norm")),),
        head=Head(softcap=c.final_logit_softcapping),
    )
    at_most(c.unpadded_vocab_size, c.vocab_size, ("unpadded_vocab_size", "vocab_size"))
    inner, full, *beside = whole.inside
    return replace(whole, inside=(inner, padded_head(c, full), *beside))


def padded_head(c: Inkling2Text, full: Block) -> Block:
    """The head, of whose rows those that only fill the table up score nothing."""
    said = {**full.facts, **facts(vocabulary=c.unpadded_vocab_size)}
    return with_settings(replace(full, facts=said), filled_up=True)


def layers(c: Inkling2Text) -> Sequence[bool]:
    """For each layer whether it sees a window."""
    count = c.num_hidden_layers
    default = ["hybrid" if (i + 1) % 6 == 0 else "hybrid_sliding" for i in range(count)]
    types = typed(c.layer_types, count, default, ("hybrid", "hybrid_sliding"))
    return [kind == "hybrid_sliding" for kind in types]


def decoder_layer(
    c: Inkling2Text, index: int, local: bool, tokens: Block, channels: Block
) -> Block:
    """Both branches read a mix of sums, and end with a convolution; before the first, nothing was summed."""
    queries = 1 if local else 3
    return layer(
        branch(
            c,
            normed_sum_means(c, "attn_query", f"attn_queries.{index - 1}", queries)
            if index
            else latest(queries),
            norm(c, "attn_norm") if local else norms_apart(c),
            tokens,
            short_convolution(c, "attn_sconv", c.hidden_size),
        ),
        branch(
            c,
            normed_sum_means(c, "mlp_query", f"mlp_queries.{index}"),
            norm(c, "mlp_norm"),
            channels,
            short_convolution(c, "mlp_sconv", c.hidden_size),
        ),
    )


def branch(c: Inkling2Text, *parts: Block) -> Block:
    """A branch whose last convolution is added to its input, over the root of how much is summed: input and taps."""
    scale = 1 / sqrt(int(c.conv_kernel_size) + 1)
    return with_settings(residual(*parts), residual_scale=scale)


def latest(queries: int) -> Block:
    """The embedding as it is, for all that the first branch asks."""
    return with_settings(connection(""), latest=queries)


def normed_sum_means(c: Inkling2Text, name: str, stored: str, queries: int = 1) -> Block:
    """Means of normed sums, by softmaxes of how well they fit learned queries: in global layers one each for q, k and v.

    The queries of all layers are `stored` together.
    """
    width = int(c.hidden_size)
    shape = (width,) if queries == 1 else (queries, width)
    rows = Tensor("weight", shape, role="weight", stored_as=f"model.llm.attn_res.{stored}")
    asks = Block("linear", name, facts(inputs=width, outputs=queries), (rows,))
    if queries == 1:
        asks = with_settings(asks, transposed=True)  # one row alone
    mixing = connection("", rms_norm("", width, learned=False, eps=SUM_EPS), asks)
    return with_settings(mixing, of_normed=True)


def norms_apart(c: Inkling2Text) -> Block:
    """A norm each for what q, k and v are made of."""
    width = int(c.hidden_size)
    added_tensors = (
        Tensor(f"{letter}_input_norm.weight", (width,), role=f"of_{word}")
        for letter, word in (("q", "query"), ("k", "key"), ("v", "value"))
    )
    return Block("rms_norm", "", facts(width=width), tuple(added_tensors))


def by_token(c: Inkling2Text, name: str, heads: int, channels: int, role: str) -> Block:
    """A convolution whose taps are learned ones, the newest token's first, and for each head what the token adds."""
    taps = int(c.conv_kernel_size)
    block = matrix("weight_proj", c.hidden_size, heads * taps, role="token_taps")
    return replace(
        short_convolution(c, name, channels, role),
        tensors=(Tensor("static_w", (taps, int(channels)), role="weight"),),
        inside=(block,),
        settings=settings(heads=int(heads)),
    )


def attends(c: Inkling2Text, local: bool, apart: bool = False) -> Block:
    """Scores plus a bias for head and distance, beside one for nothing that the token sets; heads are gated.

    A global layer's queries, keys and values have inputs `apart`, and a local one's where that is said.
    """
    heads, extent = reach(c, local)
    count, dim, shared = heads.query, heads.width, heads.key_value * heads.width
    width, taps = c.hidden_size, int(c.conv_kernel_size)
    mixed = (
        short_convolution(c, f"{word[0]}_sconv", shared, f"{word}_convolution")
        if local
        else by_token(c, f"{word[0]}_sconv", heads.key_value, shared, f"{word}_convolution")
        for word in ("key", "value")
    )
    mixer = attention(
        "attn",
        heads=heads,
        positions=Positions(kind="relative"),
        inside=(
            *projections(c, heads),
            *mixed,
            of_distance(c, heads),
            linear("attn_sink_proj", width, count, role="sink"),
            linear("gate_attn", width, count * dim, role="gate"),
            linear("wo_ud", count * dim, width, role="output"),
        ),
        window=c.sliding_window_size if local else None,
        gate="sigmoid",
        scaling=Scaling(temperature_tuning=None if local else tempered(c, "log_scaling_n_floor")),
        kv=KeyValues(value_norm=True),
    )
    added_facts = facts(
        sinks=True,
        convolved="keys and values",
        extent=extent,
        longest_qk=c.qk_l2_clip_threshold,
        inputs_apart=None if local else True,
    )
    stored = (
        Tensor("q_l2_clip.scale", (int(count), int(dim)), role="query_scales"),
        Tensor("rel_l2_clip.scale", (int(count), int(c.d_rel)), role="distance_scales"),
        distances(c, extent),
    )
    mixer = with_settings(
        replace(mixer, facts={**mixer.facts, **added_facts}, tensors=stored),
        longest_distance=float(c.rel_l2_clip_threshold),
        convolved_scale=1 / sqrt(taps + 1 if local else 2 * taps + 1),
    )
    if local:  # what gives it three inputs says so
        return with_settings(mixer, inputs_apart=True) if apart else mixer
    return with_growing_queries(c, mixer)


def moe(c: Inkling2Text) -> Block:
    """DeepSeek V3's choice without groups; both factors of an expert are bounded, the sigmoid isn't."""
    stored, used = c.n_routed_experts, c.num_experts_per_tok
    at_most(used, stored, ("num_experts_per_tok", "n_routed_experts"))
    expert = stacked_experts(
        "experts",
        stored=stored,
        used=used,
        width=c.hidden_size,
        inner=c.moe_intermediate_size,
        activation="situ",
        names=("w13_weight", "w2_weight"),
        outputs_first=True,
    )
    caps = facts(gate_softcap=c.mlp_gate_softcap, up_softcap=c.mlp_up_softcap)
    expert = replace(expert, facts={**expert.facts, **caps})
    return mixture_of_experts(
        "mlp",
        router=router("gate", width=c.hidden_size, experts=stored, correction="bias"),
        experts=interleaved(expert, int(c.moe_intermediate_size)),
        scoring=c.scoring_func,
        scale=c.route_scale,
        normalized=True,
    )


def shrink(config: Json, small: dict[str, Any], depth: int) -> None:
    """The inner size has two names."""
    if {"n_layers_per_attn_res_block", "moe_intermediate_size"} <= small.keys():
        small.pop("intermediate_size", None)
