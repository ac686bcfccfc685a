"""The figure's words: what blocks are called by people who know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import subtitle_of, title
from llm_gallery.mechanisms.attended import (
    LOCAL,
    ROTATED,
    positioned,
    reach_word,
    reached,
    shares_keys,
)
from llm_gallery.mechanisms.wording import Name, capital, small
from llm_gallery.mechanisms.written import (
    NO_POSITIONS,
    SLIDING_WINDOW,
    WINDOW,
    WITHOUT_POSITIONS,
)


def subtitle(blocks: Sequence[Block]) -> str:
    """A second line on a mixer's block, where its name alone doesn't say which of its kind it is."""
    subtitles = {subtitle_of(block) for block in blocks}
    return subtitles.pop() if len(subtitles) == 1 else ""


def variants(blocks: Sequence[Block]) -> tuple[Name, ...]:
    """Names that tell the variants of one mixer apart: by reach, position or title, else by a number."""
    if len(blocks) == 1:
        return (title(blocks[0]),)
    for names in _candidates(blocks):
        if len(set(names)) == len(blocks):
            return tuple(names)
    return tuple(Name(f"{title(block)} {number}") for number, block in enumerate(blocks, 1))


def _candidates(blocks: Sequence[Block]) -> Iterator[list[Name]]:
    """Names for all variants, the most telling first."""
    yield [_by_reach(block) for block in blocks]
    yield [_by_position(block) for block in blocks]
    rotated = any(block.value("position") == "rope" for block in blocks)
    yield [_by_both(block, rotated=rotated) for block in blocks]
    yield [title(block) for block in blocks]
    yield [
        Name(f"Experts by {'token id' if block.value('hashed') else 'score'}") for block in blocks
    ]
    for fact, form in _TELLING:
        yield _numbered(blocks, fact, form)


def _by_reach(block: Block) -> Name:
    keys = " on shared keys" if shares_keys(block) else ""
    if reach_word(block) == LOCAL:
        shared = ", shared" if keys else ""
        return Name(f"{WINDOW}{shared}", spoken=f"{SLIDING_WINDOW} attention{keys}")
    name = f"{reached(block)} attention"
    return Name(capital(name), name, spoken=f"{reach_word(block)} attention{keys}")


def _by_position(block: Block) -> Name:
    position = positioned(block)
    if position == NO_POSITIONS:
        return Name(
            f"Attention, {NO_POSITIONS}",
            spoken=f"attention {WITHOUT_POSITIONS}",
            unplaced=True,
        )
    return Name(capital(f"{position} attention"), f"{position} attention")


def _by_both(block: Block, *, rotated: bool) -> Name:
    """How far it sees and how it knows positions; beside rotated ones those without are said to have no RoPE."""
    position, reach = positioned(block), reached(block)
    reach = reach.replace(LOCAL, small(WINDOW))
    if position != NO_POSITIONS:
        return Name(
            capital(f"{reach}, {position}"),
            f"{reach}, {position}",
            spoken=f"{reach} attention with {position}",
        )
    lacks = f"no {ROTATED}" if rotated else NO_POSITIONS
    spoken = f"{reach} attention without {ROTATED if rotated else 'positions'}"
    return Name(capital(f"{reach}, {lacks}"), f"{reach}, {lacks}", spoken=spoken, unplaced=True)


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


def _numbered(blocks: Sequence[Block], fact: str, form: str) -> list[Name]:
    values = [block.value(fact) for block in blocks]
    return [
        Name(form.format(f"{value:,}")) if isinstance(value, int) else title(block)
        for block, value in zip(blocks, values, strict=True)
    ]


def layers(count: int, of: str = "") -> str:
    """A number of layers in words: "1 layer", "36 DeltaNet layers" of `of` "DeltaNet "."""
    return f"{count:,} {of}{'layer' if count == 1 else 'layers'}"
