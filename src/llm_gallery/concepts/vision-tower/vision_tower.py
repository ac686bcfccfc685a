"""The text alone: no part that reads images, and none that fits it to the stream where nothing else needs it."""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import OTHER_MODALITIES
from llm_gallery.concepts._undo import everywhere, lacking


def _text_alone(block: Block) -> Block:
    others = {part.kind for part in block.inside} & {*OTHER_MODALITIES}
    gone = ("vision_tower",) if "audio_tower" in others else OTHER_MODALITIES
    return lacking(block, *gone)


without = everywhere(_text_alone)
