"""RWKV's channel mixing: an MLP with a squared ReLU, gated or not, that also reads the token before.

Paper: https://arxiv.org/abs/2305.13048
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.fact import Value
from llm_gallery.mechanisms import mlp
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, no_work
from llm_gallery.mechanisms.activation import activation
from llm_gallery.mechanisms.lane_drawing import (
    Gate,
    Lane,
    LaneDrawing,
    Matrix,
    Product,
    Shift,
    Step,
)
from llm_gallery.mechanisms.legend import INNER
from llm_gallery.mechanisms.state import shifts
from llm_gallery.mechanisms.wording import Held, Said, some
from llm_gallery.mechanisms.written import activation as style


def cached(block: Block) -> Kept:
    """The last token's input, where it is read."""
    last = ((block.number("width"), "bf16"),) if shifts(block) else ()
    return Kept(states=last, row=False)


def compared(block: Block) -> dict[str, Value]:
    """Whether a receptance gates it, which its matrices say."""
    return {"receptance": gated(block) or None}


def gated(block: Block) -> bool:
    """Whether a receptance says how much is let out: RWKV-7 has none."""
    return block.part("receptance") is not None


def shares(block: Block) -> str:
    """Of which of two tokens a learned share is taken."""
    return "(1 − μ) x + μ last x" if block.settings.get("shares_last") else "μ x + (1 − μ) last x"


def tells(held: Held) -> Iterator[Said]:
    """What is mixed, how wide it becomes, and what is let out."""
    blocks = [block for block, _ in held]
    inner = some(block.number("inner") for block in blocks)
    ends = "back; a *receptance gate* scales the output." if gated(blocks[0]) else "back."
    yield (
        "",
        f"Mixes each token with *the one before it*, widens that to *{inner} numbers* and {ends}",
    )


DRAWING = LaneDrawing(
    lanes=(Lane("k", "key", ("inner",)), Lane("r", "receptance", ("width",), where=gated)),
    rows=(
        Step(
            on="k",
            words=lambda block: activation(str(block.value("activation"))),
            means="activation",
            facts=("activation",),
            high=20,
            tight=True,
        ),
    ),
    core=Product("k"),
    after=(
        Matrix("value", "value"),  # what other models call down
        Gate(words="sigmoid", means="receptance", facts=("width",), lane="r", size=11.5),
    ),
    output=None,
    broadest=190,
    shapes=("{width} → {outputs}", "→ {outputs}", "{outputs}"),
    foot=Shift(note=shares),
    title="RWKV channel mixing",
    note="",
    parameters=True,
    symbols=(lambda block: "_r_: how much is let out" if gated(block) else "",),
)


def formula(block: Block) -> tuple[str, ...]:
    """The value of an activated key, as much of it as a receptance lets out, where there is one."""
    ready = "σ( _r_ ) · " if gated(block) else ""
    if block.value("activation") == "relu2":
        return (f"_y_ = {ready}_W_^v^ relu( _k_ )^2^",)
    return (f"_y_ = {ready}_W_^v^ {style(block)}( _k_ )",)


MECHANISM = Mixer(
    kind="receptance_mlp",
    names=Names(
        "Channel mixing", short="channel mixing", label="channel mixing", layer="Channel-mixing"
    ),
    colour="mlp",
    concepts=mlp.concepts,
    does="RWKV's MLP: mixes channels of a token and the one before.",
    tells=tells,
    numbers=mlp.numbers,
    drawing=DRAWING,
    size=mlp.size,
    kept=cached,
    work=no_work,
    introduced=(),
    compared=compared,
    searched=(),
    against_attention=False,
    formula=formula,
    purposes={
        "key": "to the inner width",
        "value": "the way back to the stream",
        "receptance": "how much of the result is let out",
    },
    legend=(INNER,),
)
