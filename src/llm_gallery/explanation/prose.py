"""An explanation as data: paragraphs of sentences, and which words in them name a part or a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from llm_gallery.architecture.refusal import counted


class Named(NamedTuple):
    """Words of a sentence that name something: a part by its path in the tree, or a model by its id."""

    words: str
    target: str


MOST_WORDS = 330
"""Words of an explanation; what may be spared is left out where it has more."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, with what its words name; the greater `spare`, the sooner it is left out, and 0 never is."""

    text: str
    parts: tuple[Named, ...] = ()
    models: tuple[Named, ...] = ()
    spare: int = 0
    about: frozenset[str] = frozenset()  # concepts that it tells


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences on one question; the first can stand alone."""

    title: str
    sentences: tuple[Sentence, ...]

    def __repr__(self) -> str:
        return f"<Paragraph {self.title}: {counted(len(self.sentences), 'sentence')}>"

    @property
    def text(self) -> str:
        """All of it on one line."""
        return " ".join(sentence.text for sentence in self.sentences)

    @property
    def parts(self) -> tuple[Named, ...]:
        """Parts of the model that are named, each once."""
        return tuple(dict.fromkeys(n for s in self.sentences for n in s.parts))

    @property
    def models(self) -> tuple[Named, ...]:
        """Models of the catalog that are named, each once."""
        return tuple(dict.fromkeys(n for s in self.sentences for n in s.models))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Three to six paragraphs on a model, and what a reader must know before relying on them."""

    id: str
    name: str
    paragraphs: tuple[Paragraph, ...]
    caveats: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Explanation of {self.name} in {counted(len(self.paragraphs), 'paragraph')}>"


def said(
    text: str,
    parts: Iterable[Named] = (),
    models: Iterable[Named] = (),
    spare: int = 0,
    about: Iterable[str] = (),
) -> Sentence:
    """A sentence with those of the names that are words of it and lead somewhere; *marks* are taken off."""
    text = text.replace("*", "")
    named = tuple(_names_in(text, parts)), tuple(_names_in(text, models))
    return Sentence(text, *named, spare, frozenset(about))


def joined(sentences: Sequence[Sentence], spare: int) -> Sentence:
    """Sentences that are told together or not at all, as one."""
    parts = dict.fromkeys(name for sentence in sentences for name in sentence.parts)
    models = dict.fromkeys(name for sentence in sentences for name in sentence.models)
    text = " ".join(sentence.text for sentence in sentences)
    return Sentence(text, tuple(parts), tuple(models), spare, told(sentences))


def told(sentences: Iterable[Sentence]) -> frozenset[str]:
    """The concepts that sentences tell."""
    return frozenset(concept for sentence in sentences for concept in sentence.about)


def words(sentences: Iterable[Sentence]) -> int:
    """How many words they have together."""
    return sum(len(sentence.text.split()) for sentence in sentences)


def shortened(paragraphs: Iterable[Paragraph]) -> tuple[Paragraph, ...]:
    """Without what may be spared, as far as it leaves no room in `MOST_WORDS`: what is needed first is let in first."""
    told = [*paragraphs]
    every = [sentence for paragraph in told for sentence in paragraph.sentences]
    room = MOST_WORDS
    kept: list[Sentence] = []
    for sentence in sorted(every, key=lambda one: one.spare):
        needs = words([sentence])
        if not sentence.spare or needs <= room:
            kept.append(sentence)
            room -= needs
    shown = (
        replace(one, sentences=tuple(s for s in one.sentences if any(s is k for k in kept)))
        for one in told
    )
    return tuple(paragraph for paragraph in shown if paragraph.sentences)


def _names_in(text: str, names: Iterable[Named]) -> Iterator[Named]:
    """Each target once, by the first of its names that the text has and no other one took."""
    targets, taken = set[str](), set[str]()
    for name in names:
        known = not name.target or name.target in targets or name.words in taken
        if not known and re.search(_whole(name.words), text):
            targets.add(name.target)
            taken.add(name.words)
            yield name


def _whole(words: str) -> str:
    """A pattern of the words as they stand by themselves."""
    return rf"(?<![\w-]){re.escape(words)}(?![\w-])"


def pieces(text: str, words: Iterable[str]) -> Iterator[str]:
    """The text in pieces, every second one some of the words: the longest where several begin at a place."""
    patterns = [_whole(one) for one in sorted(set(words), key=lambda one: -len(one))]
    yield from re.split(f"({'|'.join(patterns)})", text) if patterns else [text]
