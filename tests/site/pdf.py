"""What stands on the pages of a PDF that a browser printed."""

from __future__ import annotations

import re
import zlib


def texts(pdf: bytes) -> list[int]:
    """How many pieces of text each page shows."""
    objects = dict(re.findall(rb"^(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL | re.MULTILINE))
    pages = [one for one in objects.values() if re.search(rb"/Type\s*/Page\b", one)]
    contents = [re.search(rb"/Contents (\d+) 0 R", one) for one in pages]
    return [0 if found is None else _shown(objects[found[1]]) for found in contents]


def _shown(held: bytes) -> int:
    """The operators of a stream that show text."""
    stream = held.partition(b"stream\n")[2].rpartition(b"\nendstream")[0]
    drawn = zlib.decompress(stream) if b"/FlateDecode" in held else stream
    return len(re.findall(rb"\bT[jJ]\b", drawn))
