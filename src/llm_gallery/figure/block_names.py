"""The figure's words: what blocks are called by people who know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import DRAWN, subtitle_of, title
from llm_gallery.mechanisms.attended import NONE, positioned, reached


def subtitle(blocks: Sequence[Block]) -> str:
    """A second line on a mixer's block, where its name alone doesn't say which of its kind it is."""
    subtitles = {subtitle_of(block) for block in blocks}
    return subtitles.pop() if len(subtitles) == 1 else ""


def variants(blocks: Sequence[Block]) -> tuple[str, ...]:
    """Names that tell the variants of one mixer apart: by reach, position or title, else by a number."""
    if len(blocks) == 1:
        return (title(blocks[0]),)
    for called in _candidates(blocks):
        if len(set(called)) == len(blocks):
            return tuple(called)
    return tuple(f"{title(block)} {number}" for number, block in enumerate(blocks, 1))


def _candidates(blocks: Sequence[Block]) -> Iterator[list[str]]:
    """Names for all variants, the most telling first."""
    reaches, positions = [reached(b) for b in blocks], [positioned(b) for b in blocks]
    yield [f"{reach} attention" for reach in reaches]
    yield [
        f"Attention, {position[:1].lower()}{position[1:]}"
        if position == NONE
        else f"{position} attention"
        for position in positions
    ]
    unrotated = "no RoPE" if "RoPE" in positions else NONE.lower()
    yield [
        f"{reach}, {unrotated if position == NONE else position}"
        for reach, position in zip(reaches, positions, strict=True)
    ]
    yield [title(block) for block in blocks]
    yield [f"Experts by {'token id' if block.value('hashed') else 'score'}" for block in blocks]
    for fact, form in _TELLING:
        yield _numbered(blocks, fact, form)


_TELLING = (
    ("window", "Window {}"),
    ("chunk", "Chunks of {}"),
    ("heads", "{} heads"),
    ("kv_heads", "{} key heads"),
    ("head_dim", "Heads of {}"),
    ("inner", "{} inner width"),
    ("experts", "{} experts"),
    ("used", "Top {}"),
)
"""Facts by whose number variants may be told apart, the most telling first."""


def _numbered(blocks: Sequence[Block], fact: str, form: str) -> list[str]:
    values = [block.value(fact) for block in blocks]
    return [
        form.format(f"{value:,}") if isinstance(value, int) else title(block)
        for block, value in zip(blocks, values, strict=True)
    ]


@cache
def _proper() -> frozenset[str]:
    """Names that keep their capital though the word says no more."""
    return frozenset(
        str(home.names.title).split()[0] for home in DRAWN.values() if home.names.proper
    )


def called(name: str) -> str:
    """A name within a line: without a capital that isn't its own."""
    name = {"Mixture of experts": "experts"}.get(name, name)
    first, *others = name.split(",")[0].split()  # the rest qualifies it: "Global, no RoPE"
    proper = any(word[:1].isupper() and word[1:2].islower() for word in others)
    kept = not first[1:].islower() or proper or first in _proper()
    return name if kept else name[:1].lower() + name[1:]


def layers(count: int, of: str = "") -> str:
    """A number of layers in words: "1 layer", "36 DeltaNet layers" of `of` "DeltaNet "."""
    return f"{count:,} {of}{'layer' if count == 1 else 'layers'}"
