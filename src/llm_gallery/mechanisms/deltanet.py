"""DeltaNet: a state a head that every token corrects and reads, and that never fades by itself.

Paper: https://arxiv.org/abs/2406.06484
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Names, callout
from llm_gallery.mechanisms.lane_drawing import Convolution, Lane
from llm_gallery.mechanisms.legend import CORRECTED, MATRIX
from llm_gallery.mechanisms.matrix_state import (
    EACH,
    TWICE,
    beta,
    lanes,
    mixer,
    of_length_one,
    read_by_head,
    symbols,
    tells,
)


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their sizes, how many tokens are convolved."""
    return [callout(block, "heads", "heads"), *sizes(block)]


def sizes(block: Block) -> list[Callout]:
    """How wide heads are, and how many tokens are convolved."""
    taps = callout(block, "taps", "tokens convolved")
    if block.value("key_dim") == block.value("value_dim"):
        return [(f"{block.number('key_dim'):,}", "head size", ("key_dim", "value_dim")), taps]
    return [callout(block, "key_dim", "key size"), callout(block, "value_dim", "value size"), taps]


MECHANISM = mixer(
    EACH,
    "deltanet",
    Names("DeltaNet", proper=True),
    passed=3,  # read by k, write, read by q
    concepts=(),
    does="A matrix a head, of which each token corrects what it answers to the token's key; nothing fades by itself.",
    tells=tells(
        EACH,
        "The *delta rule* overwrites the value stored under each key; nothing decays.",
        TWICE,
    ),
    numbers=numbers,
    legend=(*MATRIX, CORRECTED),
    drawing=read_by_head(
        (*lanes(), Lane("β", "beta", ("heads",))),
        (Convolution("q k v"), beta("heads"), of_length_one()),
        EACH.changed("q k v β", "_S_ ← _S_ + _β_ (_v_ − _S k_) _k_^T^"),
        symbols("_β_: how much is corrected"),
    ),
)
