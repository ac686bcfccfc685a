"""A checkpoint on disk beside what its config describes."""

from __future__ import annotations

from pathlib import Path

from llm_gallery import checking
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog import load
from llm_gallery.checking import Report
from llm_gallery.sources import checkpoint, config_file, gguf


def check(place: str | Path, *, guess: bool = False) -> Report:
    """What a checkpoint stores beside what its config describes: missing, surplus, reshaped, packed, tied.

    `place` is a folder, a .safetensors file or the index of several; their config.json lies beside them. Tensors of a
    .gguf are listed, and its files checked. Only headers are read.

    Returns: a report; `.verdict` is whole, whole but for, not whole or not compared, `.missing` and others list tensors
    with their shapes, in elements, and `.parts` bytes.
    Raises: Refusal where there are no weights, or none whose header can be read.
    """
    path = Path(place)
    stored = gguf.read(path) if config_file.of_gguf(path) else checkpoint.read(path)
    try:
        model = load.outside(load.source(str(path), path=True), guess=guess)
    except Refusal as refusal:
        return checking.listed(stored, "", str(refusal))
    if stored.format == "GGUF":
        why = f"{path} is a GGUF, whose tensors have names of its own, expected safetensors to be compared; read the list"
        return checking.listed(stored, model.architecture.model_type, why)
    return checking.compare(model.architecture, stored)
