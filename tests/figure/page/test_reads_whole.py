"""A model that reads a text whole gives each token, not the next one, and has no cache to speak of."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Text, flat


@pytest.mark.parametrize("detail", ["standard", "column", "full", "phone"])
def test_what_it_gives(detail: Detail) -> None:
    for name, whole in (("llada-8b", True), ("llama-3-8b", False)):
        model = find(name)
        drawn = draw(model.architecture, model.heading, detail=detail)
        texts = (shape for shape in flat(drawn.picture) if isinstance(shape, Text))
        said = ["".join(span.text for span in text.spans) for text in texts]
        (source,) = (words for words in said if words.startswith("Computed from config.json"))
        assert ("16-bit cache" in source) == (not whole)
        if detail != "phone":  # where the head is words
            assert ("each token" in said, "next token" in said) == (whole, not whole)
