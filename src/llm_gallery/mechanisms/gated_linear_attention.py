"""Gated linear attention: a state a head whose rows fade as each token says.

Paper: https://arxiv.org/abs/2312.06635
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, callout
from llm_gallery.mechanisms.activation import activation
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
    """Heads, their sizes, and through how many channels a token sets its decays."""
    rows = [callout(block, "heads", "heads")]
    if block.value("kv_heads") != block.value("heads"):
        rows.append(callout(block, "kv_heads", "key, value heads"))
    rows += [callout(block, "key_dim", "key size"), callout(block, "value_dim", "value size")]
    if "taps" in block.facts:
        rows.append(callout(block, "taps", "tokens convolved"))
    return [*rows, callout(block, "decay_rank", "rank of the decay")]


def concepts(block: Block) -> Iterator[str]:
    """What it is, and whether values are as wide as keys."""
    yield "gated-linear-attention"
    if block.value("key_dim") != block.value("value_dim"):
        yield "value-width"


def tells(held: Held) -> Iterator[Said]:
    """What is kept, and how it fades."""
    blocks = [block for block, _ in held]
    value, key, heads = (
        some(b.number(name) for b in blocks) for name in ("value_dim", "key_dim", "heads")
    )
    yield (
        "",
        f"Keeps one *{value} × {key} matrix* for each of *{heads} heads*: however long the text, it never grows. "
        "Each token adds its key times its value, and says *how fast* every channel of a key fades.",
    )


def decay(block: Block) -> str:
    """How far each channel of the keys fades; some configs hold it above a floor."""
    floor = block.value("decay_floor")
    least = "" if floor is None else f", at least e^{floor:g}"
    return f"α = sigmoid(a)^(1/16){least}, a number for each channel of the keys"


def mapped(block: Block) -> str:
    """What queries and keys pass, where they pass anything."""
    passed = block.value("feature_map")
    return "" if passed is None else activation(str(passed))


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "key_dim")),
        Lane("k", "key", ("kv_heads", "key_dim")),
        Lane("v", "value", ("kv_heads", "value_dim")),
        Lane("α", "alpha", ("kv_heads", "key_dim"), rank="decay_rank"),
        Lane("gate", "gate", ("heads", "value_dim"), where=lambda block: block.value("gate")),
    ),
    rows=(
        Convolution("q k v"),
        Step(on="q k", words=mapped, facts=("feature_map",)),
        Step(on="α", words="decay", means=decay, facts=("decay_rank", "decay_floor")),
    ),
    core=State(
        across="q k v α",
        states="heads",
        sizes=("value_dim", "key_dim"),
        update="_S_ ← _S_ diag(_α_) + _v k_^T^",
        reading=lambda block: f"_o_ = _S q_ / {root(block.number('key_dim'))}",
        facts=("heads", "key_dim", "value_dim", "state_dtype"),
    ),
    after=(Norm(note="per head"), Gate(function=("gate",), lane="gate")),
    output=Matrix(inputs=("heads", "value_dim")),
    broadest=112,
    symbols=(
        "_S_: the state of a head",
        "_α_: how much of each channel stays",
        "_o_: what is read",
    ),
)

MECHANISM = Mixer(
    kind="gated_linear_attention",
    names=Names(
        "Gated linear attention",
        label="GLA",
        within="gated linear attention",
        counted="gated linear attention",
        spelled={"GLA": "gated linear attention"},
    ),
    colour="linear",
    concepts=concepts,
    does="A matrix a head that takes in each token, and of which every row fades as the token says.",
    tells=tells,
    numbers=numbers,
    drawing=DRAWING,
    size="{heads} states of {value_dim} × {key_dim}",
    kept=state("heads", "key_dim", "value_dim"),  # a matrix a head
    work=passes(2, "heads", "key_dim", "value_dim"),  # write and read
    introduced=(),
    searched=(),
    against_attention=True,
)
