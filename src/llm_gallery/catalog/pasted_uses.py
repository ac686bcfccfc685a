"""What a pasted config is taken on to: its card, the terms by which it runs, a catalog's entry."""

from __future__ import annotations

from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry_draft import draft
from llm_gallery.catalog.load import Source
from llm_gallery.catalog.pasted_config import named, pasted, themed
from llm_gallery.catalog.run_terms import run_terms
from llm_gallery.engines.subject import Subject
from llm_gallery.sources.hub import is_repository

Json = dict[str, Any]


def card(text: str, *, theme: str = "light", guess: str = "") -> Json:
    """Its compact tower, in the page's type, or `{"refused": why}`."""
    try:
        return {"figure": themed(pasted(text, bool(guess))[1], theme, "card", outlined=False)}
    except Refusal as refusal:
        return {"refused": str(refusal)}


def run(text: str, *, guess: str = "") -> Json:
    """What a page needs of it to say how it runs, or `{"refused": why}`."""
    try:
        config, profile = pasted(text, bool(guess))
        return run_terms(Subject(profile.name, profile.architecture, config))
    except Refusal as refusal:
        return {"refused": str(refusal)}


def entry(text: str, *, repository: str = "") -> Json:
    """The id and the TOML text of its entry, with open what only a person can say, or `{"refused": why}`.

    `repository` is the Hub id that it came from, where it did.
    """
    try:
        config, _ = pasted(text, False)
        known = repository if is_repository(repository) else None
        name = known.partition("/")[2] if known else named(config)
        drafted = draft(Source(name, config, known))
    except Refusal as refusal:
        return {"refused": str(refusal)}
    return {"id": drafted.id, "text": drafted.text}
