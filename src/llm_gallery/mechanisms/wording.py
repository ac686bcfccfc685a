"""Words that depend on a block's facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import isqrt

from llm_gallery.architecture.block import Block

Words = str | Callable[[Block], str]
"""Words, or what gives them for a block whose facts are part of them: "sliding-window GQA"."""


Held = Sequence[tuple[Block, int]]
"""Blocks of one kind that a model has, in the order of its layers, each with how many hold it."""
Said = tuple[str, str]
"""The concept that a sentence is about, "" where it is about the mechanism itself, and the sentence."""
Tells = str | Callable[[Held], Iterator[Said]]
"""What is particular about a mechanism: a sentence or two with {fact}, or sentences, the weightiest first."""


class Name(str):
    """What something is called at the head of a line; it knows what it is called within one.

    "Sliding window" is "sliding window" within a line, "Mamba-2" keeps its capital, and "Mixture of experts" is "experts".
    """

    __slots__ = ("inline", "spoken", "unplaced")
    inline: str  # within a line: "global, no RoPE"
    spoken: str  # in prose: "global attention without RoPE"
    unplaced: bool  # whether it says that there are no positions

    def __new__(
        cls, title: str, inline: str = "", spoken: str = "", *, unplaced: bool = False
    ) -> Name:
        """The title, with what isn't the same words in small letters."""
        made = super().__new__(cls, title)
        made.inline = inline or small(title)
        made.spoken = spoken or made.inline
        made.unplaced = unplaced
        return made

    @property
    def plural(self) -> bool:
        """Whether it names several, as "experts" do."""
        return self.inline.endswith("s") and not self.inline.endswith("ss")


def small(words: str) -> str:
    """Words without the capitals of a title; "GQA", "DeltaNet" and "mLSTM" are written as they are."""
    return " ".join(
        word[:1].lower() + word[1:] if word[1:].islower() else word for word in words.split(" ")
    )


def lowered(sentence: str) -> str:
    """A sentence with a small first letter, marked or not, where its first word has no other capital: "RoPE" keeps its own."""
    word = sentence.split(" ", 1)[0].strip("*")
    return (
        sentence.replace(word[0], word[0].lower(), 1) if word[1:].lower() == word[1:] else sentence
    )


def capital(words: str) -> str:
    """Words at the start of a line; "mLSTM" keeps its small letter."""
    return words if words[1:2].isupper() else words[:1].upper() + words[1:]


def words_for(words: Words, block: Block) -> str:
    """The words for this block."""
    return words if isinstance(words, str) else words(block)


def root(size: int) -> str:
    """The square root as a formula has it: "16", or "√168" where it isn't whole."""
    whole = isqrt(size)
    return f"{whole:,}" if whole * whole == size else f"√{size:,}"


def some(numbers: Iterable[int | float]) -> str:
    """Numbers that differ from layer to layer: "8", "6 or 9", "4 to 16"."""
    found = sorted(set(numbers))
    written = [f"{number:,}" if isinstance(number, int) else f"{number:,.6g}" for number in found]
    if len(written) <= 2:
        return " or ".join(written)
    return f"{written[0]} to {written[-1]}"


def filled(line: str, *blocks: Block) -> str:
    """The line with the blocks' numbers in place of its {fact}."""
    return re.sub(r"{(\w+)}", lambda fact: some(b.number(fact[1]) for b in blocks), line)


def singular(words: str) -> str:
    """The words with one of what is counted as one: "1 head", "1 value head", where numbers are filled in."""
    one = r"(?<![\d,.])(all )?1 ((?:query|key|value)(?:, key)? )?(head|channel|state|token|layer|expert|weight)s\b"
    return re.sub(one, r"1 \2\3", words)


def as_large(times: str) -> str:
    """How often a size is taken: "*4 times* as large", "*twice* as large"."""
    return "*twice* as large" if times == "2" else f"*{times} times* as large"


def layers_of(count: int, of: int) -> str:
    """ "*9 of 36 layers*", at the start of a sentence."""
    return f"*{count:,} of {of:,} layers*"


def in_layers(count: int, of: int) -> str:
    """ " in 57 of 60 layers", behind what isn't in all of them; nothing where it is."""
    return "" if count == of else f" in {count:,} of {of:,} layers"


def sentences_of(marked: str) -> list[str]:
    """The sentences, each by itself."""
    return [
        part
        for part in re.split(r"(?<=\.)\s+(?=[A-Z*\d])|(?<=\.\*)\s+(?=[A-Z*\d])", marked)
        if part
    ]
