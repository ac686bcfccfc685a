"""Gated DeltaNet: a state a head that every token fades, corrects and reads.

Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms import deltanet
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, callout
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.state import passes, state
from llm_gallery.mechanisms.wording import Held, Said, root, some


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, how many tokens are convolved."""
    heads = (
        callout(block, "key_heads", "query, key heads"),
        callout(block, "value_heads", "value heads"),
    )
    return [*heads, *deltanet.sizes(block)]


def compared(block: Block) -> dict[str, Value]:
    """The gate's activation is that of its convolution, unless stated."""
    return {"gate": block.value("gate") or block.value("activation")}


def concepts(block: Block) -> Iterator[str]:
    """What it is, whether a correction may go past what it corrects, and whether values are as wide as keys."""
    yield "gated-deltanet"
    yield from deltanet.concepts(block)


def tells(held: Held) -> Iterator[Said]:
    """What is kept, how it fades, and how far a token may correct it."""
    blocks = [block for block, _ in held]
    value, key, heads = (
        some(b.number(name) for b in blocks) for name in ("value_dim", "key_dim", "value_heads")
    )
    yield (
        "",
        f"Keeps one *{value} × {key} matrix* for each of *{heads} heads*: however long the text, it never grows. "
        "A token *corrects* what the matrix answers to its key, and a gate says how much fades.",
    )
    if blocks[0].value("negative_eigenvalues"):
        yield "negative-eigenvalues", "It may correct *twice* the error."


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("key_heads", "key_dim")),
        Lane("k", "key", ("key_heads", "key_dim")),
        Lane("v", "value", ("value_heads", "value_dim")),
        Lane("β", "beta", ("value_heads",)),
        Lane("α", "alpha", ("value_heads",)),
        Lane("gate", "gate", ("value_heads", "value_dim")),
    ),
    rows=(
        Convolution("q k v"),
        Step(
            on="β",
            words=lambda block: "2 σ" if block.value("negative_eigenvalues") else "sigmoid",
            means=lambda block: f"β = {'2 ' * bool(block.value('negative_eigenvalues'))}sigmoid(b)",
            facts=("value_heads", "negative_eigenvalues"),
        ),
        Step(on="α", words="decay", means="α = exp(−A softplus(a + bias))", facts=("value_heads",)),
        Step(
            on="q k",
            words="L2 norm",
            means="L2 norm of each head",
            facts=("key_dim",),
            colour="norm",
        ),
    ),
    core=State(
        across="q k v β α",
        states="value_heads",
        sizes=("value_dim", "key_dim"),
        update="_S_ ← _α S_ + _β_ (_v_ − _α S k_) _k_^T^",
        reading=lambda block: f"_o_ = _S q_ / {root(block.number('key_dim'))}",
        facts=("key_heads", "value_heads", "key_dim", "value_dim", "state_dtype"),
    ),
    after=(Norm(), Gate(function=("gate", "activation"))),
    broadest=112,
    symbols=(
        "_S_: the state of a head",
        "_α_: how much of it stays",
        "_β_: how much is corrected",
        "_o_: what is read",
    ),
)

MECHANISM = Mixer(
    kind="gated_deltanet",
    names=Names("Gated DeltaNet"),
    colour="linear",
    concepts=concepts,
    does="",
    tells=tells,
    numbers=numbers,
    drawing=DRAWING,
    size="{value_heads} states of {value_dim} × {key_dim}",
    kept=state("value_heads", "key_dim", "value_dim"),  # a matrix a value head
    work=passes(3, "value_heads", "key_dim", "value_dim"),  # read by k, write, read by q
    introduced=(),
    compared=compared,
    searched=(),
    against_attention=True,
)
