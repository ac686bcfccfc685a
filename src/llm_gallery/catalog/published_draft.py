"""A published count, put into `published.toml` where the order of ids has its place."""

from __future__ import annotations

import re

from llm_gallery.catalog import accuracy

HEADER = re.compile(r'^\[("?)([^\]\[".]+(?:\.[^\]\["]+)*)\1\]$', re.MULTILINE)


def add(identifier: str, lines: str) -> str:
    """Writes them, and returns what a person is told; a count that is there already stays."""
    if identifier in accuracy.published():
        return f"{accuracy.FILE.name} has a count of {identifier} already, and keeps it."
    text = accuracy.FILE.read_text("utf-8")
    after = next((m.start() for m in HEADER.finditer(text) if m[2] > identifier), len(text))
    before = text[:after].rstrip("\n")
    accuracy.FILE.write_text(f"{before}\n\n{lines}\n\n{text[after:]}".rstrip("\n") + "\n", "utf-8")
    return f"{accuracy.FILE.name}: " + lines.replace("\n", "; ")
