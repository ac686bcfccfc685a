"""A draft of an entry: what a config says is filled in, what only a person can say is left open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block
from llm_gallery.catalog.folding import folded
from llm_gallery.catalog.load import Source, described, organization, slug
from llm_gallery.catalog.toml import scalar, table
from llm_gallery.recognition import catalog_config
from llm_gallery.sources.hub import FILE
from llm_gallery.sources.hub_record import Record

ABOUT = """\
# Drafted by `llm-gallery add`. Fill in each line that is marked open and remove its "# ";
# until then catalogs are read without it, and say what it lacks. See docs/adding-a-model.md.
"""
OPEN = "  # open: "


LICENCES = {
    "apache-2.0": ("Apache License 2.0", "https://www.apache.org/licenses/LICENSE-2.0"),
    "cc-by-nc-4.0": ("CC BY-NC 4.0", "https://creativecommons.org/licenses/by-nc/4.0/"),
    "gemma": ("Gemma Terms of Use", "https://ai.google.dev/gemma/terms"),
    "mit": ("MIT License", "https://opensource.org/license/mit"),
}
"""The short names by which cards state a licence that has one text wherever it is used."""
PAPERS = 3
"""Of those that a repository names, so many are offered as readings."""
MOST_NAMED = 12
"""Modules that a list of quantization names at most, if it names kinds of them and not each."""
OF_GROUP = ("group_size", "num_bits", "strategy")
"""What is kept of how a group of matrices is quantized."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The id of a model that is to be added, and the text of its file."""

    id: str
    text: str
    published: str = ""
    """Its lines of `published.toml`; empty where no count is published."""


def draft(source: Source, identifier: str | None = None, record: Record | None = None) -> Draft:
    """The file for a config, and for what the Hub says of its repository.

    Raises Refusal where the config can't be described.
    """
    root = described(source.config, source.name).root
    config = folded(
        {key: _trimmed(key, value) for key, value in catalog_config(source.config).items()}
    )
    said = record or Record(repository=source.repository or "")
    lines = [*_lines(source, said), "", *table("config", config)]
    entry_id = identifier or slug(source.name)
    text = ABOUT + "\n" + "\n".join(lines) + "\n"
    return Draft(entry_id, text, "\n".join(_published(entry_id, said, root)))


def _lines(source: Source, said: Record) -> Iterator[str]:
    repository = source.repository
    yield f"# name = {scalar(source.name)}{OPEN}as its publisher writes it"
    if known := organization(repository or ""):
        yield f"organization = {scalar(known)}"
    else:
        yield f'# organization = ""{OPEN}who released it'
    if repository:
        yield f"repository = {scalar(repository)}"
    else:
        yield f'# repository = "organization/name"{OPEN}where the weights are, on the Hub'
    if said.created:
        yield f"# released = {said.created}{OPEN}the repository is of that day; was the release?"
    else:
        yield f"# released = 2026-01-31{OPEN}the day of the release"
    yield f'# summary = ""{OPEN}what is particular about it, at most 140 characters'
    yield '# context = { tokens = 131072, link = "https://" }  # optional: as published, where the config says otherwise'
    for base in said.made_from:
        yield f"# Its card says that it is made from {base}."
    yield ""
    yield "[licence]"
    yield from _licence(said)
    yield ""
    yield "[provenance]"
    if repository:
        name = "params.json" if "n_layers" in source.config and "dim" in source.config else FILE
        address = f"https://huggingface.co/{repository}/blob/main/{name}"
        yield 'quality = "official"'
        yield f"source = {scalar(address)}"
    else:
        yield f'# quality = "official"{OPEN}or "mirror", "resolved", "transcribed", "derived"'
        yield f'# source = "https://"{OPEN}where the config comes from'
    links = [f"https://arxiv.org/abs/{paper}" for paper in said.papers[:PAPERS]]
    for link in links or ["https://"]:
        yield ""
        yield "# [[reading]]  # optional, as many as there are: see docs/adding-a-model.md"
        yield '# kind = "report"' + ("  # or a paper of a method" if said.papers else "")
        yield '# title = ""'
        yield '# author = ""'
        yield "# year = 2026"
        yield f"# link = {scalar(link)}"
        yield '# why = ""  # one sentence of your own: what a reader finds there'


def _licence(said: Record) -> Iterator[str]:
    """A licence that has one text is stated; one of the publisher's own is to be looked up."""
    if said.licence in LICENCES:
        name, link = LICENCES[said.licence]
        yield f"name = {scalar(name)}"
        yield f"link = {scalar(link)}"
        return
    name = said.licence_name or ("" if said.licence == "other" else said.licence)
    words = "the card calls it so; how does its text?" if name else "as its publisher names it"
    yield f"# name = {scalar(name)}{OPEN}of the weights, {words}"
    yield f"# link = {scalar(said.licence_link or 'https://')}{OPEN}its text"


def _published(identifier: str, said: Record, root: Block) -> Iterator[str]:
    """The published count beside ours; what lies between is for a person to explain."""
    if said.elements is None:
        if said.bytes is not None:
            yield f"# {identifier}: no count is published; its index says {said.bytes:,} bytes."
        return
    counted = parameters(root)
    ours = counted.total + counted.multi_token_prediction + counted.other_modalities
    yield f"[{scalar(identifier) if '.' in identifier else identifier}]"
    yield f"elements = {said.elements:_}"
    if said.counted_at != f"https://huggingface.co/{said.repository}":
        yield f"source = {scalar(said.counted_at)}"
    if ours != said.elements:
        more = "more" if said.elements > ours else "fewer"
        yield (
            f"# open: {abs(said.elements - ours):,} {more} than the config gives ({ours:,}); what are they? "
            "scales, extra or unexplained say it"
        )


def _trimmed(key: str, value: Any) -> Any:
    """How weights are quantized, without lists of single modules; short ones name kinds of them."""
    if key == "text_config" and isinstance(value, Mapping):
        return {inner: _trimmed(inner, item) for inner, item in value.items()}
    if key not in ("quantization_config", "quantization") or not isinstance(value, Mapping):
        return value
    plain = {
        k: v
        for k, v in value.items()
        if isinstance(v, bool | int | str) or (isinstance(v, list) and 0 < len(v) <= MOST_NAMED)
    }
    groups = value.get("config_groups")
    bits = {
        name: {
            "weights": {key: group["weights"][key] for key in OF_GROUP if key in group["weights"]}
        }
        for name, group in (groups.items() if isinstance(groups, Mapping) else ())
        if isinstance(group, Mapping)
        and isinstance(group.get("weights"), Mapping)
        and isinstance(group["weights"].get("num_bits"), int)
    }
    return {**plain, "config_groups": bits} if bits else plain
