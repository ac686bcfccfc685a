"""Sites that are built once for all processes that test, or for all runs of one source."""

from __future__ import annotations

import os
from collections.abc import Callable
from fcntl import LOCK_EX, flock
from pathlib import Path

from llm_gallery.site.build import build

KEPT = "BUILT_SITE"
"""The variable that says where several runs of the same source keep the site of its catalog: .ci/run sets it."""


def once(made: Path, make: Callable[[Path], None]) -> Path:
    """Makes what all processes share: the first one does, the others wait."""
    with made.with_suffix(".lock").open("w") as held:
        flock(held, LOCK_EX)
        if not made.exists():
            make(made)
    return made


def whole(folder: Path) -> Path:
    """The site of the package's own catalog, in a folder of this run unless `BUILT_SITE` names one of several."""
    return once(Path(os.environ.get(KEPT, folder / "site")), build)
