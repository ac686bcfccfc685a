"""A reader's marks as a TOML file: `title`, `highlight` and the table `notes`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, reason
from llm_gallery.architecture.rules import List, Table, faults, line
from llm_gallery.figure.marks.given import LONGEST_NOTE, LONGEST_TITLE

LARGEST = 2**16
"""Bytes of the largest file that is read."""
_PART = partial(line, least=1, most=200)
_TEXT = partial(line, least=1, most=LONGEST_NOTE)


@dataclass(frozen=True, kw_only=True)
class Written:
    """What stands in a file."""

    title: str = ""
    highlight: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)


def written_marks(file: Path) -> Written:
    """The marks of a file. Raises Refusal with the line of each mistake, and the key that is nearest to a wrong one."""
    text = _text(file)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Refusal(f"{file} is not TOML: {error}; correct it there") from None
    if isinstance(table.get("highlight"), str):
        table["highlight"] = [table["highlight"]]
    if isinstance(table.get("notes"), dict):
        table["notes"] = dict(_dotted(table["notes"]))
    notes = table.get("notes")
    parts = notes if isinstance(notes, dict) else {}
    rules = Table(
        what="marks",
        rules={
            "title": partial(line, least=1, most=LONGEST_TITLE),
            "highlight": List(what="a list of parts", each=_PART),
            "notes": Table(
                what="the notes",
                rules=dict.fromkeys(parts, _TEXT),
                needed=("a part and its sentence",) if not parts else (),
            ),
        },
    )
    if wrong := [f"line {_line_of(text, fault.key)}: {fault}" for fault in faults(table, rules)]:
        raise Refusal(f"{file}, {'; '.join(wrong)}; correct it there")
    return Written(
        title=table.get("title", ""),
        highlight=tuple(table.get("highlight", ())),
        notes=parts,
    )


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise Refusal(f"{file} has more than {LARGEST // 2**10} KiB, expected marks")
        return file.read_text("utf-8")
    except OSError as error:
        raise Refusal(
            f"{file} can't be read ({reason(error)}), expected a TOML file of marks; check the path"
        ) from None
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text, expected TOML; correct it") from None


def _dotted(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The notes by their paths, which TOML takes for tables in one another where they stand without quotes."""
    for key, value in table.items():
        path = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            yield from _dotted(value, path)
        else:
            yield path, value


def _line_of(text: str, key: str) -> int:
    """The line in which a key is written; 1 where it isn't found."""
    last = next((part for part in reversed(key.split(".")) if not part.isdigit()), key)
    names = [re.escape(name) for name in (key.removeprefix("notes."), last)]
    found = re.compile(rf"^\s*\[?\s*(?:notes\s*\.\s*)?[\"']?(?:{'|'.join(names)})[\"']?\s*[=\].]")
    lines = text.splitlines()
    return next((at for at, said in enumerate(lines, 1) if found.match(said)), 1)
