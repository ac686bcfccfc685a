"""How a branch reads the residual stream and writes to it, where it doesn't just add."""

from __future__ import annotations

from typing import Any

from llm_gallery.mechanisms.forward._array import Array, Numbers, Weights, unknown
from llm_gallery.mechanisms.forward.alternating_updates import around
from llm_gallery.mechanisms.forward.depth_attention import mean_of_sums
from llm_gallery.mechanisms.forward.gated_streams import read as read_gated
from llm_gallery.mechanisms.forward.gated_streams import read_last as read_last_gated
from llm_gallery.mechanisms.forward.hyper_connection import read, read_last
from llm_gallery.mechanisms.forward.learned_scales import first

READ = {
    "alternating updates": around,
    "attention over depth": mean_of_sums,
    "gated streams": read_gated,
    "hyper-connections": read,
    "learned scales": first,
}
"""By what the stack states of its residual streams."""
READ_LAST = {"gated streams": read_last_gated, "hyper-connections": read_last}
"""After the last layer, where nothing is written."""


def forward(b: Numbers, w: Weights, x: Array) -> Any:
    """What the branch reads of the streams; with several, what it needs to write to them comes beside it."""
    if b.residual not in READ:
        raise unknown("the residual stream", b.residual)
    if b.residual in READ_LAST and w.write is None:
        return READ_LAST[b.residual](b, w, x)
    return READ[b.residual](b, w, x)
