"""The GGUF that a path means: the file itself, or the one model that a folder holds in this format alone."""

from __future__ import annotations

import os
import re
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.sources import config_file
from llm_gallery.sources.checkpoint import ENDING, INDEX

_LATER_PART = re.compile(r".*-(?!00001)\d{5}-of-\d{5}\.gguf", re.ASCII)
_PROJECTOR = re.compile(r"mmproj", re.IGNORECASE)
SHOWN = 6
"""File names that a refusal lists."""


def gguf_at(path: Path) -> Path | None:
    """The GGUF at a path, the first part of one that is split; None where other weights lie there, or none.

    Raises Refusal where a folder holds several models.
    """
    if not os.path.isdir(path):  # of a path that is too long it says no
        return path if config_file.of_gguf(path) else None
    try:
        names = sorted(file.name for file in path.iterdir())
    except OSError:
        return None  # whoever reads its weights says why
    if any(name.endswith((ENDING, INDEX)) for name in names):
        return None
    found = [name for name in names if name.endswith(".gguf") and not _LATER_PART.fullmatch(name)]
    models = [name for name in found if not _PROJECTOR.search(name)] or found
    if len(models) > 1:
        shown = ", ".join(printable(name) for name in models[:SHOWN])
        others = f" and {len(models) - SHOWN:,} more" if len(models) > SHOWN else ""
        raise Refusal(f"{path} holds {shown}{others}, expected one model; give one of the files")
    return path / models[0] if models else None
