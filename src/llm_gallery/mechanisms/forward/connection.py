"""How a branch reads the residual stream and writes to it, where it doesn't just add."""

from __future__ import annotations

from typing import Any

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, unknown
from llm_gallery.mechanisms.forward.alternating_updates import around
from llm_gallery.mechanisms.forward.depth_attention import mean_of_sums
from llm_gallery.mechanisms.forward.gated_streams import read as read_gated
from llm_gallery.mechanisms.forward.hyper_connection import read
from llm_gallery.mechanisms.forward.learned_scales import first

READ = {
    "alternating updates": around,
    "attention over depth": mean_of_sums,
    "gated streams": read_gated,
    "hyper-connections": read,
    "learned scales": first,
}
"""By what the stack states of its residual streams."""


def forward(b: Numbers, w: Weights, x: Array) -> Any:
    """What the branch reads of the streams, and beside it what it needs to write to several."""
    if b.residual not in READ:
        raise unknown("the residual stream", b.residual)
    return READ[b.residual](b, w, x)
