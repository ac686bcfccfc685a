"""The catalog's files: which there are, and what stands in one."""

from __future__ import annotations

import tomllib
from operator import attrgetter
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, reason
from llm_gallery.catalog.folding import unfolded

MODELS = Path(__file__).parent / "models"
"""The catalog of this package."""
LARGEST = 2**20
"""Bytes of the largest entry that is read."""


def files(directory: Path) -> list[Path]:
    """The entries of a folder. Raises Refusal where there is no such folder."""
    if not directory.is_dir():
        raise Refusal(f"{directory} is no folder, expected the catalog's entries; check the path")
    return sorted(directory.glob("*.toml"), key=attrgetter("name"))


def read(file: Path) -> dict[str, Any]:
    """An entry's keys, its config unfolded."""
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file} has more than {LARGEST // 2**20} MiB, expected an entry")
        table = tomllib.loads(file.read_text("utf-8"))
    except OSError as error:
        raise Refusal(f"{file} can't be read ({reason(error)}); check its permissions") from None
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text, expected TOML; correct it") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(f"{file} is not TOML: {error}; correct it there") from None
    if isinstance(table.get("config"), dict):
        table["config"] = unfolded(table["config"])
    return table
