"""The same model with one concept undone, so that what the concept saves can be counted on that very model."""

from __future__ import annotations

from llm_gallery.analysis.concepts import concepts as shown
from llm_gallery.architecture.block import Block
from llm_gallery.concepts import concepts, in_place_of, undo_of


def without(root: Block, concept: str) -> Block | None:
    """The tree with the concept undone and all else kept; None where nothing says how, or something of it is left.

    The concept's folder says how. A mixer that keeps a state needs no word: attention takes its place.
    """
    undo = undo_of(concept)
    if undo is None:
        return in_place_of(root, concept)
    changed = undo(root)
    if changed is None or _partly(concept):
        return changed
    return None if concept in shown(changed) else changed


def _partly(concept: str) -> bool:
    """Whether it is counted though a tree still shows it."""
    stated = concepts()[concept].without
    return stated is not None and stated.partly
