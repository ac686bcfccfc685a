"""The catalog as the family tree takes it: each model with its date, house and repository."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.catalog.load import MODELS, architecture, entries
from llm_gallery.lineage import Member


def members(directory: Path | None = None) -> tuple[Member, ...]:
    """Every model of the catalog, newest first. Raises Refusal naming a file and its faults."""
    return tuple(
        Member(
            id=entry.id,
            name=entry.name,
            organization=entry.organization,
            released=entry.released,
            architecture=architecture(entry),
            repository=entry.repository,
        )
        for entry in entries(directory or MODELS)
    )
