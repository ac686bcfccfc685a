"""A published count, put into `published.toml` where the order of ids has its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

HEADER = re.compile(r'^\[("?)([^\]\[".]+(?:\.[^\]\["]+)*)\1\]$', re.MULTILINE)


def add(file: Path, identifier: str, lines: str) -> str:
    """Writes them, and returns what a person is told; a count that is there already stays."""
    text = file.read_text("utf-8")
    if identifier in tomllib.loads(text):
        return f"{file.name} has a count of {identifier} already, and keeps it."
    after = next((m.start() for m in HEADER.finditer(text) if m[2] > identifier), len(text))
    before = text[:after].rstrip("\n")
    file.write_text(f"{before}\n\n{lines}\n\n{text[after:]}".rstrip("\n") + "\n", "utf-8")
    return f"{file.name}: " + lines.replace("\n", "; ")
