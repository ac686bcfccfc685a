"""How kinds of layers look and are called in strip, pattern and frames: by what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from llm_gallery.architecture.block import (
    Block,
    channel_mixer,
    channel_mixers,
    mixer,
    mixers,
    remembers,
)
from llm_gallery.architecture.reach import reach
from llm_gallery.mechanisms import colour_of, full, layer_word, short, title
from llm_gallery.mechanisms.attended import positioned, reached
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.written import NO_POSITIONS


class Cell(NamedTuple):
    """How one cell looks: its colour, and whether it is an outline."""

    colour: Colour
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class LayerStyle:
    """How a kind of layer looks in the strip: its cells in order of computation, and what it is called there.

    `hollow` says that a mixer of the same colour stands before it, or that it reads only what it chooses
    where others read everything: the cell is drawn as an outline.
    `token` names what mixes tokens, `short` the layer, by what tells it from the others.
    """

    tokens: tuple[Colour, ...]  # of what mixes tokens
    works: tuple[tuple[Colour, str], ...]  # of what works on each token alone, with its name
    hollow: bool
    token: str
    short: str
    colour: Colour

    def cell(self, colour: Colour) -> Cell:
        """The cell of one of its mixers."""
        return Cell(colour, self.hollow and colour in self.tokens[:1])

    @property
    def mechanisms(self) -> frozenset[Colour]:
        """Every colour of the layer."""
        return frozenset((*self.tokens, *(colour for colour, _ in self.works)))


@dataclass(frozen=True, slots=True)
class Name:
    """What a frame is called, in full and in a word, and the mechanism that it is called after."""

    full: str
    short: str
    colour: Colour | None


def frame_names(groups: Sequence[Sequence[Block]]) -> list[Name]:
    """The name of each frame, by what tells it from the others."""
    if len(groups) == 1:
        return [Name("Layer", "", None)]
    tokens = [mixer(group[0]) for group in groups]
    channels = [channel_mixer(group[0]) for group in groups]
    # Attention of any reach is one mixer when frames are told apart.
    alike = len({_kind(b) if _kind(b) == "attention" else b and title(b) for b in tokens}) == 1
    steady = len({_kind(b) for b in channels}) == 1
    parts = list(
        zip(tokens, channels, [_joint(group[0], _common(group)) for group in groups], strict=True)
    )
    named = [_frame(*each, alike=alike, steady=steady) for each in parts]
    if len({name.full for name in named}) < len(named):
        named = [_frame(*each, alike=False, steady=False) for each in parts]
    lending = [token is not None and "shared_kv" in token.facts for token in tokens]
    if len({name.full for name in named}) < len(named) and len(set(lending)) > 1:
        # No other difference: whose keys and values they read.
        whose = ["shared" if lent else "own" for lent in lending]
        named = [
            replace(name, full=f"{word.capitalize()} keys and values", short=f"{word} keys")
            for name, word in zip(named, whose, strict=True)
        ]
    return [
        replace(name, full=f"{name.full.removesuffix(' layer')} + n-grams")
        if remembers(group[0])
        else name
        for name, group in zip(named, groups, strict=True)
    ]


def _common(group: Sequence[Block]) -> Callable[[Block], str]:
    """What is said of all layers of a frame: their titles, or without what these differ in."""
    return title if len({_joint(layer, title) for layer in group}) == 1 else full


def _joint(layer: Block, called: Callable[[Block], str]) -> str:
    """What all mixers of tokens of a layer are called together."""
    return " + ".join(dict.fromkeys(map(called, mixers(layer))))


def _frame(
    token: Block | None, channel: Block | None, tokens: str, *, alike: bool, steady: bool
) -> Name:
    if channel is not None and (token is None or alike):
        return Name(f"{layer_word(channel)} layer", short(channel), colour_of(channel))
    if token is None:
        return Name("Empty layer", "empty", None)
    if channel is None or steady:
        return Name(f"{tokens} layer", short(token), colour_of(token))
    whole = f"{tokens} + {short(channel)}"
    limited = token.kind == "attention" and reach(token) is not None
    brief = reached(token).lower() if limited else short(token)
    return Name(whole, f"{brief}, {short(channel)}", colour_of(token))


def _kind(block: Block | None) -> str:
    return "" if block is None else block.kind


def layer_styles(layers: Sequence[Block]) -> tuple[LayerStyle, ...]:
    """The look of each kind of layer in strip and pattern."""
    tokens = [mixer(layer) for layer in layers]
    channels = [channel_mixer(layer) for layer in layers]
    colours = [None if t is None else colour_of(t) for t in tokens]
    others = [None if c is None else colour_of(c) for c in channels]
    names = [_token_name(layer, token, tokens) for layer, token in zip(layers, tokens, strict=True)]
    shorts = _shorts(tokens, channels, names)
    by_mixer = len(set(zip(colours, map(_kind, tokens), strict=True))) > 1 or None in colours
    first: dict[Colour, Block] = {}
    reading: dict[Colour, set[bool]] = {}  # whether mixers of a colour choose what they read
    for token in tokens:
        if token is not None:
            reading.setdefault(colour_of(token), set()).add("selected" in token.facts)
    styles = []
    for i, token in enumerate(tokens):
        colour, other = colours[i], others[i]
        hollow = False
        if colour is not None and token is not None:
            hollow = not _same(first.setdefault(colour, token), token)
            hollow = hollow or ("selected" in token.facts and len(reading[colour]) > 1)
        telling = colour if by_mixer and colour is not None else other
        if len(set(others)) == 1:
            telling = colour
        styles.append(
            LayerStyle(
                tokens=tuple(map(colour_of, mixers(layers[i]))),
                works=tuple((colour_of(b), short(b)) for b in channel_mixers(layers[i])),
                hollow=hollow,
                token=names[i],
                short=shorts[i],
                colour=telling or colour or other or "norm",
            )
        )
    return tuple(styles)


def _same(one: Block, other: Block) -> bool:
    """Whether two mixers of one colour are the same to a reader of the strip."""
    return one.value("position") == other.value("position") and one.kind == other.kind


def _token_name(layer: Block, token: Block | None, tokens: Sequence[Block | None]) -> str:
    """The mixers of a layer in a word; where there are several of one sort, by reach or position."""
    if token is None:
        return ""
    if len({short(block) for block in mixers(layer)}) > 1:
        return _joint(layer, short)
    alike = [block for block in tokens if block is not None and block.kind == token.kind]
    if len({reached(block) for block in alike}) > 1:
        far = reached(token).lower()
        positions = {positioned(block) for block in alike if reached(block) == reached(token)}
        free = len(positions) > 1 and token.value("position") == "none"
        return f"{far}, {NO_POSITIONS}" if free else far
    if len({positioned(block) for block in alike}) > 1:
        return positioned(token)
    return short(token)


def _shorts(
    tokens: Sequence[Block | None], channels: Sequence[Block | None], names: Sequence[str]
) -> list[str]:
    several = len({name for name in names if name}) > 1
    kinds = {_kind(channel) for channel in channels}
    shorts = []
    for token, channel, name in zip(tokens, channels, names, strict=True):
        parts = []
        if token is not None and (several or channel is None):
            parts.append(name)
        if channel is not None and (len(kinds) > 1 and (token is None or "" not in kinds)):
            parts.append(short(channel))
        if not parts:
            parts = [short(block) for block in (token, channel) if block is not None][:1]
        shorts.append(", ".join(parts))
    return shorts
