"""The bytes of a header, read in pieces as far as they are asked for; what is skipped isn't kept."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, Protocol

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.sources.stored import cut_in_header

PIECE = 2**20
"""Bytes that are read at once."""
LARGEST = 256 * 2**20
"""Bytes of a header; that of the largest vocabulary has 16 MB."""
MOST_KEPT = 16 * 2**20
"""Bytes of texts and lists that are kept, all values together."""
_LENGTH = struct.Struct("<Q").unpack_from


class Opened(Protocol):
    """A file that bytes are read of, here or elsewhere."""

    def read(self, count: int, /) -> bytes:
        """So many bytes from the position on, fewer where the file ends."""

    def seek(self, position: int, /) -> int:
        """Goes to a position."""


class HeaderBytes:
    """A file from its beginning. Every method raises Refusal where the file ends before what it reads."""

    def __init__(self, opened: Opened, file: Path, size: int) -> None:
        self._opened, self._file, self._size = opened, file, size
        self._piece, self._at, self._start = b"", 0, 0
        self._left = MOST_KEPT

    @property
    def position(self) -> int:
        """The byte of the file that is read next."""
        return self._start + self._at

    def head(self, count: int) -> bytes:
        """The next bytes, fewer where the file ends, which stay to be read."""
        self._fill(min(count, self._size - self.position))
        return self._piece[self._at : self._at + count]

    def expect(self, count: int) -> None:
        """Raises Refusal where the file, or what a header may have, ends before so many bytes more."""
        wanted = self.position + count
        if wanted > self._size:
            expected = f"at least {wanted:,}" if wanted < 2**53 else "more than there can be"
            raise cut_in_header(self._file, self._size, expected)
        if wanted > LARGEST:
            raise Refusal(
                f"{self._file} has a header of more than {LARGEST:,} bytes, expected fewer; check the file"
            )

    def skip(self, count: int) -> None:
        """Passes over bytes."""
        self.expect(count)
        self._at += count

    def number(self, form: str) -> Any:
        """One number, in the form that `struct` calls so."""
        (number,) = self.numbers(form, 1)
        return number

    def numbers(self, form: str, count: int) -> list[Any]:
        """Several numbers of one form."""
        layout = struct.Struct(f"<{count}{form}")
        self._fill(layout.size)
        found = layout.unpack_from(self._piece, self._at)
        self._at += layout.size
        return list(found)

    def kept_numbers(self, form: str, count: int, longest: int) -> list[Any] | None:
        """Several numbers of one form; None where they are too many to be kept, and passed over."""
        if count <= longest and 8 * count <= self._left:
            self._left -= 8 * count
            return self.numbers(form, count)
        self.skip(count * struct.calcsize(f"<{form}"))
        return None

    def skip_texts(self, count: int) -> None:
        """Passes over texts by their lengths, undecoded."""
        self.expect(8 * count)
        piece, at = self._piece, self._at
        for _ in range(count):
            if at + 8 > len(piece):
                self._at = at
                self._fill(8)
                piece, at = self._piece, self._at
            at += 8 + _LENGTH(piece, at)[0]
            if at > len(piece):
                self._at = at
                self.expect(0)
        self._at = at

    def text(self, longest: int, what: str) -> str:
        """A text of at most so many bytes, which must be UTF-8."""
        length = self.number("Q")
        if length > longest:
            raise self.broken(f"{what} of {length:,} bytes", f"at most {longest:,}")
        self._fill(length)
        data = self._piece[self._at : self._at + length]
        self._at += length
        try:
            return data.decode()
        except UnicodeDecodeError:
            raise self.broken(f"{what} {quoted(data.decode('latin-1'))}", "UTF-8") from None

    def kept_text(self, longest: int) -> str:
        """A text that is kept as far as it isn't too long; what is no UTF-8 in it is marked."""
        length = self.number("Q")
        self.expect(length)
        kept = min(length, longest, self._left)
        self._left -= kept
        self._fill(kept)
        data = self._piece[self._at : self._at + kept]
        self._at += length
        return data.decode(errors="replace")

    def broken(self, found: str, expected: str) -> Refusal:
        """The refusal of a header that holds what none does."""
        return Refusal(
            f"{self._file} has {found} at byte {self.position:,} of its header, expected {expected}; "
            "download it again"
        )

    def _fill(self, count: int) -> None:
        """Makes so many bytes lie in the piece from where reading is."""
        if self._at + count <= len(self._piece):
            return
        self.expect(count)
        position = self.position
        if self._at > len(self._piece):
            self._opened.seek(position)
            rest = b""
        else:
            rest = self._piece[self._at :]
        self._piece = rest + self._opened.read(max(PIECE, count - len(rest)))
        self._start, self._at = position, 0
        if len(self._piece) < count:  # it was cut meanwhile
            raise cut_in_header(self._file, position + len(self._piece), position + count)
