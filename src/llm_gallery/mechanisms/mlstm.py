"""mLSTM: a matrix a head with exponential gates, and the normalizer that its reading is divided by.

Paper: https://arxiv.org/abs/2405.04517
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Kept, Mixer, Names, Quantity, callout
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.state import state_bytes
from llm_gallery.mechanisms.written import decimal


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, the sizes of keys and values, the gates' softcap."""
    rows = [
        callout(block, "heads", "heads"),
        callout(block, "key_dim", "key size"),
        callout(block, "value_dim", "value size"),
    ]
    if "gate_softcap" in block.facts:
        rows.append((decimal(block.facts["gate_softcap"]), "gates' softcap", ("gate_softcap",)))
    return rows


def kept(block: Block) -> Kept:
    """A matrix a head, its normalizer, and the largest exponent so far."""
    key, value = block.number("key_dim"), block.number("value_dim")
    elements = block.number("heads") * (key * value + key + 1)
    return Kept(constant=state_bytes(block, elements))


def work(block: Block, position: int) -> int:
    """Two passes over the state, the normalizer its last column: write and read."""
    columns = block.number("value_dim") + 1
    return 2 * block.number("heads") * block.number("key_dim") * columns


MECHANISM = Mixer(
    kind="mlstm",
    names=Names("mLSTM"),
    colour="linear",
    concepts=("mlstm",),
    does="",
    numbers=numbers,
    drawing=BY_CODE,
    size="{heads} states of {key_dim} × {value_dim}",
    quantity=Quantity("heads", squares=True, words="States, one a head"),
    kept=kept,
    work=work,
    introduced=(),
    searched=(),
    against_attention=False,
)
