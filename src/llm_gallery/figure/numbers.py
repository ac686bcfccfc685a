"""The numbers that define a mixer, as the callouts beside it say them."""

from __future__ import annotations

from dataclasses import dataclass, field

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.tooltip import fact_line
from llm_gallery.mechanisms import numbers_of


@dataclass(frozen=True, slots=True)
class Number:
    """A callout: a number, what it counts, and what stands behind it; two are equal that say the same."""

    value: str
    label: str
    about: About = field(compare=False)


def layers(count: int, of: str = "") -> str:
    """A number of layers in words: "1 layer", "36 DeltaNet layers" of `of` "DeltaNet "."""
    return f"{count:,} {of}{'layer' if count == 1 else 'layers'}"


def numbers(block: Block, path: str, width: int | None) -> tuple[Number, ...]:
    """The numbers that define a mixer or a channel mixer, in reading order."""
    return tuple(
        Number(value, label, About(path, "\n".join(fact_line(block, key) for key in keys)))
        for value, label, keys in numbers_of(block, width)
    )
