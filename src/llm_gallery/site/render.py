"""Values to bytes: HTML by templates that escape everything, JSON, and data that a page loads as a script."""

from __future__ import annotations

import csv
import json
import zlib
from binascii import b2a_base64
from collections.abc import Iterable, Sequence
from functools import cache
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from llm_gallery.analysis.units import binary, grouped
from llm_gallery.site import menu
from llm_gallery.site.hosting import NOWHERE, Hosting
from llm_gallery.site.page import Document
from llm_gallery.site.sharing import TAIL, PageMetadata
from llm_gallery.site.short_forms import count, day, many, share, slug

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What a page may load and do: its own files, nothing inline, nothing from elsewhere."""

CONNECTS = "connect-src 'self'"


def html(document: Document, entries: tuple[menu.Entry, ...], hosting: Hosting = NOWHERE) -> bytes:
    """The page, with the menu's entries at its top, of a site that stands there."""
    root = document.root
    if root is None:
        root = "../" * document.path.count("/") or "./"
    text = (
        environment()
        .get_template(document.template)
        .render(
            root=root,
            path=document.path,
            menu=entries,
            section=menu.section(document.path),
            policy=policy(document.fetches),
            shared=PageMetadata(document, hosting),
            **document.values(),
        )
    )
    return text.encode()


def policy(fetches: str = "") -> str:
    """The policy of a page whose script may fetch from that host as well."""
    return POLICY.replace(CONNECTS, f"{CONNECTS} {fetches}") if fetches else POLICY


def to_json(data: object) -> bytes:
    """Without spaces: Python indents eight times slower than it writes."""
    return (_compact(data) + "\n").encode()


def to_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as RFC 4180 has it; None is an empty cell."""
    text = StringIO()
    written = csv.writer(text)
    written.writerow(head)
    written.writerows(rows)
    return text.getvalue().encode()


def script(name: str, data: object) -> bytes:
    """Data for a page that may be opened from disk, where nothing can be fetched: a call of `gallery.packed`.

    Deflated, they are a fifth of their size on a disk, and as long on the way from a host that compresses.
    """
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = b2a_base64(packing.compress(_compact(data).encode()) + packing.flush(), newline=False)
    return f'gallery.packed({json.dumps(name)},"{packed.decode()}");\n'.encode()


def _compact(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


@cache
def environment() -> Environment:
    """Templates with everything escaped, and a missing value an error."""
    templates = Environment(
        loader=PackageLoader("llm_gallery.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters |= _FILTERS
    templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return templates


_FILTERS: dict[str, Any] = {
    "bare": lambda title: title.removesuffix(TAIL),
    "binary": binary,
    "day": day,
    "grouped": grouped,
    "many": many,
    "plain": lambda words: words.unescape(),  # of what a block gives
    "host": lambda address: urlsplit(address).hostname,
    "share": share,
    "short": count,
    "slug": slug,
}
