"""How much of a file on the Hub is asked for: its header, and nothing after."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import checkpoint, gguf
from llm_gallery.sources.header_bytes import HeaderBytes
from llm_gallery.sources.hub_ranges import Piece, Unanswered
from llm_gallery.sources.other_kinds import HEAD
from llm_gallery.sources.safetensors import LARGEST

FIRST = 100_000
"""Bytes that are asked for at first: most headers of safetensors end within."""
PIECE = 2 * 2**20
"""Bytes of a GGUF's header that are asked for at once; its vocabulary alone has 4 to 15 MB."""


class Pieces(Protocol):
    """What gives parts of files."""

    def piece(self, file: str, start: int, count: int) -> Piece:
        """So many bytes of a file from a start on, fewer where it ends before."""


def of_safetensors(ranges: Pieces, file: str) -> Piece:
    """The header of a file; of one that has none, what tells what else it is."""
    first = ranges.piece(file, 0, FIRST)
    length = int.from_bytes(first.data[:8], "little")
    end = 8 + length
    if first.data[8:9] != b"{" or length > LARGEST or end > first.size:
        return Piece(first.data[:HEAD], first.size)
    if end <= len(first.data):
        return Piece(first.data[: max(end, HEAD)], first.size)
    rest = ranges.piece(file, len(first.data), end - len(first.data))
    return Piece(first.data + rest.data, first.size)


def of_gguf(ranges: Pieces, file: str, kept: Path) -> Piece:
    """The header of a file; of one whose header is broken, as far as it was read."""
    begun = _Beginning(ranges, file)
    header = HeaderBytes(begun, kept, begun.size)
    try:
        gguf.header(header, kept, begun.size)
    except Unanswered:
        raise
    except Refusal:
        return Piece(bytes(begun.data), begun.size)
    return Piece(bytes(begun.data[: max(header.position, HEAD)]), begun.size)


def whole(ranges: Pieces, file: str) -> Piece:
    """An index. Raises Refusal where it is larger than any."""
    whole = ranges.piece(file, 0, checkpoint.LARGEST_INDEX)
    if whole.size > checkpoint.LARGEST_INDEX:
        raise Refusal(
            f"{file} has {whole.size:,} bytes, expected an index of at most {checkpoint.LARGEST_INDEX:,}; "
            "tell its publisher"
        )
    return whole


class _Beginning:
    """A file on the Hub as it is read from its beginning, fetched in pieces as far as is asked for."""

    def __init__(self, pieces: Pieces, file: str) -> None:
        self._pieces, self._file = pieces, file
        first = pieces.piece(file, 0, PIECE)
        self.data, self.size, self._at = bytearray(first.data), first.size, 0

    def seek(self, position: int, /) -> int:
        """Goes to a position."""
        self._at = position
        return position

    def read(self, count: int, /) -> bytes:
        """At most so many bytes from there on, of what was asked for already if any are left.

        Raises Refusal where the Hub doesn't give them.
        """
        while len(self.data) <= self._at < self.size:
            self.data += self._pieces.piece(self._file, len(self.data), PIECE).data
        read = bytes(self.data[self._at : self._at + count])
        self._at += len(read)
        return read
