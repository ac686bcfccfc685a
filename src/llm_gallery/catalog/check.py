"""A checkpoint on disk beside what its config describes."""

from __future__ import annotations

from pathlib import Path

from llm_gallery import checking
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import load
from llm_gallery.checking import Report
from llm_gallery.sources import checkpoint


def check(place: str | Path, *, guess: bool = False) -> Report:
    """What a checkpoint stores beside what its config describes: missing, surplus, reshaped, packed, tied.

    `place` is a folder, a .safetensors file or the index of several; their config.json lies beside them. Only
    headers are read.

    Returns: a report; `.verdict` is whole, whole but for, not whole or not compared, `.missing` and others list tensors
    with their shapes, in elements, and `.parts` bytes.
    Raises: Refusal where there are no weights, or none whose header can be read.
    """
    path = Path(place)
    stored = checkpoint.read(path)
    try:
        model = load.outside(load.source(str(path), path=True), guess=guess)
    except Refusal as refusal:
        return checking.listed(stored, "", str(refusal))
    return checking.compare(model.architecture, stored)
