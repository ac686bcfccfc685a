"""llama.cpp's sources, of the version that requirements/llama.txt pins: what our files are compared with."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

from tools.pinned import Pinned

PINNED = Pinned(
    "llama-cpp-python",
    "llama.txt",
    "*.tar.gz",
    # Only its own sources are built upon: what reads its metadata comes as wheels.
    ("--no-binary", "llama-cpp-python"),
)
WITHIN = "vendor/llama.cpp/"
"""Where the package's sources hold those of llama.cpp."""
NEEDED = ("conversion/", "gguf-py/gguf/", "src/", "tests/snapshots/")


def version() -> str:
    """The package's version, as generated files name it: "llama-cpp-python 0.3.36"."""
    return PINNED.version


def sources() -> Path:
    """The folder of llama.cpp: its converter, quantizer and snapshots. Raises CalledProcessError as `Pinned.folder`."""
    return PINNED.folder(_unpack)


def _unpack(archive: Path, folder: Path) -> None:
    with tarfile.open(archive, "r|gz") as held:
        held.extractall(folder, members=_needed(held), filter="data")


def _needed(held: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in held:
        name = member.name.partition("/")[2].removeprefix(WITHIN)
        if member.isfile() and name.startswith(NEEDED) and WITHIN in member.name:
            yield member.replace(name=name, deep=False)


if __name__ == "__main__":
    print(sources())
