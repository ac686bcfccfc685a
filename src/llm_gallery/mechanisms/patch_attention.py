"""Attention between bytes and patches: vectors of a patch ask its bytes, bytes the vectors of a patch.

Paper: https://arxiv.org/abs/2412.09871
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names
from llm_gallery.mechanisms.lane_drawing import BY_CODE
from llm_gallery.mechanisms.wording import Held, Said


def title(block: Block) -> str:
    """What it asks."""
    return f"Attention to {'its bytes' if block.value('asked') == 'bytes' else 'a patch'}"


def kept(block: Block) -> Kept:
    """Nothing that grows: what it asks is one patch."""
    return Kept()


def work(block: Block, position: int) -> int:
    """Where a byte is a patch: its vectors each ask one byte, or a byte asks them, beside one run of each matrix."""
    vectors, wide = block.number("vectors"), block.number("heads") * block.number("head_dim")
    several = ("query", "output") if block.value("asked") == "bytes" else ("key", "value")
    matrices = (part for role in several if (part := block.part(role)) is not None)
    again = sum(part.number("inputs") * part.number("outputs") for part in matrices)
    return (vectors - 1) * again + 2 * vectors * wide


def tells(held: Held) -> Iterator[Said]:
    """Who asks whom."""
    block = held[0][0]
    vectors, heads = block.number("vectors"), block.number("heads")
    if all(one.value("asked") == "bytes" for one, _ in held):
        asks = f"*{vectors:,} vectors* of each patch ask *its bytes*"
    else:
        asks = f"Bytes ask *the {vectors:,} vectors* of one patch, and the vectors of a patch *its bytes*"
    yield (
        "",
        f"{asks}, with *{heads:,} heads*. Nothing else is seen, and nothing says where it stands.",
    )


MECHANISM = Mixer(
    kind="patch_attention",
    wired="across_patches",
    names=Names(
        title, short="patch", label="patch attention", within="attention between bytes and patches"
    ),
    colour="full",
    concepts=(),
    does="Bytes ask the vectors of a patch, or these ask its bytes.",
    tells=tells,
    numbers=(
        ("heads", "query heads"),
        ("kv_heads", "key, value heads"),
        ("vectors", "vectors a patch"),
    ),
    drawing=BY_CODE,
    size="{heads} query, {kv_heads} key heads",
    kept=kept,
    work=work,
    introduced=(),
    searched=(),
    against_attention=False,
    reads=("patches",),
)
