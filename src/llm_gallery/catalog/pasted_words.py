"""A pasted config in prose: what it is, what is special in it, and whom of the catalog it resembles most."""

from __future__ import annotations

from llm_gallery.catalog.load import Model
from llm_gallery.comparison import Difference, Profile
from llm_gallery.explanation import Kin, Relative, pieces
from llm_gallery.explanation.identity import identity
from llm_gallery.explanation.kin import following
from llm_gallery.explanation.special import special
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.planning import plan

MOST = 2
"""Sentences on what it is, and as many on what is special."""


def prose(profile: Profile) -> list[str]:
    """Two paragraphs: what it is, and what is special in it; of each the sentences that matter most."""
    architecture, heading = profile.architecture, Heading(name=profile.name)
    shown = plan(architecture.root)
    told = (identity(architecture, shown, heading), special(architecture, shown, heading))
    return [
        " ".join(sentence.text for sentence in paragraph.sentences[:MOST]) for paragraph in told
    ]


def resemblance(profile: Profile, nearest: Model, step: Difference) -> list[dict[str, str]]:
    """Who resembles it most and what differs, in pieces of text; a piece that names a model has its id."""
    day = None if nearest.entry is None else nearest.entry.released
    month = Heading(name=nearest.name, released=day).month
    near = Relative(nearest.id, nearest.name, month)
    architecture = profile.architecture
    partial = architecture.canvas or bool(architecture.uncounted)
    kin = Kin(near, step, dated=False, partial=partial)
    pieces_of_all: list[dict[str, str]] = []
    for paragraph in following(kin):
        ids = {named.words: named.target for named in paragraph.models}
        pieces_of_all += [
            {"text": words, "model": ids.get(words, "")}
            for words in pieces(paragraph.text, ids)
            if words
        ]
    return pieces_of_all
