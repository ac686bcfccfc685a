"""Emblems inside a page: drawings without a name, whose looks are in a shared sheet."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from llm_gallery.concepts import concepts
from llm_gallery.figure.kit.drawing import Looks
from llm_gallery.site.emblem_view import emblem_in_page


def test_hidden_from_screen_readers_and_without_words() -> None:
    looks: Looks = {}
    for name in concepts():
        outer = ElementTree.fromstring(emblem_in_page(name, looks))
        assert outer.attrib == {"class": "emblem", "aria-hidden": "true"}
        assert "".join(outer.itertext()) == ""
        forbidden = {"style", "id", "role", "tabindex"}
        assert not [part.tag for part in outer.iter() if forbidden & {*part.attrib}]


def test_all_its_classes_are_explained() -> None:
    looks: Looks = {}
    pages = [emblem_in_page(name, looks) for name in concepts()]
    used = {name for page in pages for name in re.findall(r'<path class="(\w+)"', page)}
    assert used == {*looks}


def test_nothing_for_what_has_none() -> None:
    assert emblem_in_page("no-concept", {}) == ""
