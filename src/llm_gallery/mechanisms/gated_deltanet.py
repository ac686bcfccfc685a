"""Gated DeltaNet: a state a head that every token fades, corrects and reads.

Paper: https://arxiv.org/abs/2412.06464
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Callout, Mixer, Names, Quantity, callout
from llm_gallery.mechanisms.state import passes, state


def numbers(block: Block, _: int | None) -> list[Callout]:
    """Heads, their size, the convolution's taps."""
    rows = [
        callout(block, "key_heads", "query, key heads"),
        callout(block, "value_heads", "value heads"),
    ]
    if block.value("key_dim") == block.value("value_dim"):
        rows.append((f"{block.number('key_dim'):,}", "head size", ("key_dim", "value_dim")))
    else:
        rows.append(callout(block, "key_dim", "key size"))
        rows.append(callout(block, "value_dim", "value size"))
    return [*rows, callout(block, "taps", "convolution taps")]


MECHANISM = Mixer(
    kind="gated_deltanet",
    names=Names("Gated DeltaNet", short="DeltaNet"),
    colour="linear",
    concepts=("gated-deltanet",),
    does="",
    numbers=numbers,
    size="{value_heads} states of {key_dim} × {value_dim}",
    quantity=Quantity("value_heads", squares=True, words="States, one a value head"),
    kept=state("value_heads", "key_dim", "value_dim"),  # a matrix a value head
    work=passes(3, "value_heads", "key_dim", "value_dim"),  # read by k, write, read by q
    introduced=(),
    searched=(),
    against_attention=True,
)
