"""The catalog's concepts as the glossary of figures takes them."""

from __future__ import annotations

from llm_gallery.concepts import concepts


def texts() -> dict[str, tuple[str, str]]:
    """The name and the sentence of each concept, by its id."""
    return {concept.id: (concept.name, concept.text) for concept in concepts().values()}
