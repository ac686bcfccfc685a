"""Mechanisms that no catalog model has: drawn from a synthetic example, through the gates, alone and in a figure."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from llm_gallery.architecture.block import Architecture, Block, Tensor
from llm_gallery.architecture.parts import (
    KeyValues,
    Positions,
    embedding,
    experts,
    facts,
    gated_mlp,
    group,
    head,
    layer,
    mixture_of_experts,
    residual,
    rms_norm,
    router,
    stack,
)
from llm_gallery.figure import Heading, draw
from llm_gallery.figure.draw import Page
from tests.figure.gates import faults
from tests.figure.internals.seen import Seen, seen
from tests.figure.internals.test_attention import block

ALIBI = Positions(kind="alibi")
BUCKETS = Tensor("relative_attention_bias.weight", (32, 32), role="distances")


def bucketed() -> Block:
    """T5's bias: 32 buckets of distance for each of 32 heads, as far as 128 tokens."""
    bare = block(positions=Positions(kind="relative"))
    more = facts(extent=128)
    return replace(bare, tensors=(*bare.tensors, BUCKETS), facts={**bare.facts, **more})


def mixture(**more: int | bool) -> Block:
    """Eight experts of which two run, without a shared one."""
    made = mixture_of_experts(
        "mlp",
        router=router("gate", width=4096, experts=8),
        experts=experts(
            gated_mlp("experts", width=4096, inner=1024, activation="silu"), stored=8, used=2
        ),
        scoring="softmax",
    )
    return replace(made, facts={**made.facts, **facts(**more)})


EXAMPLES = {
    "ALiBi": (block(positions=ALIBI), {"ALiBi − m distance", "softmax( q kT / √128 + b ) v"}),
    "ALiBi, one key head, window, sinks, gate": (
        block(32, 1, positions=ALIBI, window=128, sinks=True, gate="sigmoid"),
        {"ALiBi", "sinks 32", "sigmoid", "last 128"},
    ),
    "buckets of distance": (bucketed(), {"by distance 32 × 32"}),
    "one projection for keys and values": (block(kv=KeyValues(unified=True)), {"v is k"}),
    "experts chosen by the token's hash": (mixture(hashed=True), {"chosen by the token's id"}),
    "experts that compute nothing": (mixture(identity_experts=2), {"2 idle"}),
}
WIDTHS = (400.0, 418.0, 560.0, 856.0)


def drawn(name: str, width: float, *, full: bool) -> Seen:
    return seen((EXAMPLES[name][0], 24), width=width, full=full)


@pytest.mark.parametrize(("name", "width", "full"), list(product(EXAMPLES, WIDTHS, (False, True))))
def test_gates_at_every_width(name: str, width: float, full: bool) -> None:
    assert drawn(name, width, full=full).words


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_it_says(name: str) -> None:
    assert set(drawn(name, 560, full=False).words) >= EXAMPLES[name][1]


@pytest.mark.parametrize("name", EXAMPLES)
def test_in_a_figure(name: str) -> None:
    part = EXAMPLES[name][0]
    plain = gated_mlp("mlp", width=4096, inner=11_008, activation="silu")
    mixes = part.kind == "attention"
    token, channel = (part, plain) if mixes else (block(), part)
    one = layer(
        residual(rms_norm("a", 4096), token),
        residual(rms_norm("m", 4096), channel),
    )
    body = group("model", embedding("embed", 32_000, 4096), stack("layers", [one] * 24))
    stated = facts(width=4096, vocabulary=32_000, context=4096)
    root = Block("model", "", stated, (), (body, head("lm_head", 32_000, 4096)))
    made = Architecture("made_up", root)
    for detail in get_args(Page):
        assert faults(draw(made, Heading(name=name), detail=detail).picture) == ()
