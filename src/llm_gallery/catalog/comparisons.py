"""Several models compared, each given in any way; the result is shown, and writes itself as the command does."""

from __future__ import annotations

from typing import Any

from llm_gallery import comparison
from llm_gallery.catalog.load import Given, model

Json = dict[str, Any]


class Comparison(comparison.Comparison):
    """What changed from the first of several models to each other one."""

    def text(self) -> str:
        """For a terminal."""
        return comparison.text(self)

    def markdown(self) -> str:
        """The same with headings, tables and lists."""
        return comparison.markdown(self)

    def to_json(self) -> Json:
        """Plain data; keys may be added, never changed."""
        return comparison.to_json(self)


def compare(*models: Given, guess: bool = False) -> Comparison:
    """What changed from the first of two to six models to each other one."""
    return Comparison(
        comparison.compare([model(model_or_path, guess=guess) for model_or_path in models]).models
    )
