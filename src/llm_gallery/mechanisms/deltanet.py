"""DeltaNet: a state a head that every token corrects and reads, and that never fades by itself.

Paper: https://arxiv.org/abs/2406.06484
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, callout
from llm_gallery.mechanisms.lane_drawing import (
    Convolution,
    Gate,
    Lane,
    LaneDrawing,
    Matrix,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.state import passes, state
from llm_gallery.mechanisms.wording import Held, Said, root, some


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, how many tokens are convolved."""
    return [callout(block, "heads", "heads"), *sizes(block)]


def sizes(block: Block) -> list[Callout]:
    """How wide heads are, and how many tokens are convolved."""
    taps = callout(block, "taps", "tokens convolved")
    if block.value("key_dim") == block.value("value_dim"):
        return [(f"{block.number('key_dim'):,}", "head size", ("key_dim", "value_dim")), taps]
    return [callout(block, "key_dim", "key size"), callout(block, "value_dim", "value size"), taps]


def concepts(block: Block) -> Iterator[str]:
    """Whether a correction may go past what it corrects, and whether values are as wide as keys."""
    if block.value("negative_eigenvalues"):
        yield "negative-eigenvalues"
    if block.value("key_dim") != block.value("value_dim"):
        yield "value-width"


def tells(held: Held) -> Iterator[Said]:
    """What is kept, and how far a token may correct it."""
    blocks = [block for block, _ in held]
    value, key, heads = (
        some(b.number(name) for b in blocks) for name in ("value_dim", "key_dim", "heads")
    )
    yield (
        "",
        f"Keeps one *{value} × {key} matrix* for each of *{heads} heads*: however long the text, it never grows. "
        "A token *corrects* what the matrix answers to its key; nothing fades by itself.",
    )
    if blocks[0].value("negative_eigenvalues"):
        yield "negative-eigenvalues", "It may correct *twice* the error."


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "key_dim")),
        Lane("k", "key", ("heads", "key_dim")),
        Lane("v", "value", ("heads", "value_dim")),
        Lane("β", "beta", ("heads",)),
        Lane("gate", "gate", ("heads", "value_dim"), where=lambda block: block.value("gate")),
    ),
    rows=(
        Convolution("q k v"),
        Step(
            on="β",
            words=lambda block: "2 σ" if block.value("negative_eigenvalues") else "sigmoid",
            means=lambda block: f"β = {'2 ' * bool(block.value('negative_eigenvalues'))}sigmoid(b)",
            facts=("heads", "negative_eigenvalues"),
        ),
        Step(
            on="q k",
            words="L2 norm",
            means="L2 norm of each head",
            facts=("key_dim",),
            colour="norm",
        ),
    ),
    core=State(
        across="q k v β",
        states="heads",
        sizes=("value_dim", "key_dim"),
        update="_S_ ← _S_ + _β_ (_v_ − _S k_) _k_^T^",
        reading=lambda block: f"_o_ = _S q_ / {root(block.number('key_dim'))}",
        facts=("heads", "key_dim", "value_dim", "state_dtype"),
    ),
    after=(Norm(note="per head"), Gate(function=("gate",), lane="gate")),
    output=Matrix(inputs=("heads", "value_dim")),
    broadest=112,
    symbols=(
        "_S_: the state of a head",
        "_β_: how much is corrected",
        "_o_: what is read",
    ),
)

MECHANISM = Mixer(
    kind="deltanet",
    names=Names("DeltaNet", proper=True),
    colour="linear",
    concepts=concepts,
    does="A matrix a head, of which each token corrects what it answers to the token's key; nothing fades by itself.",
    tells=tells,
    numbers=numbers,
    drawing=DRAWING,
    size="{heads} states of {value_dim} × {key_dim}",
    kept=state("heads", "key_dim", "value_dim"),  # a matrix a head
    work=passes(3, "heads", "key_dim", "value_dim"),  # read by k, write, read by q
    introduced=(),
    searched=(),
    against_attention=True,
)
