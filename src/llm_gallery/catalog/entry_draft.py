"""A draft of an entry: what a config says is filled in, what only a person can say is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llm_gallery.catalog.folding import folded
from llm_gallery.catalog.load import Source, described, slug
from llm_gallery.catalog.toml import scalar, table
from llm_gallery.families import kept

ABOUT = """\
# Drafted by `llm-gallery add`. Fill in each line that is marked open and remove its "# ";
# until then the entry is refused, naming what is missing. See docs/adding-a-model.md.
"""
OPEN = "  # open: "


@dataclass(frozen=True, slots=True)
class Draft:
    """The id of a model that is to be added, and the text of its file."""

    id: str
    text: str


def draft(source: Source, identifier: str | None = None) -> Draft:
    """The file for a config. Raises Refusal where the config can't be described."""
    described(source.config, source.name)
    config = folded({key: _trimmed(key, value) for key, value in kept(source.config).items()})
    lines = [*_lines(source), "", *table("config", config)]
    return Draft(identifier or slug(source.name), ABOUT + "\n" + "\n".join(lines) + "\n")


def _lines(source: Source) -> Iterator[str]:
    repository = source.repository
    yield f"# name = {scalar(source.name)}{OPEN}as its publisher writes it"
    yield f'# organization = ""{OPEN}who released it'
    if repository:
        yield f"repository = {scalar(repository)}"
    else:
        yield f'# repository = "organization/name"{OPEN}where the weights are, on the Hub'
    yield f"# released = 2026-01-31{OPEN}the day of the release"
    yield f'# summary = ""{OPEN}what is particular about it, at most 140 characters'
    yield '# context = { tokens = 131072, link = "https://" }  # optional: as published, where the config says otherwise'
    yield ""
    yield "[licence]"
    yield f'# name = ""{OPEN}of the weights, as its publisher names it'
    yield f'# link = "https://"{OPEN}its text'
    yield ""
    yield "[provenance]"
    if repository:
        address = f"https://huggingface.co/{repository}/blob/main/config.json"
        yield 'quality = "official"'
        yield f"source = {scalar(address)}"
    else:
        yield f'# quality = "official"{OPEN}or "mirror", "resolved", "transcribed", "derived"'
        yield f'# source = "https://"{OPEN}where the config comes from'
    yield ""
    yield "# [[reading]]  # optional, as many as there are: see docs/adding-a-model.md"
    yield '# kind = "report"'
    yield '# title = ""'
    yield '# author = ""'
    yield "# year = 2026"
    yield '# link = "https://"'
    yield '# why = ""  # one sentence of your own: what a reader finds there'


def _trimmed(key: str, value: Any) -> Any:
    """How weights are quantized, without the list of every module."""
    if key == "text_config" and isinstance(value, Mapping):
        return {inner: _trimmed(inner, one) for inner, one in value.items()}
    if key not in ("quantization_config", "quantization") or not isinstance(value, Mapping):
        return value
    plain = {k: v for k, v in value.items() if isinstance(v, bool | int | str)}
    groups = value.get("config_groups")
    bits = {
        name: {"weights": {"num_bits": group["weights"]["num_bits"]}}
        for name, group in (groups.items() if isinstance(groups, Mapping) else ())
        if isinstance(group, Mapping)
        and isinstance(group.get("weights"), Mapping)
        and isinstance(group["weights"].get("num_bits"), int)
    }
    return {**plain, "config_groups": bits} if bits else plain
