"""The Hub's record of a repository: its day, licence, papers, and stored elements.

Read through `huggingface_hub` (extra `hub`), so `HF_ENDPOINT` and `HF_TOKEN` work as for a config.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.extras import need
from llm_gallery.sources import hub
from llm_gallery.sources.checkpoint import LARGEST_INDEX, parsed_index
from llm_gallery.sources.hub_answers import SECONDS

INDEX = "model.safetensors.index.json"
_PAPER = re.compile(r"arxiv:(\d{4}\.\d{4,5})")
_LICENCES = re.compile(r"(LICEN[CS]E|COPYING)[\w-]*(\.(md|txt))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A repository as the Hub describes it; what it doesn't say is empty or None."""

    repository: str
    created: date | None = None  # of the repository, not always of the release
    licence: str = ""  # the card's short name, such as "apache-2.0"; "other" with one of its own
    licence_name: str = ""
    licence_link: str = ""
    papers: tuple[str, ...] = ()  # numbers at arXiv
    made_from: tuple[str, ...] = ()  # repositories that the card names as its base
    elements: int | None = None  # of all safetensors files
    counted_at: str = ""  # the address that gives them
    bytes: int | None = None  # of all safetensors files, as their index says


def record(repository: str) -> Record | None:
    """What the Hub says of a repository; None where it is out of reach. Raises Missing without the extra."""
    need("hub", f"What the Hub says of {repository}")
    from huggingface_hub import HfApi

    api = HfApi()
    try:
        info = api.model_info(
            repository,
            timeout=SECONDS,
            expand=["createdAt", "cardData", "safetensors", "siblings", "tags"],
        )
    except Exception:  # httpx, the system and the package each raise their own when out of reach
        return None
    files = [sibling.rfilename for sibling in info.siblings or ()]
    elements = getattr(info.safetensors, "total", None)
    index = _index(repository) if elements is None and INDEX in files else {}
    card: dict[str, Any] = dict(vars(info.card_data)) if info.card_data else {}
    return Record(
        repository=repository,
        created=info.created_at.date() if info.created_at else None,
        licence=_text(card.get("license")),
        licence_name=_text(card.get("license_name")),
        licence_link=_licence_link(_text(card.get("license_link")), files, repository),
        papers=tuple(p[1] for tag in info.tags or () if (p := _PAPER.fullmatch(tag))),
        made_from=_named(card.get("base_model")),
        elements=elements or _count(index.get("total_parameters")),
        counted_at=f"https://huggingface.co/{repository}"
        + ("" if elements else f"/blob/main/{INDEX}"),
        bytes=_count(index.get("total_size")),
    )


def _index(repository: str) -> Mapping[str, Any]:
    """The `metadata` of the list of tensors; empty where it can't be read."""
    file = hub.file(repository, INDEX, LARGEST_INDEX)
    try:
        metadata = parsed_index(file).get("metadata") if file else None
    except Refusal:
        return {}
    return metadata if isinstance(metadata, Mapping) else {}


def _licence_link(said: str, files: list[str], repository: str) -> str:
    """The card's own link, which may name a file; else the repository's file of that name."""
    if said.startswith("https://"):
        return said
    names = [file for file in files if file == said or _LICENCES.fullmatch(file)]
    return f"https://huggingface.co/{repository}/blob/main/{names[0]}" if names else ""


def _text(value: object) -> str:
    """One line, or nothing."""
    match value:
        case [str(value)] | str(value) if value.isprintable():
            return value.strip()
    return ""


def _named(value: object) -> tuple[str, ...]:
    """One name or several."""
    names = value if isinstance(value, list) else [value]
    return tuple(name for name in names if isinstance(name, str) and name.isprintable())


def _count(value: object) -> int | None:
    """A number of things; indexes state it as a number or a float."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and value > 0 else None
