"""Text as it is sent to who takes it packed: each file is packed once, and as many are kept as the memory may hold."""

from __future__ import annotations

import gzip
import os
import re
from collections import OrderedDict
from pathlib import Path
from threading import Lock, Semaphore

SUFFIXES = frozenset(
    (".css", ".csv", ".html", ".js", ".json", ".mjs", ".py", ".svg", ".txt", ".xml")
)
"""Of files that get small. Images, fonts, PDF, zip and Parquet are packed already; Python's WebAssembly takes a second."""
LEAST, MOST = 1_400, 4 * 2**20
"""Bytes of a file that is packed: fewer are one packet anyway."""
KEPT = 64 * 2**20
"""Bytes of packed files that are kept."""
LEVEL = 6
Version = tuple[Path, int, int]
"""A file as it was at a time: path, time of its last change in nanoseconds, size."""


def packs(suffix: str, size: int) -> bool:
    """Whether so many bytes of such a file are packed for who takes that."""
    return suffix in SUFFIXES and LEAST <= size <= MOST


def packed(body: bytes) -> bytes:
    """The body as gzip; of the same body the same bytes."""
    return gzip.compress(body, LEVEL, mtime=0)


def accepts(header: str | None) -> bool:
    """Whether an Accept-Encoding header takes gzip: by its name, else by the star, at a quality above zero."""
    taken: dict[str, bool] = {}
    for coding in (header or "").split(","):
        name, _, rest = coding.partition(";")
        quality = re.search(r"q\s*=\s*([\d.]+)", rest)
        taken[name.strip().lower()] = quality is None or quality[1].strip("0.") != ""
    return taken.get("gzip", taken.get("x-gzip", taken.get("*", False)))


class PackedFiles:
    """Packed files by version, those asked for last; no more are being packed at once than there are processors."""

    def __init__(self, size: int = KEPT) -> None:
        self._most, self._bytes = size, 0
        self._held: OrderedDict[Version, bytes] = OrderedDict()
        self._lock, self._packing = Lock(), Semaphore(os.cpu_count() or 1)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._bytes

    def of(self, version: Version) -> bytes:
        """The file packed. Raises OSError where it can't be read."""
        if (cached := self._cached(version)) is not None:
            return cached
        with self._packing:
            if (cached := self._cached(version)) is not None:  # another asked for it just before
                return cached
            body = packed(version[0].read_bytes())
            self._keep(version, body)
        return body

    def _cached(self, version: Version) -> bytes | None:
        with self._lock:
            if version in self._held:
                self._held.move_to_end(version)
            return self._held.get(version)

    def _keep(self, version: Version, body: bytes) -> None:
        with self._lock:
            if len(body) > self._most:
                return
            self._held[version] = body
            self._bytes += len(body)
            while self._bytes > self._most:
                _, oldest = self._held.popitem(last=False)
                self._bytes -= len(oldest)
