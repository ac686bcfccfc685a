"""What each concept is, and all that follows from a model having it: a folder each."""

from __future__ import annotations

from llm_gallery.concepts._before import GROUPS, said_before
from llm_gallery.concepts._concept import (
    AREAS,
    Area,
    Before,
    Cached,
    Change,
    Choice,
    Concept,
    FirstOpen,
    Group,
    New,
    Paper,
    Picture,
    Rank,
    RecipePart,
    Saves,
    Saving,
    Sign,
    Without,
)
from llm_gallery.concepts._file import CONCEPT, CONCEPTS, built_on, concepts
from llm_gallery.concepts._filled import filled, numbers
from llm_gallery.concepts._in_place import in_place_of
from llm_gallery.concepts._ranks import RANKS, rank, telling
from llm_gallery.concepts._undo import undo_of

__all__ = [
    "AREAS",
    "CONCEPT",
    "CONCEPTS",
    "GROUPS",
    "RANKS",
    "Area",
    "Before",
    "Cached",
    "Change",
    "Choice",
    "Concept",
    "FirstOpen",
    "Group",
    "New",
    "Paper",
    "Picture",
    "Rank",
    "RecipePart",
    "Saves",
    "Saving",
    "Sign",
    "Without",
    "built_on",
    "concepts",
    "filled",
    "in_place_of",
    "numbers",
    "rank",
    "said_before",
    "telling",
    "undo_of",
]  # fmt: skip
