"""What kinds of layers are called: by what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llm_gallery.architecture.block import Block, channel_mixer, mixer, mixers, remembers
from llm_gallery.mechanisms import full, layer_word, short, title


def frame_titles(groups: Sequence[Sequence[Block]]) -> list[str]:
    """The title of each frame, by what tells its layers from the others."""
    if len(groups) == 1:
        return ["Layer"]
    tokens = [mixer(group[0]) for group in groups]
    channels = [channel_mixer(group[0]) for group in groups]
    # Attention of any reach is one mixer when frames are told apart.
    alike = len({_kind(b) if _kind(b) == "attention" else b and title(b) for b in tokens}) == 1
    steady = len({_kind(b) for b in channels}) == 1
    joint = [_joint(group[0], _common(group)) for group in groups]
    parts = list(zip(tokens, channels, joint, strict=True))
    titles = [_title(*each, alike=alike, steady=steady) for each in parts]
    if len(set(titles)) < len(titles):
        titles = [_title(*each, alike=False, steady=False) for each in parts]
    lending = [token is not None and "shared_kv" in token.facts for token in tokens]
    if len(set(titles)) < len(titles) and len(set(lending)) > 1:
        # No other difference: whose keys and values they read.
        titles = [f"{'Shared' if lent else 'Own'} keys and values" for lent in lending]
    return [
        f"{title.removesuffix(' layer')} + n-grams" if remembers(group[0]) else title
        for title, group in zip(titles, groups, strict=True)
    ]


def _common(group: Sequence[Block]) -> Callable[[Block], str]:
    """What is said of all layers of a frame: their titles, or without what these differ in."""
    return title if len({_joint(layer, title) for layer in group}) == 1 else full


def _joint(layer: Block, called: Callable[[Block], str]) -> str:
    """What all mixers of tokens of a layer are called together."""
    return " + ".join(dict.fromkeys(map(called, mixers(layer))))


def _title(
    token: Block | None, channel: Block | None, tokens: str, *, alike: bool, steady: bool
) -> str:
    if channel is not None and (token is None or alike):
        return f"{layer_word(channel)} layer"
    if token is None:
        return "Empty layer"
    return f"{tokens} layer" if channel is None or steady else f"{tokens} + {short(channel)}"


def _kind(block: Block | None) -> str:
    return "" if block is None else block.kind
