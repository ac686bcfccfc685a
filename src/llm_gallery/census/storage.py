"""Where input lies: files of this machine, objects of a store (s3://, gs://), and files that a host serves in parts (http://, https://)."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from pyarrow import fs

from llm_gallery.census.fetch.client import Answer, Client, Unanswered

STORES, WEB = ("s3", "gs"), ("http", "https")
PART = 2**20
"""Bytes that are asked for at once at least."""
QUESTIONS = 1_000.0
"""A second, of one process: a host of tables has room for them."""


def remote(path: str) -> bool:
    """Whether it is an address, not a path of this machine."""
    return urlsplit(path).scheme in (*STORES, *WEB) and "://" in path


def opened(path: str) -> BinaryIO:
    """The file, to be read from any byte on. Raises OSError."""
    if not remote(path):
        return open(path, "rb")
    if urlsplit(path).scheme in WEB:
        return io.BufferedReader(cast(io.RawIOBase, _Parts(path)), PART)
    store, name = _store(path)
    return io.BufferedReader(store.open_input_file(name), PART)


def status(path: str) -> tuple[int, str]:
    """Its bytes, and what changes when it is written anew. Raises OSError."""
    if not remote(path):
        stat = os.stat(path)
        return stat.st_size, str(stat.st_mtime_ns)
    if urlsplit(path).scheme in WEB:
        with _Parts(path) as parts:
            return parts.size, parts.stamp
    store, name = _store(path)
    (info,) = store.get_file_info([name])
    if info.type != fs.FileType.File:
        raise FileNotFoundError(2, "no such object", path)
    return info.size, str(info.mtime_ns)


def exists(path: str) -> bool:
    """Whether it can be seen from here."""
    with suppress(OSError):
        status(path)
        return True
    return False


def matching(pattern: str) -> Iterator[str]:
    """Addresses in a store that a pattern names, in order; the address itself where it is one. Raises OSError."""
    if urlsplit(pattern).scheme in WEB or not set("*?[") & set(pattern):
        status(pattern)
        yield pattern
        return
    store, name = _store(pattern)
    fixed = name[: min(name.index(sign) for sign in "*?[" if sign in name)].rpartition("/")[0]
    infos = store.get_file_info(fs.FileSelector(fixed, allow_not_found=True, recursive=True))
    scheme, depth = pattern.partition("://")[0], name.count("/")
    for path in sorted(info.path for info in infos if info.type == fs.FileType.File):
        if path.count("/") == depth and fnmatchcase(path, name):
            yield f"{scheme}://{path}"


def _store(address: str) -> tuple[Any, str]:
    """Arrow's file system and the name in it; AWS_ENDPOINT_URL names a store that speaks S3 elsewhere."""
    parts = urlsplit(address)
    endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    if parts.scheme == "s3" and endpoint.netloc:
        region = os.environ.get("AWS_REGION", "us-east-1")
        store = fs.S3FileSystem(
            endpoint_override=endpoint.netloc, scheme=endpoint.scheme, region=region
        )
    else:
        store, _ = fs.FileSystem.from_uri(f"{parts.scheme}://{parts.netloc}")
    return store, address.partition("://")[2]


class _Parts(io.RawIOBase):
    """A file of a host that serves ranges of bytes, the same one to the end."""

    def __init__(self, address: str) -> None:
        self._address, self._client, self._at = address, Client(QUESTIONS), 0
        self.stamp = ""
        first = self._range_answer(0, 1)
        length = first.headers.get("Content-Range", "").rpartition("/")[2]
        if not length.isdigit():
            raise OSError(5, "doesn't say how long it is", address)
        self.size, self.stamp = int(length), self._stamp(first)

    def _range_answer(self, start: int, end: int) -> Answer:
        try:
            answer = self._client.get(
                self._address, end - start, {"Range": f"bytes={start}-{end - 1}"}
            )
        except Unanswered as error:
            raise OSError(5, f"isn't answered: {error}", self._address) from None
        if answer.status != 206 or answer.body is None:
            why = "isn't served in parts" if answer.status == 200 else f"status {answer.status}"
            raise OSError(5, why, self._address)
        if self.stamp and self._stamp(answer) != self.stamp:
            raise OSError(5, "was written anew while it was read", self._address)
        return answer

    @staticmethod
    def _stamp(answer: Answer) -> str:
        return answer.headers.get("ETag") or answer.headers.get("Last-Modified") or "none"

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Raises OSError."""
        end = min(self.size, self._at + len(buffer))
        if end <= self._at:
            return 0
        body = self._range_answer(self._at, end).body or b""
        buffer[: len(body)] = body
        self._at += len(body)
        return len(body)
