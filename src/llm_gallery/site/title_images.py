"""Title images as PNG, for networks read no SVG: a model's slide, one of each concept, and one for all other pages.

A link to an image must be absolute, so a site whose address nobody has said has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from llm_gallery.concepts import Concept
from llm_gallery.figure.kit import export
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.title_card import STRIPS, Words, strips, title_card
from llm_gallery.lessons.drawn import lesson_drawing
from llm_gallery.lessons.lesson import lessons
from llm_gallery.site.concept_page import Counted
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.page import Card, Page
from llm_gallery.site.sharing import COMMON, NAME, SLIDE
from llm_gallery.site.short_forms import many

NEWEST = 6
"""Models on the common one."""


def pages(site: Site) -> Iterator[Page]:
    """All of them, each beside its page."""
    if not site.hosting.address:
        return
    yield Page(COMMON, lambda: png(_common(site)))
    for shown in site.models:
        yield Page(f"models/{shown.id}/{COMMON}", partial(_of_model, shown), shown.id)
    counted = Counted(site)
    for concept in counted.concepts:
        yield Page(f"concepts/{concept.id}/{COMMON}", partial(_of_concept, counted, concept))


def png(drawing: Drawing, size: tuple[int, int] = Card().size) -> bytes:
    """The image, so many pixels across."""
    scale = size[0] / drawing.picture.width
    return export.png(drawing, "light", scale * (1 + 1e-9))  # a fraction of a pixel is cut off


def _of_model(shown: Shown) -> bytes:
    return png(shown.plate("slide"), SLIDE)


def _of_concept(counted: Counted, concept: Concept) -> bytes:
    models = many(len(counted.site.models), "model")
    users = counted.users(concept)
    below = f"In {len(users):,} of {models}"
    words = Words("Concept", concept.name, concept.text, below)
    if (lesson := lessons().get(concept.id)) is None:
        return png(_common(counted.site))
    return png(title_card(words, lesson_drawing(lesson, STRIPS).drawing.picture))


def _common(site: Site) -> Drawing:
    makers = {exhibit.entry.organization for exhibit in site.exhibits}
    below = f"{many(len(site.models), 'model')} of {many(len(makers), 'organization')}"
    sentence = (
        "How large language models are built: figures and exact numbers computed from each model’s "
        "own configuration."
    )
    newest = [(shown.model.architecture, shown.model.heading) for shown in site.models[:NEWEST]]
    return title_card(Words("", NAME, sentence, below), strips(newest))
