"""The answer to files that are dropped on a page: what `llm-gallery check` says of them, and the config that describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.check import checked
from llm_gallery.catalog.source import source as source_at
from llm_gallery.checking.tabled import tabled
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
