"""What attention of several kinds has in common: positions, and how much of the past is seen."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block

_CONCEPTS = {
    "none": "nope",
    "learned": "learned-positions",
    "alibi": "alibi",
    "rope": "rope",
    "relative": "relative-positions",
}


def attended(block: Block, position: int) -> int:
    """Tokens that attention at `position` looks at, itself included."""
    seen = position
    if "window" in block.facts:
        seen = min(seen, block.number("window"))
    if "selected" in block.facts:
        seen = min(seen, block.number("selected"))
    if "chunk" in block.facts:
        seen = min(seen, (position - 1) % block.number("chunk") + 1)
    return seen


def position_concepts(block: Block) -> Iterator[str]:
    """Ids of how positions are known, and how they are stretched."""
    yield _CONCEPTS[str(block.value("position"))]
    if "rope_scaling" in block.facts:
        yield f"{block.value('rope_scaling')}-rope-scaling"
