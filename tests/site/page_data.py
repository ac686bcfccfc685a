"""Data of a page, read as `static/store.js` reads them."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from pathlib import Path
from typing import Any

CALL = re.compile(r'gallery\.packed\("([^"]+)","([A-Za-z0-9+/=]*)"\);\n')


def data(file: Path) -> Any:
    """What a file gives to a page; its name there is its address, or the last words of it."""
    call = CALL.fullmatch(file.read_text("ascii"))
    assert call, file
    return json.loads(zlib.decompress(b64decode(call[2]), -zlib.MAX_WBITS))
