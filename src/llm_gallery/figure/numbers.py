"""The numbers that define a mixer, as the callouts beside it say them."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field

from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.shapes import About
from llm_gallery.figure.tooltip import fact_line
from llm_gallery.mechanisms import numbers_of
from llm_gallery.mechanisms.wording import singular


@dataclass(frozen=True, slots=True)
class Number:
    """A callout: a number, what it counts, and what stands behind it; two are equal that say the same."""

    value: str
    label: str
    about: About = field(compare=False)


def numbers(
    block: Block,
    path: str,
    width: int | None,
    others: Sequence[Block] = (),
    elsewhere: Set[str] = frozenset(),
) -> tuple[Number, ...]:
    """The numbers that define a mixer or a channel mixer, in reading order: the most where `others` like it differ.

    Facts that are said `elsewhere` are left out.
    """
    found = []
    for value, label, keys in numbers_of(block, width):
        if not elsewhere.isdisjoint(keys):
            continue
        about = About(path, "\n".join(fact_line(block, key) for key in keys))
        most = _most(value, label, keys[0], (block, *others), width)
        label = singular(f"{most} {label}").removeprefix(f"{most} ")
        found.append(Number(most, label, about))
    return tuple(found)


def _most(value: str, label: str, key: str, blocks: Sequence[Block], width: int | None) -> str:
    """A number, or the largest of blocks that differ in it: "≤ 12,288"."""
    stated = [block.value(key) for block in blocks]
    sizes = [size for size in stated if isinstance(size, int | float)]
    if len(sizes) < len(blocks) or len(set(sizes)) == 1:
        return value
    largest = blocks[sizes.index(max(sizes))]
    found = numbers_of(largest, width)
    same = [most for most, said, _ in found if said == label]
    other = [
        most for most, _, keys in found if keys[0] == key
    ]  # "heads" of one are "query heads" of another
    return f"≤ {(same or other)[0]}" if same or other else value
