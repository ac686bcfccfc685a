"""The `modeling_*.py` that a publisher puts beside a config: its text, of which nothing is ever executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import hub

LARGEST = 2 * 2**20
"""Bytes that are read; the longest of transformers' own has 300,000."""
CLASSES = ("AutoModelForCausalLM", "AutoModelForImageTextToText", "AutoModel")
"""Keys of `auto_map` that say which class is the model, the most telling first."""
_CLASS = re.compile(r"(modeling_\w+)\.\w+", re.ASCII)


def modeling_file(
    config: Mapping[str, Any], place: str, repository: str | None, revision: str = ""
) -> str:
    """The text of the file; empty where none is published, where it can't be read, or for a config of no place.

    It is looked for in the folder of a path, and under the name in `auto_map`, in a folder or on the Hub.
    """
    named = _named(config)
    if repository is not None:
        return _text(hub.file(repository, named, LARGEST, revision) if named else None)
    if not place:
        return ""
    path = Path(place)
    folder = path if path.is_dir() else path.parent
    paths = sorted(folder.glob("modeling_*.py"))
    exact = [file for file in paths if file.name == named]
    return _text(next(iter(exact or paths), None))


def _named(config: Mapping[str, Any]) -> str:
    """The file that holds the model's class; empty where the config names none of its own."""
    said = config.get("auto_map")
    classes = said if isinstance(said, Mapping) else {}
    words = (classes.get(key) for key in CLASSES)
    matches = (_CLASS.fullmatch(word) for word in words if isinstance(word, str))
    return next((f"{match[1]}.py" for match in matches if match), "")


def _text(file: Path | None) -> str:
    """What stands in it, as far as a guess needs it."""
    try:
        if file is None or file.stat().st_size > LARGEST:
            return ""
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text, expected a Python module; remove it") from None
    except OSError:
        return ""
