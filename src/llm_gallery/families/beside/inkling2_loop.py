"""Inkling 2 Loop: Inkling 2's tower.

Reference: transformers/models/inkling2_loop/modular_inkling2_loop.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import config
from llm_gallery.families.beside.inkling2 import Inkling2, inkling2


@config("inkling2_loop")
class Inkling2Loop(Inkling2):
    pass


def inkling2_loop(c: Inkling2Loop, stream: int) -> tuple[Block, ...]:
    return inkling2(c, stream)
