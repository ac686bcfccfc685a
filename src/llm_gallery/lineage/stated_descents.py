"""Descents that somebody states or disputes, each with its source: papers, model cards, and code that runs the models."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.comparison.phrases import listed

FILE = Path(__file__).parent / "stated_descents.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One stated descent, or what authors credit another model with.

    `child` and `parent` are Hub repositories, or families where code says so. A parent that has no repository is the
    address of its paper.
    """

    child: str
    parent: str
    source: str
    words: str
    by: Literal["authors", "credit", "code", "dispute"]
    names: str = ""  # the parent as the authors' source names it
    takes: tuple[str, ...] = ()  # of code: "attention", "experts", "layer"
    runs: bool = False  # of code: whether the older one's class runs the newer one's weights


@cache
def claims(file: Path = FILE) -> tuple[Claim, ...]:
    """Every claim of the file. Raises Refusal naming the first that is incomplete or has no source."""
    tables = tomllib.loads(file.read_text("utf-8"))
    stated = [_stated_claim(row, "authors") for row in tables.get("claim", [])]
    credited = [_stated_claim(row, "credit") for row in tables.get("credit", [])]
    disputed = [_stated_claim(row, "dispute") for row in tables.get("dispute", [])]
    return (*stated, *credited, *disputed, *(_code_claim(row) for row in tables.get("code", [])))


def _stated_claim(row: Mapping[str, Any], by: Literal["authors", "credit", "dispute"]) -> Claim:
    return Claim(
        child=_text(row, "child"),
        parent=_text(row, "parent"),
        source=_address(row),
        words=_text(row, "words"),
        by=by,
        names="" if by == "dispute" else _text(row, "names"),
    )


def _code_claim(row: Mapping[str, Any]) -> Claim:
    child, parent = _text(row, "family"), _text(row, "inherits")
    takes, source, runs = _parts(row), _address(row), row.get("runs") is True
    what = listed([f"its {part}" for part in takes]) if takes else "classes"
    whose = next(
        (name for place, name in WHOSE.items() if place in source), urlsplit(source).netloc
    )
    return Claim(
        child=child,
        parent=parent,
        source=source,
        words=f"{whose} runs {child} in the code of {parent}."
        if runs
        else f"In {whose}, the code of {child} takes {what} from that of {parent}.",
        by="code",
        takes=takes,
        runs=runs,
    )


WHOSE = {"/transformers/": "transformers", "/vllm/": "vLLM", "/sglang/": "SGLang"}
"""Whose a file of code is, by a part of its address: never the makers' own."""


PARTS = ("attention", "experts", "layer")
"""What a family's code takes from another's: token mixers, experts, the wiring of a layer."""


def _parts(row: Mapping[str, Any]) -> tuple[str, ...]:
    parts = row.get("takes")
    if not isinstance(parts, list) or any(part not in PARTS for part in parts):
        raise Refusal(
            f"a claim has takes = {quoted(parts)}, expected some of {', '.join(PARTS)}; complete {FILE.name}"
        )
    return tuple(parts)


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
