"""Parts of a file on the Hub, by requests for a range of its bytes.

Requests go through the session of `huggingface_hub`: its proxies, its certificates, its offline mode. The token goes
to the Hub; to another host that the Hub sends on to, it doesn't.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import hub_answers
from llm_gallery.sources.hub_answers import SECONDS
from llm_gallery.sources.hub_id import HubId

EXPECTED = "a file that the Hub gives"
ALL_SECONDS = 300.0
"""How long all headers of one checkpoint may take."""
MOST_BYTES = 256 * 2**20
"""Of all headers of one checkpoint; the largest release has 40 MB."""
_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})", re.ASCII)
_EMPTY = re.compile(r"bytes \*/(\d{1,18})", re.ASCII)


class Piece(NamedTuple):
    """Some bytes of a file."""

    data: bytes
    size: int  # of the whole file


class Unanswered(Refusal):
    """Bytes that the Hub didn't give, whatever the file holds."""


class Ranges:
    """A repository at a commit, of which parts of files are asked for, within a time and an amount for all."""

    def __init__(self, named: HubId, commit: str) -> None:
        from huggingface_hub import constants, get_token

        self._named, self._commit = named, commit
        token = None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers = {**authorization, "Accept-Encoding": "identity"}
        self._until = monotonic() + ALL_SECONDS
        self._left = MOST_BYTES

    def piece(self, file: str, start: int, count: int) -> Piece:
        """So many bytes of a file from a start on, fewer where it ends before.

        A server that doesn't know ranges sends the whole file: what comes before is passed over, and the rest not read.

        Raises Refusal where the Hub doesn't give them.
        """
        from huggingface_hub import get_session, hf_hub_url

        named = self._named._replace(file=file)
        address = hf_hub_url(self._named.repository, file, revision=self._commit)
        asked = {**self._headers, "Range": f"bytes={start}-{start + count - 1}"}
        try:
            with get_session().stream(
                "GET", address, headers=asked, timeout=SECONDS, follow_redirects=True
            ) as answer:
                status, headers = answer.status_code, answer.headers
                if status == 416 and (empty := _EMPTY.fullmatch(headers.get("Content-Range", ""))):
                    return Piece(b"", int(empty[1]))
                if status not in (200, 206):
                    why = hub_answers.answer(status, headers, named)
                    raise Unanswered(str(hub_answers.refusal(named, EXPECTED, why)))
                first, size = _span(named, status, headers)
                wanted = max(0, min(start + count, size) - start)
                data = self._read(answer.iter_bytes(), max(0, start - first), wanted)
        except Refusal:
            raise
        except Exception as error:  # httpx and the system each raise their own
            why = hub_answers.meaning(error, named)
            raise Unanswered(str(hub_answers.refusal(named, EXPECTED, why))) from None
        if len(data) < wanted or not 0 <= first <= start:
            raise Unanswered(
                f"{named} came as {len(data):,} bytes from {first:,} on, expected {wanted:,} from {start:,} on; "
                "try again"
            )
        return Piece(data, size)

    def _read(self, chunks: Iterator[bytes], before: int, wanted: int) -> bytes:
        """So many bytes after those before, or all that come. Raises Refusal where time or amount is used up."""
        data = bytearray()
        for chunk in chunks:
            self._left -= len(chunk)
            if monotonic() > self._until or self._left < 0:
                limit = (
                    f"{MOST_BYTES // 2**20} MiB" if self._left < 0 else f"{ALL_SECONDS:.0f} seconds"
                )
                raise Unanswered(
                    f"{self._named} has headers that take more than {limit}, expected fewer; "
                    "give the same again, and it goes on with the files that are left"
                )
            data += chunk[before:]
            before = max(0, before - len(chunk))
            if len(data) >= wanted:
                break
        return bytes(data[:wanted])


class Beginning:
    """A file on the Hub as it is read from its beginning, fetched in pieces as far as is asked for."""

    def __init__(self, ranges: Ranges, file: str, piece: int) -> None:
        self._ranges, self._file, self._piece = ranges, file, piece
        first = ranges.piece(file, 0, piece)
        self.data, self.size, self._at = bytearray(first.data), first.size, 0

    def seek(self, position: int, /) -> int:
        """Goes to a position."""
        self._at = position
        return position

    def read(self, count: int, /) -> bytes:
        """So many bytes from there on, fewer where the file ends. Raises Refusal where the Hub doesn't give them."""
        end = min(self._at + count, self.size)
        while len(self.data) < end:
            self.data += self._ranges.piece(self._file, len(self.data), self._piece).data
        read = bytes(self.data[self._at : end])
        self._at += len(read)
        return read


def _span(named: HubId, status: int, headers: Mapping[str, str]) -> tuple[int, int]:
    """The first byte that comes, and the size of the whole file. Raises Refusal where an answer doesn't say them."""
    if status == 206 and (said := _RANGE.fullmatch(headers.get("Content-Range", ""))):
        return int(said[1]), int(said[3])
    length = headers.get("Content-Length", "")
    if status == 200 and length.isdecimal() and len(length) < 19:
        return 0, int(length)
    raise Unanswered(
        f"{named} came without its size, expected a Content-Range; check HF_ENDPOINT and your proxy"
    )
