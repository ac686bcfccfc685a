"""What queries and keys are made of, mixed with the tokens before ahead of their matrices (Yuan's localized filtering)."""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.figure.internals._fitting import snug
from llm_gallery.figure.internals._lanes import Lanes
from llm_gallery.figure.kit.blocks import PILL
from llm_gallery.figure.kit.shapes import Point
from llm_gallery.figure.kit.signs import drum
from llm_gallery.mechanisms.colour import MIXING
from llm_gallery.mechanisms.convolution import convolved

FILTER = "input_filter"
"""The role of its first convolution, by which a block is known that has it."""
READING = ("query", "key")
"""Roles of the matrices that read what it gives."""


def filtered(streams: Lanes, names: Sequence[str], bottom: float) -> Point:
    """Its convolutions and its norm across the lanes that read it; gives back where its input enters."""
    use, (x, room) = streams.use, streams.across(*names)
    stages = [part for part in use.block.inside if "taps" in part.facts]
    taps = " + ".join(f"{part.number('taps'):,}" for part in stages)
    long, *less = convolved(taps, f"{len(stages)} convolutions")
    forms = [(long, "all channels"), *((said, "") for said in (long, *less))]
    about = use.about(FILTER, "short convolutions over the input of queries and keys")
    node = snug(x, bottom - PILL / 2, forms, MIXING, room, about=about)
    streams.through(node, *names)
    streams.sheet.put(drum(x - 20, node.bottom.y + 7))
    norm = [("+ input, RMSNorm", ""), ("+ x, norm", "")]
    about = use.about("filtered_norm")
    streams.through(snug(x, streams.above(*names), norm, "norm", room, about=about), *names)
    return node.bottom
