"""What a run has to keep, worked out from the tree."""

from __future__ import annotations

from unittest.mock import patch

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms.state import BITS


def kept(root: Block, tokens: int) -> int:
    """Bytes of what is kept after so many tokens, if all of it has four a number."""
    with patch.dict(BITS, dict.fromkeys(BITS, 32)):
        return cache(root, "fp32").at(tokens)
