"""Whatever the facts, a drawing passes the gates, at every width that a figure asks for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.parts import (
    Convolved,
    Heads,
    LatentHeads,
    Positions,
    Scaling,
    Shared,
    attention,
    experts,
    facts,
    gated_deltanet,
    gated_mlp,
    latent_attention,
    linear,
    mamba2,
    mixture_of_experts,
    plain_mlp,
    router,
)
from llm_gallery.figure.internals import Use, inset
from llm_gallery.mechanisms import DRAWN
from tests.figure.internals.seen import seen

WIDTHS = st.sampled_from([400.0, 405.3, 418.0, 430.0, 500.0, 560.0, 640.0, 700.0, 856.0])
SIZES = st.sampled_from([64, 768, 2048, 4096, 7168, 16384, 131072, 1234567])
ACTIVATIONS = st.sampled_from(["silu", "gelu_pytorch_tanh", "relu2", "a_name_that_nobody_knows"])
HEAD_SIZES = st.sampled_from([8, 64, 80, 128, 168, 256, 512])
PLENTY = settings(max_examples=150, deadline=None)


@st.composite
def attentions(draw: st.DrawFn) -> tuple[tuple[Block, int], ...]:
    """One to three blocks of one attention that differ in reach, positions and norms."""
    width, dim = draw(SIZES), draw(HEAD_SIZES)
    keys = draw(st.integers(1, 128))
    heads = keys * draw(st.integers(1, 512 // keys))
    gate = draw(st.sampled_from([None, "sigmoid"]))
    sinks = draw(st.booleans())
    outputs = (heads * dim, keys * dim, keys * dim)
    bias = draw(st.booleans())
    stored = ("query", "key", "value")
    inside = [linear(r, width, o, role=r, bias=bias) for r, o in zip(stored, outputs, strict=True)]
    if gate is None and draw(st.booleans()):
        inside = [linear("qkv_proj", width, sum(outputs), role=stored, bias=bias)]
    variants = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["rope", "none", "learned"]))
        variant = attention(
            "self_attn",
            heads=Heads(heads, keys, dim),
            positions=Positions(kind=kind, rotated=draw(st.sampled_from([None, dim, dim // 2]))),
            inside=[*inside, linear("o_proj", heads * dim, width, role="output")],
            window=draw(st.sampled_from([None, 128, 1048576])),
            chunk=draw(st.sampled_from([None, 8192])),
            sinks=sinks,
            qk_norm=draw(st.sampled_from([None, "per head", "all heads", "l2"])),
            gate=gate,
            scaling=Scaling(
                softcap=draw(st.sampled_from([None, 50.0])),
                scale_dim=draw(st.sampled_from([None, 168])),
                temperature_tuning=draw(st.sampled_from([None, True])),
            ),
        )
        variants.append((variant, draw(st.integers(1, 200))))
    return tuple(variants)


@st.composite
def latents(draw: st.DrawFn) -> Block:
    """Latent attention of any size."""
    return latent_attention(
        "self_attn",
        width=draw(SIZES),
        heads=LatentHeads(
            draw(st.integers(1, 512)), draw(HEAD_SIZES), draw(HEAD_SIZES), draw(HEAD_SIZES)
        ),
        query_rank=draw(st.sampled_from([None, 768, 16384])),
        kv_rank=draw(st.sampled_from([128, 512, 16384])),
        positions=Positions(kind=draw(st.sampled_from(["rope", "none"]))),
        bias=draw(st.booleans()),
    )


@st.composite
def states(draw: st.DrawFn) -> Block:
    """A mixer with a state."""
    heads, each = draw(st.integers(1, 128)), draw(st.integers(1, 8))
    activation, taps = draw(ACTIVATIONS), draw(st.integers(2, 16))
    if draw(st.booleans()):
        return gated_deltanet(
            "linear_attn",
            width=draw(SIZES),
            key_heads=heads,
            value_heads=heads * each,
            key_dim=draw(HEAD_SIZES),
            value_dim=draw(HEAD_SIZES),
            taps=taps,
            activation=activation,
        )
    return mamba2(
        "mixer",
        width=draw(SIZES),
        heads=heads * each,
        head_dim=draw(HEAD_SIZES),
        state_dim=draw(HEAD_SIZES),
        groups=heads,
        convolved=Convolved(taps, activation),
        bias=draw(st.booleans()),
    )


@st.composite
def mlps(draw: st.DrawFn, name: str = "mlp") -> Block:
    """A gated or plain MLP."""
    width, inner, activation = draw(SIZES), draw(SIZES), draw(ACTIVATIONS)
    bias = draw(st.booleans())
    if draw(st.booleans()):
        return plain_mlp(name, width=width, inner=inner, activation=activation, bias=bias)
    fused, limit = draw(st.booleans()), draw(st.sampled_from([None, 7.0]))
    return gated_mlp(
        name,
        width=width,
        inner=inner,
        activation=activation,
        bias=bias,
        fused=fused,
        limit=limit,
    )


@st.composite
def mixtures(draw: st.DrawFn) -> Block:
    """Experts in groups, with anything that may stand beside them."""
    groups = draw(st.sampled_from([1, 1, 2, 8, 32]))
    stored = groups * draw(st.integers(1, 1024 // groups))
    groups_used = draw(st.integers(1, groups))
    used = draw(st.integers(1, min(64, stored // groups * groups_used)))
    expert, width = draw(mlps("experts")), draw(SIZES)
    shared = draw(st.one_of(st.none(), mlps("shared_experts")))
    gated = shared is not None and draw(st.booleans())
    latent = draw(st.booleans())
    mixture = mixture_of_experts(
        "mlp",
        router=router("gate", width=width, experts=stored, bias=draw(st.booleans())),
        experts=experts(expert, stored=stored, used=used),
        scoring=draw(st.sampled_from(["softmax", "sigmoid"])),
        groups=(groups, groups_used),
        shared=None
        if shared is None
        else Shared(
            shared,
            draw(st.integers(1, 8)),
            gate=replace(linear("g", width, 1), kind="shared_gate") if gated else None,
        ),
        scale=draw(st.sampled_from([None, 1.0, 2.827])),
        normalized=draw(st.booleans()),
        weights_input=not latent and draw(st.booleans()),
    )
    if not latent:
        return mixture
    pair = (
        linear("fc1", width, 1024, role="latent_down"),
        linear("fc2", 1024, width, role="latent_up"),
    )
    more = {**mixture.facts, **facts(latent=1024)}
    return replace(mixture, facts=more, inside=(*mixture.inside, *pair))


@PLENTY
@given(attentions(), WIDTHS, st.booleans())
def test_attention(variants: tuple[tuple[Block, int], ...], width: float, full: bool) -> None:
    seen(*variants, width=width, full=full)


@PLENTY
@given(st.one_of(latents(), states(), mlps(), mixtures()), WIDTHS, st.booleans())
def test_every_other_kind(block: Block, width: float, full: bool) -> None:
    seen((block, 1), width=width, full=full)


ABSURD = 2**24
"""The largest size that a config may state."""


@pytest.mark.parametrize("width", [400.0, 418.0, 856.0])
def test_absurd_sizes(width: float) -> None:
    n, rope = ABSURD, Positions(kind="rope", rotated=ABSURD)
    mlp = gated_mlp("experts", width=n, inner=n, activation="silu" * 40)
    mixture = mixture_of_experts(
        "mlp",
        router=router("gate", width=n, experts=n, bias=True, correction="c"),
        experts=experts(mlp, stored=n, used=n),
        scoring="sigmoid",
        groups=(n, n),
        shared=Shared(mlp, n),
        scale=float(n),
        normalized=True,
    )
    blocks = [
        attention("a", heads=Heads(n, n // 2, n), positions=rope, inside=(), window=n),
        attention("a", heads=Heads(n, 1, n), positions=rope, inside=(), sinks=True),
        latent_attention(
            "a",
            width=n,
            heads=LatentHeads(n, n, n, n),
            query_rank=n,
            kv_rank=n,
            positions=rope,
        ),
        gated_deltanet(
            "a",
            width=n,
            key_heads=n,
            value_heads=n,
            key_dim=n,
            value_dim=n,
            taps=n,
            activation="silu",
        ),
        mamba2(
            "a",
            width=n,
            heads=n,
            head_dim=n,
            state_dim=n,
            groups=n,
            convolved=Convolved(n, "silu"),
        ),
        mixture,
    ]
    for block in blocks:
        seen((block, 4096), width=width, full=True)


@given(st.one_of(latents(), mixtures()))
@settings(max_examples=10, deadline=None)
def test_the_same_facts_give_the_same_drawing(block: Block) -> None:
    use = Use(paths=("a",), variants=((block, 1),), width=418, where="", full=False)
    one, other = (inset(use) for _ in range(2))
    assert one == other


def test_every_mixer_has_a_drawing() -> None:
    assert set(kinds("mixes tokens")) | set(kinds("mixes channels")) <= set(DRAWN)
