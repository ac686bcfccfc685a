"""Between bytes and patches: from the bytes of a patch to its vectors, and back to what bytes ask.

Paper: https://arxiv.org/abs/2412.09871
"""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Before, Names, inert

WORDS: Mapping[str, str] = {
    "to patches": "bytes → patches",
    "joined": "patch vectors → one, once",
    "to bytes": "patches → bytes, once",
}
"""What a drawing says, by the way."""


def title(block: Block) -> str:
    """From what to what."""
    return WORDS[str(block.value("way"))]


def counted(block: Block, part: Block) -> str:
    """All of the small model as one."""
    return "Patcher"


MECHANISMS = (
    inert(
        kind="patching",
        wired="patched",
        names=Names(
            title, label="patching", within="a map between bytes and patches", counted="Patching"
        ),
        colour="convolution",
        does="Bytes become vectors of their patch, by the greatest of them in each channel and a matrix; what the large "
        "transformer gives of a patch becomes vectors that bytes ask.",
        reads=("patches",),
    ),
    inert(
        kind="patcher",
        wired="guessed",
        names=Names("Patcher", within="a patcher", inside=counted),
        colour="embedding",
        before=lambda block: Before("patches", "Patcher"),
        does="A small model of bytes, trained before the large one, that reads each byte: a patch begins where it can't "
        "guess the next.",
    ),
)
