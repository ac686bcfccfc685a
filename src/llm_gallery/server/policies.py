"""The policy of pages: their own files, and for one of a site that is built so the Hub's."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.sources.hub import HOST

PAGES = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
DESCRIBE = "describe/index.html"
HEAD = 1024
"""Bytes of a page within which its own policy stands."""


def of_page(site: Path, path: str) -> str:
    """The policy of the page at a path of a site: with the Hub where the page that describes configs names it itself."""
    if path.lstrip("/") not in (DESCRIBE, DESCRIBE.removesuffix("index.html")):
        return PAGES
    try:
        with (site / DESCRIBE).open("rb") as page:
            named = f" {HOST};".encode() in page.read(HEAD)
    except OSError:
        return PAGES
    return PAGES.replace("connect-src 'self'", f"connect-src 'self' {HOST}") if named else PAGES
