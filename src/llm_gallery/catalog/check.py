"""A checkpoint on disk or on the Hub beside what its config describes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from llm_gallery import checking
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.catalog import load
from llm_gallery.catalog.names import identifier
from llm_gallery.catalog.source import Source, of_gguf, of_stored, source
from llm_gallery.checking import Report
from llm_gallery.sources import checkpoint, gguf
from llm_gallery.sources.gguf_place import gguf_at
from llm_gallery.sources.hub_id import parsed, refuse_address
from llm_gallery.sources.place import is_path
from llm_gallery.sources.stored import Stored


class Checked(NamedTuple):
    """A report, and the config that it was made with, where there is one."""

    report: Report
    source: Source | None


def check(place: str | Path, *, guess: bool = False) -> Report:
    """What a checkpoint stores beside what its config describes: missing, surplus, reshaped, packed, tied.

    `place` is a folder, a .safetensors file or the index of several, beside their config.json; a .gguf, which its own keys
    describe; or a Hub id, also with `@revision`. Only headers are read.

    Returns: a report; `.verdict` is whole, whole but for, not whole or not compared, `.missing` and others list tensors
    with their shapes, in elements, and `.by_part` bytes.
    Raises: Refusal where there are no weights, or none whose header can be read.
    """
    return checked(place, guess=guess).report


def checked(place: str | Path, *, guess: bool = False) -> Checked:
    """The report of `check`, with what it was compared with. Raises Refusal as that does."""
    stored, described_by = _found(place)
    described = None
    try:
        described = described_by()
        architecture = load.outside(described, guess=guess).architecture
        if stored.format == "GGUF":
            report = checking.compare_gguf(architecture, described.config, stored)
            return Checked(report, described)
    except Refusal as refusal:
        return Checked(checking.listed(stored, "", str(refusal)), described)
    return Checked(checking.compare(architecture, stored), described)


def _found(place: str | Path) -> tuple[Stored, Callable[[], Source]]:
    """What is stored at a path or on the Hub, and how the config beside it is read."""
    if isinstance(place, str):
        refuse_address(place)
    if isinstance(place, str) and not is_path(place):
        if (named := parsed(place)) is not None:
            from llm_gallery.sources.hub_headers import stored as of_hub

            stored, at = of_hub(named)
            return stored, lambda: of_stored(stored, at)
        if (known := identifier(place, load.MODELS)) is not None:
            entry = load.find(known).entry
            advice = f"give {entry.repository}" if entry and entry.repository else "give a path"
            raise Refusal(
                f"{quoted(place)} is a model of the catalog, which has no weights, expected a path or a Hub id; {advice}"
            )
    path = Path(place)
    if (file := gguf_at(path)) is not None:
        stored = gguf.read(file)
        return stored, lambda: of_gguf(stored)
    return checkpoint.read(path), lambda: source(str(path), path=True)
