"""The command that fetches what a census reads, and what it says meanwhile on standard error."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import counted, reason
from llm_gallery.cli.options import Unusable
from llm_gallery.extras import need

if TYPE_CHECKING:
    from llm_gallery.census.fetch import Counts

HUB = "https://huggingface.co"
EVERY = 15.0
"""Seconds between two lines of progress."""


def fetch(
    output: Path, listed: Path | None, tag: str | None, per_second: float, connections: int
) -> None:
    """Fetches, and prints what came of it."""
    need("census", "Fetching what a census reads")
    from llm_gallery.census.fetch import Client, HubList, TableList
    from llm_gallery.census.fetch import fetch as fetched

    endpoint = os.environ.get("HF_ENDPOINT", HUB).rstrip("/")
    if urlsplit(endpoint).scheme not in ("http", "https"):
        raise Unusable(f"HF_ENDPOINT is {endpoint}, expected an address such as {HUB}.")
    client, fetch_progress = Client(per_second), FetchProgress()
    source = HubList(client, endpoint, tag) if listed is None else TableList(listed)
    try:
        counts = fetched(
            source, client, endpoint, output, at_once=connections, progress=fetch_progress
        )
    except OSError as error:
        raise Unusable(
            f"{error.filename or output} can't be read or written ({reason(error)})."
        ) from None
    print(
        f"{counts_text(counts)}\nwritten to {output}; llm-gallery census '{output}/rows/*.jsonl' reads it"
    )


def counts_text(counts: Counts) -> str:
    """What came of the repositories, most first."""
    rest = ", ".join(f"{why} {n:,}" for why, n in counts.most_common() if why != "config")
    return f"{counted(counts.total(), 'row')}: {counted(counts['config'], 'config')}{rest and '; '}{rest}"


class FetchProgress:
    """Says now and then how far it is, and how fast."""

    def __init__(self) -> None:
        self._began = self._last = monotonic()

    def __call__(self, counts: Counts) -> None:
        """Says it, unless it was said just now."""
        now = monotonic()
        if now - self._last >= EVERY:
            self._last = now
            speed = counts.total() / (now - self._began)
            print(f"{counts_text(counts)}; {speed:.1f} a second", file=sys.stderr, flush=True)
