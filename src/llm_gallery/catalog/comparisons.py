"""Several models compared, each given in any way; the result is shown, and writes itself as the command does."""

from __future__ import annotations

from typing import Any

from llm_gallery import comparison
from llm_gallery.catalog.load import Given, model

Json = dict[str, Any]


class Comparison(comparison.Comparison):
    """The differences of the first of several models from each other one."""

    def text(self) -> str:
        """As text for a terminal."""
        return comparison.text(self)

    def markdown(self) -> str:
        """As Markdown, with headings, tables and lists."""
        return comparison.markdown(self)

    def to_json(self) -> Json:
        """As plain data; keys may be added, never changed."""
        return comparison.to_json(self)


def compare(*models: Given, guess: bool = False) -> Comparison:
    """What changed from the first of two to six models to each other one.

    Returns: a comparison; `.differences` has causes, scale, settings, consequences and sentences, one for each model.
    Raises: Refusal as `describe` does, and for another number of models.
    """
    return Comparison(
        comparison.compare([model(model_or_path, guess=guess) for model_or_path in models]).models
    )
