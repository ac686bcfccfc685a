"""PNG images under one another as one image, decoded a band at a time: a poster that fits in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from struct import pack, unpack

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PIXEL = 4
"""Bytes of a pixel: all bands are RGBA with 8 bits a channel."""


def stacked(bands: Iterable[bytes], height: int) -> bytes:
    """The bands as one PNG, the first on top; `height` is the sum of theirs."""
    packer = zlib.compressobj(6)
    header, body = b"", []
    for band in bands:
        chunks = list(_chunks(band))
        width, _, *kind = unpack(">IIBBBBB", chunks[0][1])
        if kind != [8, 6, 0, 0, 0]:
            raise ValueError("a band isn't an RGBA image of 8 bits a channel")
        header = pack(">IIBBBBB", width, height, *kind)
        rows = bytearray(zlib.decompress(b"".join(d for name, d in chunks if name == b"IDAT")))
        _freed(rows, 1 + width * PIXEL)
        body.append(packer.compress(rows))
    body.append(packer.flush())
    parts = ((b"IHDR", header), (b"IDAT", b"".join(body)), (b"IEND", b""))
    return SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _freed(rows: bytearray, length: int) -> None:
    """Rewrites the first row so that it doesn't ask what stands above it: nothing did in its band."""
    rule = rows[0]
    if rule == 2:
        rows[0] = 0  # the difference to nothing
    elif rule == 4:
        rows[0] = 1  # of left, nothing and nothing, left predicts best
    elif rule == 3:
        for at in range(1 + PIXEL, length):
            rows[at] = (rows[at] + rows[at - PIXEL] // 2) & 255
        rows[0] = 0


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(image):
        (size,) = unpack(">I", image[at : at + 4])
        yield image[at + 4 : at + 8], image[at + 8 : at + 8 + size]
        at += 12 + size


def _chunk(name: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + name + data + pack(">I", zlib.crc32(name + data))
