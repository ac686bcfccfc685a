"""Doge: Llama with attention that adds what each value says of itself to its scores, and learned scales on the stream.

Of a text longer than a window only the tokens that say most are attended to. Beside the MLP there may be thousands
of experts of one channel each, chosen by the sums of two lists of scores.

The experts' choice mixes tokens of one call, as the release's view does: a token alone may choose others.

Reference: transformers/models/doge/modular_doge.py
Paper: https://arxiv.org/abs/2412.11834
"""

from __future__ import annotations

from dataclasses import replace
from math import isqrt

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import derived
from llm_gallery.architecture.parts import (
    Shared,
    connection,
    facts,
    layer,
    linear,
    mixture_of_experts,
    residual,
    router,
    stack,
    stacked_rows,
)
from llm_gallery.families._config import Length, Size, at_most, config
from llm_gallery.families.llama import (
    Llama,
    activation,
    decoder,
    grouped_query,
    head_dim,
    kv,
    norm,
    swiglu,
)


@config(
    "doge",
    unused=(
        "hidden_dropout", "norm_topk_prob", "dynamic_mask_ratio",
    ),
)  # fmt: skip
class Doge(Llama):
    sliding_window: Length | None
    keep_window_size: Length
    is_moe: bool
    num_experts: Size
    num_experts_per_tok: Size


def doge(c: Doge) -> Block:
    decoder_layer = layer(
        residual(norm(c, "input_layernorm"), attends(c), scale(c, "input_residual")),
        residual(
            norm(c, "post_attention_layernorm"),
            experts(c) if c.is_moe else swiglu(c),
            scale(c, "post_attention_residual"),
        ),
    )
    return decoder(
        c, stack("layers", [decoder_layer] * c.num_hidden_layers, residual="learned scales")
    )


def experts(c: Doge) -> Block:
    """An MLP for every token, and experts of one channel in two tables: an expert's score is a sum of two.

    There are as many sums as the root of the experts, rounded down, squared: any left over are never chosen. The
    weights are a softmax over the chosen, whatever `norm_topk_prob` says.
    """
    keys = derived(isqrt(c.num_experts), "sqrt(num_experts)")
    at_most(
        c.num_experts_per_tok, keys * keys, ("num_experts_per_tok", "sqrt(num_experts) squared")
    )
    scores = router("router_gate", width=c.hidden_size, experts=2 * keys)
    mixture = mixture_of_experts(
        "mlp",
        router=replace(scores, facts={**scores.facts, **facts(product_keys=keys)}),
        experts=stacked_rows(
            ("down_embed.weight", "up_embed.weight"),
            stored=c.num_experts,
            used=c.num_experts_per_tok,
            width=c.hidden_size,
            activation=activation(c),
        ),
        shared=Shared(swiglu(c, "")),
        scoring="softmax",
        normalized=True,
    )
    return replace(mixture, facts={**mixture.facts, **facts(product_keys=keys)})


def scale(c: Doge, name: str) -> Block:
    """A scale for each channel of the stream, beside which a branch is added as it is."""
    return connection("", own=[Tensor(name, (int(c.hidden_size),), role="stream_scale")])


def attends(c: Doge) -> Block:
    """Attention with what its mask is made of, from the values of all heads."""
    mixer = grouped_query(c, qk_norm="per head", window=c.sliding_window)
    heads = kv(c)
    step = linear(
        "dt_proj", heads * head_dim(c), heads, role="mask_step", bias=bool(c.attention_bias)
    )
    added_tensors = (*mixer.tensors, Tensor("A", (int(heads),), role="mask_rate"))
    all_facts = {**mixer.facts, **facts(dynamic_mask=c.keep_window_size)}
    return replace(mixer, facts=all_facts, tensors=added_tensors, inside=(*mixer.inside, step))
