"""What a reader marks a figure with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from llm_gallery.architecture.refusal import Refusal, quoted

LONGEST_NOTE, LONGEST_TITLE, MOST_NOTES = 400, 160, 12
"""Characters of a note and of a title, and notes of a figure, at most: more can't be read beside a figure."""


_JOINERS = "\u200c\u200d"
"""What joins and parts letters, and makes one emoji of several."""


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Parts that stay lit while all else fades, a sentence for each part that has a note, and a title.

    A part is a path of the figure, or a name that parts of the figure have.
    """

    highlight: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    title: str = ""

    def __bool__(self) -> bool:
        return bool(self.highlight or self.notes or self.title)


def marks(
    highlight: Sequence[str] | str = (), notes: Mapping[str, str] | None = None, title: str = ""
) -> Marks:
    """Marks of what somebody wrote. Raises Refusal where a text is empty or too long to be read."""
    words = (highlight,) if isinstance(highlight, str) else tuple(highlight)
    for word in (*words, *(notes or {}), *(notes or {}).values(), title):
        if not isinstance(word, str):
            raise Refusal(f"a mark is {quoted(word)}, expected text; write it as text")
    said = {
        part: _plain(text, f"the note of {quoted(part)}", LONGEST_NOTE)
        for part, text in (notes or {}).items()
    }
    if len(said) > MOST_NOTES:
        raise Refusal(f"{len(said)} notes are given, expected at most {MOST_NOTES}; leave some out")
    heading = _plain(title, "the title", LONGEST_TITLE) if title else ""
    return Marks(highlight=words, notes=said, title=heading)


def _plain(text: str, what: str, most: int) -> str:
    """One line of words: space is one blank, and what can't be seen is left out."""
    words = " ".join("".join(c if c.isprintable() or c in _JOINERS else " " for c in text).split())
    if not words.strip(_JOINERS + " "):
        raise Refusal(f"{what} is empty, expected a sentence; write one, or leave it out")
    if len(words) > most:
        raise Refusal(f"{what} has {len(words):,} characters, expected at most {most}; shorten it")
    return words
