"""A difference as sentences for a reader who sees the drawing and the numbers beside them, *what matters* marked."""

from __future__ import annotations

import re

from llm_gallery.comparison.compare import Difference
from llm_gallery.comparison.phrases import NUMBERS
from llm_gallery.comparison.sentences import difference_text, sentence

_HEAD = re.compile(
    rf"^(.*?)(?= instead of | \(| in (?:every|the|some|{'|'.join(NUMBERS[1:])}|\d+)\b| and no |$)"
)


def paragraph(difference: Difference) -> tuple[str, ...]:
    """Sentences, the most important first; none where there is no difference."""
    if not difference.changes:
        return ()
    said = difference_text(difference.old, difference.new, difference.changes)
    sizes = [sentence(", ".join(said.numbers))] if said.numbers else []
    return (*said.design(_marked), *sizes)


def _marked(words: str) -> str:
    return words if words.startswith("no ") else _HEAD.sub(r"*\1*", words, count=1)
