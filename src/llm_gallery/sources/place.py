"""Whether a word that a person gives is a path."""

from __future__ import annotations

import re
from pathlib import Path

from llm_gallery.sources import config_file
from llm_gallery.sources.hub_id import parsed

_DRIVE = re.compile(r"[A-Za-z]:[/\\]")


def is_path(word: str) -> bool:
    """Whether the word exists as a path, or can only be meant as one."""
    try:
        return bool(word) and (_only_path(word) or Path(word).exists())
    except (OSError, ValueError):  # too long, or with a null byte
        return True


def holds_config(word: str) -> bool:
    """The same, but for folders without a config: beside its own files one may have a folder called as a model."""
    try:
        return bool(word) and (
            _only_path(word) or Path(word).is_file() or config_file.in_folder(Path(word))
        )
    except (OSError, ValueError):
        return True


def _only_path(word: str) -> bool:
    if word.startswith((".", "/", "~")) or "\\" in word or _DRIVE.match(word):
        return True
    named = parsed(word)
    if named is None:
        return word.endswith((".json", ".gguf", ".safetensors")) or word.count("/") > 1
    # A file in a folder that is here is a path, even where its name is wrong.
    return bool(named.file) and Path(word.partition("/")[0]).is_dir()
