"""Kimi Delta Attention: Gated DeltaNet whose decay is its own for every channel of a key.

Paper: https://arxiv.org/abs/2510.26692
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mixer, Names
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


def decay(block: Block) -> str:
    """How far each channel of the keys fades; some models hold it above a floor."""
    floor = block.value("decay_floor")
    fades = "−A softplus(f)" if floor is None else f"{floor:g} sigmoid(A f)"
    return f"α = exp({fades}), a number for each channel of the keys"


def concepts(block: Block) -> Iterator[str]:
    """What it is, and whether a correction may go past what it corrects."""
    yield "kimi-delta-attention"
    if block.value("negative_eigenvalues"):
        yield "negative-eigenvalues"


def tells(held: Held) -> Iterator[Said]:
    """What is kept, how it fades, and how far a token may correct it."""
    blocks = [block for block, _ in held]
    size, heads = (some(b.number(name) for b in blocks) for name in ("head_dim", "heads"))
    yield (
        "",
        f"Keeps one *{size} × {size} matrix* for each of *{heads} heads*: however long the text, it never grows. "
        "A token *corrects* what the matrix answers to its key, and every row fades at *its own rate*.",
    )
    if blocks[0].value("negative_eigenvalues"):
        yield (
            "negative-eigenvalues",
            "It may correct *twice* the error.",
        )


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "head_dim")),
        Lane("k", "key", ("heads", "head_dim")),
        Lane("v", "value", ("heads", "head_dim")),
        Lane("β", "beta", ("heads",)),
        Lane("α", "alpha", ("heads", "head_dim"), rank="decay_rank"),
        Lane("gate", "gate", ("heads", "head_dim"), rank="gate_rank"),
    ),
    rows=(
        Convolution("q k v"),
        Step(
            on="β",
            words=lambda block: "2 σ" if block.value("negative_eigenvalues") else "sigmoid",
            means="β: how much is written",
            facts=("heads", "decay_floor", "negative_eigenvalues"),
        ),
        Step(
            on="α",
            words="decay",
            means=decay,
            facts=("heads", "decay_floor", "negative_eigenvalues"),
        ),
        Step(
            on="q k",
            words="L2 norm",
            means="L2 norm of each head",
            facts=("head_dim",),
            colour="norm",
        ),
    ),
    core=State(
        across="q k v β α",
        states="heads",
        sizes=("head_dim", "head_dim"),
        update="_S_ ← _S_ diag(_α_) + _β_ (_v_ − _S_ diag(_α_) _k_) _k_^T^",
        reading=lambda block: f"_o_ = _S q_ / {root(block.number('head_dim'))}",
        facts=("heads", "head_dim", "state_dtype"),
    ),
    after=(
        Norm(note="per head"),
        Gate(words="sigmoid", means="output gate", facts=("gate_rank",)),
    ),
    broadest=112,
    symbols=(
        "_S_: the state of a head",
        "_α_: how much of each channel stays",
        "_β_: how much is corrected",
        "_o_: what is read",
    ),
)

MECHANISM = Mixer(
    kind="kimi_delta_attention",
    names=Names(
        "Kimi Delta Attention",
        label="KDA",
        counted="Kimi Delta Attention",
        spelled={"KDA": "Kimi Delta Attention"},
    ),
    colour="linear",
    concepts=concepts,
    does="",
    tells=tells,
    numbers=(
        ("heads", "heads"),
        ("head_dim", "head size"),
        ("taps", "tokens convolved"),
        ("decay_rank", "rank of the decay"),
    ),
    drawing=DRAWING,
    size="{heads} states of {head_dim} × {head_dim}",
    kept=state("heads", "head_dim", "head_dim"),  # a square matrix a head
    work=passes(3, "heads", "head_dim", "head_dim"),  # read by k, write, read by q
    introduced=(),
    searched=(),
    against_attention=True,
)
