"""An explanation as text, as Markdown, and as plain data with stable keys (docs/explain.md)."""

from __future__ import annotations

from typing import Any

from llm_gallery.comparison.report import escaped
from llm_gallery.explanation.prose import Explanation, Paragraph

Json = dict[str, Any]


def text(explanation: Explanation) -> str:
    """A paragraph a line, an empty line between two; caveats last."""
    return "\n\n".join(_lines(explanation)) + "\n"


def _lines(explanation: Explanation) -> list[str]:
    return [*(paragraph.text for paragraph in explanation.paragraphs), *explanation.caveats]


def markdown(explanation: Explanation) -> str:
    """Under the model's name, the first sentence of each paragraph bold; caveats in italics."""
    lines = [f"# {escaped(explanation.name)}"]
    for paragraph in explanation.paragraphs:
        first, *rest = (escaped(sentence.text) for sentence in paragraph.sentences)
        lines.append(" ".join((f"**{first}**", *rest)))
    lines += [f"*{escaped(caveat)}*" for caveat in explanation.caveats]
    return "\n\n".join(lines) + "\n"


def to_json(explanation: Explanation) -> Json:
    """Plain dictionaries, lists and strings; keys may be added, never changed."""
    return {
        "id": explanation.id,
        "name": explanation.name,
        "paragraphs": [_paragraph(one) for one in explanation.paragraphs],
        "caveats": list(explanation.caveats),
    }


def _paragraph(paragraph: Paragraph) -> Json:
    return {
        "title": paragraph.title,
        "text": paragraph.text,
        "parts": [{"words": name.words, "path": name.target} for name in paragraph.parts],
        "models": [{"words": name.words, "id": name.target} for name in paragraph.models],
    }
