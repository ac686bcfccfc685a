"""What mixers and layers are called in a file where there are several: by what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from llm_gallery.architecture.block import Block, walk


def reach(block: Block) -> str:
    """How far a mixer sees."""
    return "local" if block.value("window") or block.value("chunk") else "global"


def choice(block: Block) -> str:
    """Whether it sees all of that."""
    return "sparse" if block.value("selected") else "full"


def position(block: Block) -> str:
    """How it knows where a token stands."""
    return "rope" if block.value("position") == "rope" else "nope"


def _reach(block: Block) -> str:
    return f"{reach(block)}_{block.kind}"


def _choice(block: Block) -> str:
    return f"{choice(block)}_{block.kind}"


def _ratio(block: Block) -> str:
    return f"{block.kind}_by_{block.value('ratio')}" if block.value("ratio") else block.kind


def _lends(block: Block) -> str:
    return block.kind if block.value("value_rank") else f"first_{block.kind}"


def titles(blocks: Sequence[Block]) -> list[str]:
    """A name for each of several mixers that are built differently."""
    kinds = [block.kind for block in blocks]
    made: list[str] = []
    for block in blocks:
        others = [other for other in blocks if other.kind == block.kind]
        made.append(_apart(others)(block) if len(others) > 1 else block.kind)
    return numbered(made) if len({*kinds}) < len(kinds) else made


def _apart(blocks: Sequence[Block]) -> Callable[[Block], str]:
    """What tells mixers of one kind apart best."""
    ways: tuple[Callable[[Block], str], ...] = (_reach, _ratio, _choice, _lends, _values)
    return max(ways, key=lambda way: len({way(block) for block in blocks}))


def _values(block: Block) -> str:
    """By whether a router says what makes its values."""
    return "attention_of_mixed_values" if "value_experts" in block.facts else block.kind


def numbered(names: Sequence[str]) -> list[str]:
    """The same names, from the second on with a number where one comes again."""
    made: list[str] = []
    for name in names:
        more = (name, *(f"{name}_{i}" for i in range(2, len(names) + 2)))
        made.append(next(one for one in more if one not in made))
    return made


def of_layers(tags: Sequence[Sequence[str]]) -> list[str]:
    """A name for each sort of layer, of those of its tags that aren't the same for all."""
    apart = [place for place in range(len(tags[0])) if len({tag[place] for tag in tags}) > 1]
    return numbered(
        ["_".join([*(tag[place] for place in apart if tag[place]), "layer"]) for tag in tags]
    )


def of_channels(layer: Block) -> str:
    """What a layer does to the channels of each token."""
    held = [part for _, part in walk(layer)]
    if mixture := next((part for part in held if part.is_mixture), None):
        return "hashed_expert" if mixture.value("hashed") else "expert"
    return "dense" if any(part.mixes_channels for part in held) else ""
