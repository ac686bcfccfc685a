"""mLSTM: a matrix a head with exponential gates, and the normalizer that its reading is divided by.

Paper: https://arxiv.org/abs/2405.04517
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names
from llm_gallery.mechanisms.lane_drawing import Gate, Lane, LaneDrawing, Norm, State, Step
from llm_gallery.mechanisms.legend import STATE, Term
from llm_gallery.mechanisms.matrix_state import EACH, lanes, sizes, tells
from llm_gallery.mechanisms.state import PURPOSES, state_dtype
from llm_gallery.mechanisms.wording import root
from llm_gallery.mechanisms.written import decimal


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, the sizes of keys and values, the gates' softcap."""
    rows = sizes(block)
    if "gate_softcap" in block.facts:
        rows.append((decimal(block.facts["gate_softcap"]), "gates' softcap", ("gate_softcap",)))
    return rows


def cached(block: Block) -> Kept:
    """A matrix a head, its normalizer, and the largest exponent so far."""
    key, value = block.number("key_dim"), block.number("value_dim")
    elements = block.number("heads") * (key * value + key + 1)
    return Kept(states=((elements, state_dtype(block)),))


def work(block: Block, position: int) -> int:
    """Two passes over the state, the normalizer its last column: write and read."""
    columns = block.number("value_dim") + 1
    return 2 * block.number("heads") * block.number("key_dim") * columns


def capped(block: Block) -> str:
    """The softcap on what the gates read, so that the exponential one stays in range."""
    cap = block.value("gate_softcap")
    return "" if cap is None else f"softcap {cap:g}"


DRAWING = LaneDrawing(
    lanes=(
        *lanes(),
        Lane("i", "input_gate", ("heads",)),
        Lane("f", "forget_gate", ("heads",)),
        Lane("gate", "gate", ("heads", "value_dim")),
    ),
    rows=(
        Step(on="i f", words=capped, means="softcap", facts=("gate_softcap",), chip=True),
        Step(on="i", words="exp", means="i = exp(input gate)", facts=("heads",)),
        Step(on="f", words="sigmoid", means="f = sigmoid(forget gate)", facts=("heads",)),
    ),
    core=State(
        across="q k v i f",
        states="heads",
        sizes=("value_dim", "key_dim"),
        axes=("value", "key"),
        update="_S_ ← _f S_ + _i v k_^T^",
        reading=lambda block: f"_h_ = _S q_ / {root(block.number('key_dim'))} / _d_",
        facts=("heads", "key_dim", "value_dim", "state_dtype"),
        name="memory",
        remark="_n_ ← _f n_ + _i k_, _d_ = max(|_n q_|, 1)",
        beside_each=lambda block: f"beside each: n of {block.number('key_dim'):,}, a maximum",
    ),
    after=(
        Norm("LayerNorm", note="per head"),
        Gate(words="sigmoid", means="o = sigmoid(output gate)", facts=("heads",)),
    ),
    broadest=112,
    foot=lambda block: "with bias: all" if block.value("bias") else "with bias: i, f",
    symbols=(
        "_S_: the memory of a head",
        "_f_: how much of it stays",
        "_i_: how much is written",
        "_d_: keeps what is read in range",
    ),
)

MECHANISM = Mixer(
    kind="mlstm",
    names=Names("mLSTM"),
    colour="linear",
    concepts=("mlstm",),
    does="",
    tells=tells(
        EACH,
        "*Exponential gating* sets how much each token writes and how much is forgotten.",
    ),
    numbers=numbers,
    drawing=DRAWING,
    size=EACH.size,
    kept=cached,
    work=work,
    introduced=(),
    searched=(),
    against_attention=False,
    purposes=PURPOSES,
    legend=(
        STATE,
        Term(
            "i, f, n",
            "How much is written and forgotten, and a sum that keeps the result in range.",
        ),
    ),
    miniature={
        "num_heads": 4,
        "embedding_dim": 128,
    },
)
