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
from llm_gallery.sources.header_bytes import HeaderBytes
from llm_gallery.sources.hub_ggufs import chosen, holds_ggufs
from llm_gallery.sources.hub_id import HubId
from llm_gallery.sources.hub_listing import Listing, listing
from llm_gallery.sources.hub_ranges import Beginning, Piece, Ranges, Unanswered
from llm_gallery.sources.other_kinds import HEAD
from llm_gallery.sources.safetensors import LARGEST
from llm_gallery.sources.stored import Stored

FIRST = 100_000
"""Bytes that are asked for at first: most headers of safetensors end within."""
PIECE = 2 * 2**20
"""Bytes of a GGUF's header that are asked for at once; its vocabulary alone has 4 to 15 MB."""
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
        sizes = _fetched(files, place, found, lambda file: _of_gguf(ranges, file, place / file))
        return gguf.read(place / files[0], sizes)
    names = _names(named, found, place, ranges)
    sizes = _fetched(names, place, found, lambda file: _of_safetensors(ranges, file))
    folder = PurePosixPath(named.file).parent
    beside = {path.name: size for path, size in _paths(found) if path.parent == folder}
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
        _fetched(indexes, place, found, lambda file: _whole(ranges, file, found.sizes[file]))
    return tuple(name for name in checkpoint.files(place, top) if name in top)


def _paths(found: Listing) -> Iterator[tuple[PurePosixPath, int]]:
    return ((PurePosixPath(name), size) for name, size in found.sizes.items())


def _fetched(
    files: Collection[str], place: Path, found: Listing, beginning: Callable[[str], Piece]
) -> dict[str, int]:
    """The true sizes of files by their names, whose beginnings are in the cache afterwards; several are asked for at once."""
    sizes = {file: hub_cache.kept_size(place / file) for file in files}

    def fetch(file: str) -> None:
        data, size = beginning(file)
        if size != found.sizes[file]:
            raise Unanswered(
                f"{place / file} has {size:,} bytes as it comes, expected {found.sizes[file]:,}, as the Hub lists; try again"
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


def _of_safetensors(ranges: Ranges, file: str) -> Piece:
    """The header of a file; of one that has none, what tells what else it is."""
    first = ranges.piece(file, 0, FIRST)
    length = int.from_bytes(first.data[:8], "little")
    end = 8 + length
    if first.data[8:9] != b"{" or length > LARGEST or end > first.size:
        return Piece(first.data[:HEAD], first.size)
    if end <= len(first.data):
        return Piece(first.data[:end], first.size)
    rest = ranges.piece(file, len(first.data), end - len(first.data))
    return Piece(first.data + rest.data, first.size)


def _of_gguf(ranges: Ranges, file: str, kept: Path) -> Piece:
    """The header of a file; of one whose header is broken, as far as it was read."""
    begun = Beginning(ranges, file, PIECE)
    header = HeaderBytes(begun, kept, begun.size)
    try:
        gguf.header(header, kept, begun.size)
    except Unanswered:
        raise
    except Refusal:
        return Piece(bytes(begun.data), begun.size)
    return Piece(bytes(begun.data[: header.position]), begun.size)


def _whole(ranges: Ranges, file: str, size: int) -> Piece:
    """An index. Raises Refusal where it is larger than any."""
    if size > checkpoint.LARGEST_INDEX:
        raise Refusal(
            f"{file} has {size:,} bytes, expected an index of at most {checkpoint.LARGEST_INDEX:,}; tell its publisher"
        )
    return ranges.piece(file, 0, max(size, 1))


def _in_words(text: str, place: Path, named: HubId) -> str:
    """What is said of files in the cache, said of the Hub's."""
    text = text.replace(f"{place}{os.sep}", f"{named.repository}/").replace(
        str(place), named.repository
    )
    return _AGAIN.sub("; tell its publisher", text)
