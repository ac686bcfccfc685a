"""The rows by what they are asked for: a GGUF's architecture, or a config's model_type."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.conversion.row import Row
from llm_gallery.families._config import LANGUAGE_MODEL

ROWS = Path(__file__).parent / "rows"


@cache
def rows() -> tuple[Row, ...]:
    """Every row, in alphabetical order of the files."""
    files = sorted(path.stem for path in ROWS.glob("*.py") if not path.stem.startswith("_"))
    modules = (import_module(f"llm_gallery.conversion.rows.{file}") for file in files)
    return tuple(row for module in modules for row in module.ROWS)


@cache
def by_model_type() -> Mapping[str, tuple[Row, ...]]:
    """The rows of each model_type."""
    kinds = {kind for row in rows() for kind in row.model_types}
    return {kind: tuple(row for row in rows() if kind in row.model_types) for kind in kinds}


def row_of(config: Mapping[str, Any]) -> Row:
    """The row that a config is written by. Raises Refusal where there is none."""
    stated = config.get("model_type")
    outer = stated if isinstance(stated, str) else ""
    inner = config.get(LANGUAGE_MODEL)
    within = str(inner.get("model_type")) if isinstance(inner, Mapping) else outer
    known = by_model_type()
    for kind in (f"{outer}/{within}", outer, within):
        for row in known.get(kind, ()):
            if row.where is None or row.where(config):
                return row
    raise Refusal(
        f"model_type is {quoted(stated)}, whose conversion to GGUF isn't mapped here, expected "
        f"{_some(outer, known)}; convert it with llama.cpp's convert_hf_to_gguf.py"
    )


def _some(word: str, known: Collection[str]) -> str:
    """How many are known, and those that look most like a word, which may be known in another form."""
    others = sorted({*known} - {word})
    near = get_close_matches(word[:60], others, n=3, cutoff=0.3) or others[:3]
    return f"one of {len(known):,} that are mapped, such as {', '.join(near)}"


def row_named(architecture: object, place: str) -> Row:
    """The row of a GGUF's architecture. Raises Refusal where there is none."""
    found = next((row for row in rows() if row.name == architecture), None)
    if found is None:
        raise Refusal(
            f"{place} is a GGUF of architecture {quoted(architecture)}, expected "
            f"{_some(str(architecture), names())}; give the "
            "config.json of the model that it was made of, or list its tensors with `llm-gallery check`"
        )
    return found


def names() -> tuple[str, ...]:
    """The architectures that have a row."""
    return tuple(sorted({row.name for row in rows()}))
