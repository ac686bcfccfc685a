"""The context that a model's authors publish, put into the tree: one value wherever a context is shown or used."""

from __future__ import annotations

from dataclasses import replace

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.fact import Fact


def with_published(architecture: Architecture, tokens: int, link: str) -> Architecture:
    """The architecture with the published context for the config's, which stays beside it."""
    root = architecture.root
    stated = root.facts.get("context")
    facts = {name: fact for name, fact in root.facts.items() if name != "context"}
    facts["context"] = Fact(tokens, "published", link)
    if stated is not None:
        facts["configured_context"] = stated
    return replace(architecture, root=replace(root, facts=facts))
