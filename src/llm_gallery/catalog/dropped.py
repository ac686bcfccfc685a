"""The answer to files that are dropped on a page: what `llm-gallery check` says of them, the config that describes them, and
how they run."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.check import checked
from llm_gallery.catalog.load import outside
from llm_gallery.catalog.run_terms import run_terms
from llm_gallery.catalog.source import of_gguf, stored_gguf
from llm_gallery.catalog.source import source as source_at
from llm_gallery.checking.tabled import tabled
from llm_gallery.engines.subject import Subject
from llm_gallery.sources.config_file import NAMES

Json = dict[str, Any]


def dropped(names: Sequence[str], *, guess: bool = False) -> Json:
    """The report on files as tables, and their config as text, where they have one; or `{"refused": why}`.

    `names` are paths below the working directory: one file, or those of one folder. A config that lies beside weights
    that are refused is given with the refusal.
    """
    place = names[0].partition("/")[0]
    try:
        report, source = checked(place, guess=guess)
    except Refusal as refusal:
        return {"refused": str(refusal), **_beside(names, place)}
    answer = {"report": tabled(report)}
    if source is None:
        return answer
    # A GGUF's own keys name no file; a release's config stays as it is.
    name = {"_name_or_path": source.name} if report.format == "GGUF" else {}
    return {**answer, **_text({**source.config, **name})}


def run(names: Sequence[str], *, guess: bool = False) -> Json:
    """What a page needs to say how dropped files run, a GGUF with the types of its own header; or `{"refused": why}`."""
    place = names[0].partition("/")[0]
    try:
        stored = stored_gguf(Path(place))
        source = source_at(place, path=True) if stored is None else of_gguf(stored)
        found = outside(source, guess=guess)
        return run_terms(Subject(found.name, found.architecture, dict(source.config), stored))
    except Refusal as refusal:
        return {"refused": str(refusal)}


def _beside(names: Sequence[str], place: str) -> Json:
    """The config that lies with files whose weights are refused."""
    if not any(name.rpartition("/")[2] in NAMES for name in names):
        return {}
    try:
        return _text(source_at(place, path=True).config)
    except Refusal:
        return {}


def _text(config: Mapping[str, Any]) -> Json:
    return {"config": json.dumps(config, ensure_ascii=False, indent=2)}
