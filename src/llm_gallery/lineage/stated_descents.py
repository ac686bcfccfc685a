"""Descents that somebody states, each with its source: papers, model cards, and the reference's own code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, quoted

FILE = Path(__file__).parent / "stated_descents.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One stated descent. `child` and `parent` are Hub repositories, or families where code says so."""

    child: str
    parent: str
    source: str
    words: str
    by: Literal["authors", "code"]
    takes: tuple[str, ...] = ()  # of code: "attention", "experts", "layer"


@cache
def claims(file: Path = FILE) -> tuple[Claim, ...]:
    """Every claim of the file. Raises Refusal naming the first that is incomplete or has no source."""
    tables = tomllib.loads(file.read_text("utf-8"))
    stated = [_authors(row) for row in tables.get("claim", [])]
    return (*stated, *(_code(row) for row in tables.get("code", [])))


def _authors(row: Mapping[str, Any]) -> Claim:
    return Claim(
        child=_text(row, "child"),
        parent=_text(row, "parent"),
        source=_address(row),
        words=_text(row, "words"),
        by="authors",
    )


def _code(row: Mapping[str, Any]) -> Claim:
    child, parent = _text(row, "family"), _text(row, "inherits")
    takes = _parts(row)
    what = f"takes {' and '.join(f'its {part}' for part in takes)}" if takes else "inherits"
    return Claim(
        child=child,
        parent=parent,
        source=_address(row),
        words=f"the reference implementation of {child} {what} from that of {parent}",
        by="code",
        takes=takes,
    )


PARTS = ("attention", "experts", "layer")
"""What a family's code takes from another's: what mixes tokens, the experts, the layer as it is wired."""


def _parts(row: Mapping[str, Any]) -> tuple[str, ...]:
    found = row.get("takes")
    if not isinstance(found, list) or any(part not in PARTS for part in found):
        raise Refusal(
            f"a claim has takes = {quoted(found)}, expected some of {', '.join(PARTS)}; complete {FILE.name}"
        )
    return tuple(found)


def _text(row: Mapping[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise Refusal(f"a claim has {key} = {quoted(value)}, expected text; complete {FILE.name}")
    return value


def _address(row: Mapping[str, Any]) -> str:
    source = _text(row, "source")
    if urlsplit(source).scheme != "https":
        raise Refusal(f"a claim has the source {quoted(source)}, expected an https address")
    return source
