"""Retention: linear attention whose queries and keys are rotated, with a fixed decay a head.

Paper: https://arxiv.org/abs/2307.08621
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, callout
from llm_gallery.mechanisms.lane_drawing import (
    Gate,
    Lane,
    LaneDrawing,
    Matrix,
    Norm,
    State,
    Step,
)
from llm_gallery.mechanisms.state import passes, state
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import positions


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, positions."""
    rows = [callout(block, "heads", "heads")]
    if block.value("kv_heads") != block.value("heads"):
        rows.append(callout(block, "kv_heads", "key, value heads"))
    rows += [callout(block, "key_dim", "key size"), callout(block, "value_dim", "value size")]
    return rows + positions(block)


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "key_dim")),
        Lane("k", "key", ("kv_heads", "key_dim")),
        Lane("v", "value", ("kv_heads", "value_dim")),
        Lane("gate", "gate", ("heads", "value_dim"), where=lambda block: block.value("gate")),
    ),
    rows=(
        Step(
            on="q k",
            words="RoPE",
            facts=("position", "rope_base"),
            colour="position",
        ),
    ),
    core=State(
        across="q k v",
        states="heads",
        sizes=("value_dim", "key_dim"),
        update="_S_ ← _λ S_ + _v k_^T^",
        reading=lambda block: f"_o_ = _S q_ / {root(block.number('key_dim'))}",
        facts=("heads", "key_dim", "value_dim", "state_dtype"),
        remark="_λ_ constant in each head",
    ),
    after=(Norm(note="per head"), Gate(function=("gate",), lane="gate")),
    output=Matrix(inputs=("heads", "value_dim")),
    broadest=132,
    symbols=("_S_: the state of a head", "_λ_: how much of it stays", "_o_: what is read"),
)

MECHANISM = Mixer(
    kind="retention",
    names=Names("Retention", label="retention", within="retention"),
    colour="linear",
    concepts=(),
    does="A matrix a head that takes in each token and fades at a rate of the head's own; queries and keys are rotated.",
    tells="Keeps one *{value_dim} × {key_dim} matrix* for each of *{heads} heads*: however long the text, it never grows. "
    "It fades at a *fixed rate a head*; each token adds its rotated key times its value.",
    numbers=numbers,
    drawing=DRAWING,
    size="{heads} states of {value_dim} × {key_dim}",
    kept=state("heads", "key_dim", "value_dim"),  # a matrix a head
    work=passes(2, "heads", "key_dim", "value_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=True,
)
