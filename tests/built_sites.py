"""Sites that are built once for all processes that test, or for all runs of one source."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

KEPT = "BUILT_SITE"
"""The variable that says where several runs of the same source keep the site of its catalog: .ci/run sets it."""


def built_once(made: Path, make: Callable[[Path], None]) -> Path:
    """Makes what all processes share: the first one does, the others wait."""
    with made.with_suffix(".lock").open("w") as held:
        flock(held, LOCK_EX)
        if not made.exists():
            make(made)
    return made


def catalog_site(folder: Path) -> Path:
    """The site of the package's own catalog, in a folder of this run unless `BUILT_SITE` names one of several."""
    return built_once(Path(os.environ.get(KEPT, folder / "site")), _built)


def _built(folder: Path) -> None:
    """By the command: with one thread it takes all cores, and a process that tests has several."""
    command = [sys.executable, "-m", "llm_gallery.cli", "build", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
