"""A checkpoint on the Hub by its headers alone: an index, and the first bytes of each file; never its weights."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path, PurePosixPath

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.extras import need
from llm_gallery.sources import checkpoint, gguf, hub, hub_cache
from llm_gallery.sources.config_file import OF_WEIGHTS
from llm_gallery.sources.hub_beginnings import of_gguf, of_safetensors, whole
from llm_gallery.sources.hub_ggufs import chosen, holds_ggufs
from llm_gallery.sources.hub_id import HubId
from llm_gallery.sources.hub_listing import Listing, listing, remembered
from llm_gallery.sources.hub_ranges import Absent, Piece, Ranges, Unanswered
from llm_gallery.sources.stored import Stored

AT_ONCE = 8
"""Requests side by side."""
_AGAIN = re.compile(r"; download (it|them|both)( again)?\Z")


def stored(named: HubId) -> tuple[Stored, HubId]:
    """What a repository stores, and the name of the commit that was read.

    Raises Refusal where there are no weights, the Hub doesn't give them, or no header can be read; Missing without the
    extra.
    """
    need("hub", f"{named} is no path; reading it from the Hub")
    hub.prepare()
    found = listing(named)
    place = hub_cache.folder(named.repository, found.commit)
    try:
        read = _read(named, found, place)
    except Refusal as refusal:
        raise Refusal(_in_words(str(refusal), place, named)) from None
    faults = tuple(_in_words(fault, place, named) for fault in read.faults)
    return (
        replace(read, place=Path(str(named)), faults=faults),
        named._replace(revision=found.commit),
    )


def _read(named: HubId, found: Listing, place: Path) -> Stored:
    ranges = Ranges(named, found.commit)
    if (
        named.variant
        or named.file.endswith(".gguf")
        or (not named.file and holds_ggufs(found.sizes))
    ):
        files = chosen(named, found.sizes)
        sizes = _fetched(files, place, found, lambda file: of_gguf(ranges, file, place / file))
        return gguf.read(place / files[0], sizes)
    names = _names(named, found, place, ranges)
    sizes = _fetched(names, place, found, lambda file: of_safetensors(ranges, file))
    if not found.complete and not named.file:  # now it is known which files there are
        found = remembered(named, Listing(found.commit, {**found.sizes, **sizes}))
    folder = PurePosixPath(named.file).parent
    beside = {path.name: size or 0 for path, size in _paths(found) if path.parent == folder}
    return checkpoint.read(place / named.file, {**beside, **sizes})


def _names(named: HubId, found: Listing, place: Path, ranges: Ranges) -> tuple[str, ...]:
    """The files that loading a repository reads, or the named one. Raises Refusal where there are none."""
    if named.file:
        if named.file not in found.sizes:
            raise Refusal(
                f"{named.repository} has no {named.file}, expected one of its files; see its page"
            )
        return (named.file,)
    top = [str(path) for path, _ in _paths(found) if len(path.parts) == 1]
    if not any(name.endswith((*OF_WEIGHTS, *checkpoint.PICKLED)) for name in top):
        below = [str(path) for path, _ in _paths(found) if path.suffix == OF_WEIGHTS[0]]
        advice = f"give {named._replace(file=below[0])}" if below else "check the name"
        raise Refusal(
            f"{named} holds no weights at its top, expected .safetensors or .gguf; {printable(advice, 200)}"
        )
    if checkpoint.SINGLE not in top:
        indexes = [name for name in top if name.endswith(OF_WEIGHTS[1])]
        _fetched(indexes, place, found, lambda file: whole(ranges, file))
    named_files = checkpoint.files(place, top)
    return tuple(name for name in named_files if name in top or not found.complete)


def _paths(found: Listing) -> Iterator[tuple[PurePosixPath, int | None]]:
    return ((PurePosixPath(name), size) for name, size in found.sizes.items())


def _fetched(
    files: Collection[str], place: Path, found: Listing, beginning: Callable[[str], Piece]
) -> dict[str, int]:
    """The true sizes of files by their names, whose beginnings are in the cache afterwards; several are asked for at once."""
    sizes = {file: hub_cache.kept_size(place / file) for file in files}

    def fetch(file: str) -> None:
        try:
            data, size = beginning(file)
        except Absent:  # the report says that it is missing
            return
        listed = found.sizes.get(file)
        if listed not in (None, size):
            raise Unanswered(
                f"{place / file} has {size:,} bytes as it comes, expected {listed:,}, as the Hub lists; try again"
            )
        hub_cache.keep(place / file, data, size)
        sizes[file] = size

    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        asked = [pool.submit(fetch, file) for file, size in sizes.items() if size is None]
        for future in wait(asked, return_when=FIRST_EXCEPTION).done:
            future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return {PurePosixPath(file).name: size for file, size in sizes.items() if size is not None}


def _in_words(text: str, place: Path, named: HubId) -> str:
    """What is said of files in the cache, said of the Hub's."""
    text = text.replace(f"{place}{os.sep}", f"{named.repository}/").replace(
        str(place), named.repository
    )
    return _AGAIN.sub("; tell its publisher", text)
