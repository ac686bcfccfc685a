"""Writes tests/quants/snapshots.txt: llama.cpp's own snapshots of quant types, a digest for each model and mix.

Usage: python -m tools.generate_quant_digests [--check].
"""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools import llama_cpp
from tools.generated import MARK, ROOT, settled

FILE = ROOT / "tests/quants/snapshots.txt"
SNAPSHOTS = "tests/snapshots"


def main() -> int:
    return settled(
        __doc__ or "", "tools.generate_quant_digests", {FILE: written(llama_cpp.sources())}
    )


def written(sources: Path) -> str:
    """The file: its first line has the version; then a line a model and mix, with a digest of the types."""
    first = f"# {llama_cpp.version()}; {MARK.format(tool='tools/generate_quant_digests.py')}\n"
    files = sorted((sources / SNAPSHOTS).glob("*.schema"))
    return first + "".join(
        f"{file.stem} {mix} {digest(default, lines)}\n"
        for file in files
        for mix, default, lines in sections(file.read_text("utf-8"))
    )


def sections(text: str) -> Iterator[tuple[str, str, list[str]]]:
    """Each mix of a snapshot, its default type, and the tensors of another: "output.weight q6_K"."""
    for part in text.split("\n[")[1:]:
        head, *lines = part.splitlines()
        found = re.fullmatch(r"(\w+)\] (\w+)", head)
        assert found
        yield found[1], found[2], [line for line in lines if line]


def digest(default: str, lines: list[str]) -> str:
    """The first 16 hexadecimal digits of sha256 over the default type and the other tensors, in any case of letters."""
    return hashlib.sha256("\n".join([default, *lines]).upper().encode()).hexdigest()[:16]


if __name__ == "__main__":
    sys.exit(main())
