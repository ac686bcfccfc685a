"""llama.cpp's sources, of the version that requirements/llama.txt pins: what our files are compared with."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tools.generated import ROOT

PACKAGE = "llama-cpp-python"
PINNED = ROOT / "requirements/llama.txt"
WITHIN = "vendor/llama.cpp/"
"""Where the package's sources hold those of llama.cpp."""
NEEDED = ("conversion/", "gguf-py/gguf/", "src/", "tests/snapshots/")


def version() -> str:
    """The package's version, as generated files name it: "llama-cpp-python 0.3.36"."""
    found = re.search(rf"^{PACKAGE}==(\S+)", PINNED.read_text("utf-8"), re.MULTILINE)
    assert found
    return f"{PACKAGE} {found[1]}"


def sources() -> Path:
    """The folder of llama.cpp: its converter, quantizer and snapshots; fetched by pip where it isn't there yet.

    Raises: CalledProcessError where pip can't fetch it, or finds another hash than the pinned one.
    """
    folder = Path(sys.prefix) / version().replace(" ", "-")
    if not folder.exists():
        with TemporaryDirectory(dir=sys.prefix) as place:
            unpacked = Path(place) / "unpacked"
            _unpack(_fetched(Path(place)), unpacked)
            try:
                unpacked.rename(folder)
            except OSError:  # another process has just put it there
                assert folder.exists()
    return folder


def _fetched(place: Path) -> Path:
    """The package's archive. Only its own sources are built upon: what reads its metadata comes as wheels."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
    wanted = ["--no-binary", PACKAGE, "--dest", str(place), "-r", str(PINNED)]
    subprocess.run([*command, *wanted], check=True)
    (archive,) = place.glob("*.tar.gz")
    return archive


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
