"""What a block is called in a figure: plain words, the field's own name, or both; a name of one maker alone is starred."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block

Naming = Literal["plain", "field", "both"]
STAR, DOT = "*", "·"
"""What a name of one maker alone has behind it, and what stands before the field's name."""


def field_names(blocks: Sequence[Block]) -> str:
    """What the field calls them, the names of one maker alone starred: "SWA, GQA", "HCA*"."""
    owned = _owned(blocks)
    words = mechanisms.field_names(blocks).replace(",", " ,").split()
    starred = (f"{word}{STAR}" if word in owned else word for word in words)
    return " ".join(starred).replace(" ,", ",")


def heading(plain: str, blocks: Sequence[Block], naming: Naming = "both") -> tuple[str, str]:
    """What stands first, and what beside it: "Latent attention", "· MLA"."""
    field = "" if naming == "plain" else field_names(blocks)
    if naming == "field":
        return field or plain, ""
    said = {*plain.lower().split()}
    return plain, f"{DOT} {field}" if field and field.lower() not in said else ""


def named(plain: str, blocks: Sequence[Block], naming: Naming = "both") -> str:
    """The same as one: "Latent attention · MLA"."""
    return " ".join(filter(None, heading(plain, blocks, naming)))


def owners(blocks: Iterable[Block]) -> str:
    """Whose names the starred ones are, for a figure's foot: "* DeepSeek's own names"; "" where none is."""
    owned = _owned(blocks)
    makers = dict.fromkeys(owned.values())
    said = (
        f"{maker}'s own {'name' if list(owned.values()).count(maker) == 1 else 'names'}"
        for maker in makers
    )
    return f"{STAR} {', '.join(said)}" if owned else ""


def _owned(blocks: Iterable[Block]) -> dict[str, str]:
    return {name: maker for block in blocks for name, maker in mechanisms.makers(block).items()}
