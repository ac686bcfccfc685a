"""EXAONE 4: OLMo 2's norms with q and k normed head by head, three windowed layers to each that carries no positions.

Reference: transformers/models/exaone4/modular_exaone4.py
Paper: https://arxiv.org/abs/2507.11407
"""

from __future__ import annotations

from collections.abc import Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import NO_POSITION
from llm_gallery.families._config import Length, Size, config
from llm_gallery.families._layers import each, every_nth, sliding
from llm_gallery.families.llama import Llama, decoder, grouped_query
from llm_gallery.families.olmo2 import post_norm


@config("exaone4")
class Exaone4(Llama):
    sliding_window: Length | None
    sliding_window_pattern: Size | str | None
    layer_types: tuple[str, ...] | None


def exaone4(c: Exaone4) -> Block:
    pattern = windows(c)
    return decoder(c, each(pattern, lambda local: post_norm(c, attention(c, local))))


def windows(c: Exaone4) -> Sequence[bool]:
    """Which layer has a window: from the list, from letters ("LLLG"), or all but each nth."""
    count, said = c.num_hidden_layers, c.sliding_window_pattern
    if c.sliding_window is None or not said:
        default = ["full_attention"] * count
    elif isinstance(said, str):
        letters = (said * count)[:count]
        default = ["sliding_attention" if letter == "L" else "full_attention" for letter in letters]
    else:
        default = every_nth(said, count)
    return sliding(c.layer_types, count, default)


def attention(c: Exaone4, local: bool) -> Block:
    """Where some layers have windows, the others aren't rotated."""
    window = c.sliding_window if local else None
    positions = NO_POSITION if c.sliding_window is not None and not local else None
    return grouped_query(c, qk_norm="per head", window=window, positions=positions)
