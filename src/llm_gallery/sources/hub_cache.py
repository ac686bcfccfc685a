"""Beginnings of files of the Hub that were read before, under `HF_HOME/llm-gallery/owner--name/commit/`.

Beside each stands `NAME.size.json`: the true size of the file, and the digest of what is kept of it. What doesn't
agree with its digest is as good as absent. Files get their names once they are complete, so several processes may
write the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

from llm_gallery.architecture.refusal import Refusal, reason

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)


def is_commit(revision: str) -> bool:
    """Whether a revision is a commit in full, which stays as it is."""
    return _COMMIT.fullmatch(revision) is not None


def folder(repository: str, commit: str) -> Path:
    """Where the files of a commit are."""
    return _of_repository(repository) / commit


def kept_size(file: Path) -> int | None:
    """The true size of a file of which the beginning is here; None where it isn't, or is damaged."""
    try:
        said = json.loads(_beside(file).read_bytes())
        size, digest = said["size"], said["sha256"]
        if type(size) is int and size >= 0 and digest == _digest(file.read_bytes()):
            return size
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        pass
    return None


def keep(file: Path, data: bytes, size: int) -> None:
    """Writes the beginning of a file of so many bytes. Raises Refusal where the system doesn't take it."""
    _write(file, data)
    _write(_beside(file), json.dumps({"size": size, "sha256": _digest(data)}).encode())


def commit_of(repository: str, revision: str) -> str | None:
    """The commit that a branch or a tag was when it was last asked for."""
    try:
        said = _reference(repository, revision).read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    return said if is_commit(said) else None


def keep_commit(repository: str, revision: str, commit: str) -> None:
    """Writes what a branch or a tag is now."""
    if commit_of(repository, revision) != commit:
        _write(_reference(repository, revision), commit.encode())


def _of_repository(repository: str) -> Path:
    from huggingface_hub import constants

    return Path(constants.HF_HOME) / "llm-gallery" / repository.replace("/", "--")


def _reference(repository: str, revision: str) -> Path:
    return _of_repository(repository) / "refs" / quote(revision or "main", safe="")


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.size.json")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write(file: Path, data: bytes) -> None:
    part = file.with_name(f".{uuid4().hex}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        os.replace(part, file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refusal(
            f"{file.parent} can't be written ({reason(error).lower()}), expected a folder for what the Hub says; "
            "set HF_HOME to one of yours"
        ) from None
