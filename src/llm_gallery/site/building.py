"""The folders that builds write in beside their sites: each held by a build, and cleared away once that is dead."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

MARKER = ".llm-gallery-site"
"""A file that says: this folder was made by the build, and may be replaced by it."""


@contextmanager
def building(target: Path) -> Iterator[Path]:
    """A new folder beside the target, removed at the end unless it was moved; those of dead builds are removed first.

    A lock holds it, which the system takes from whoever dies, and which processes that were forked hold as well.
    """
    with undisturbed(target.parent):  # no other build is between making its folder and holding it
        _clear(target)
        fresh = Path(mkdtemp(prefix=_prefix(target), dir=target.parent))
        lock = _locked(fresh)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if lock is not None:
            os.close(lock)


@contextmanager
def undisturbed(folder: Path) -> Iterator[None]:
    """Other builds beside it wait for the end of this."""
    lock = _locked(folder, wait=True)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _clear(target: Path) -> None:
    """Removes what dead builds of this target left: folders that a build made, or was about to, and nobody holds."""
    pattern = re.compile(re.escape(_prefix(target)) + r"[a-z0-9_]{8}")  # as mkdtemp calls them
    for folder in target.parent.iterdir():
        if not pattern.fullmatch(folder.name) or folder.is_symlink() or not folder.is_dir():
            continue
        lock = _locked(folder)
        if lock is None:
            continue
        if (folder / MARKER).is_file():
            shutil.rmtree(folder, ignore_errors=True)
        else:
            with suppress(OSError):  # what isn't empty is somebody's own
                folder.rmdir()
        os.close(lock)


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"


def _locked(folder: Path, *, wait: bool = False) -> int | None:
    """What holds a folder until it is closed; None where another holds it, or where it can't be held at all."""
    if sys.platform == "win32":  # which knows no locks of folders
        return None
    import fcntl

    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(opened, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(opened)
        return None
    return opened
