"""Attention between bytes and patches: vectors of a patch ask its bytes, bytes the vectors of a patch.

Paper: https://arxiv.org/abs/2412.09871
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names
from llm_gallery.mechanisms.attention_lanes import of_others
from llm_gallery.mechanisms.cross_attention import DRAWING as CROSSING
from llm_gallery.mechanisms.lane_drawing import Given, LaneDrawing
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import Held, Said, root


def title(block: Block) -> str:
    """What it asks."""
    return f"Attention to {'its bytes' if block.value('asked') == 'bytes' else 'a patch'}"


def cached(block: Block) -> Kept:
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


def formula(block: Block) -> tuple[str, ...]:
    """Values of the bytes of a patch, or of its vectors, by the softmax of their scores."""
    of_patch = f"over the {block.number('vectors'):,} vectors of a patch"
    return (
        f"_o_ = softmax( _q k_^T^ / {root(block.number('head_dim'))} ) _v_",
        "over the bytes of its patch" if block.value("asked") == "bytes" else of_patch,
    )


def between(block: Block) -> Iterator[Row]:
    """Queries, keys and values of the bytes of a patch or of its vectors, and what heads read."""
    heads, keys, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    places = "bytes" if block.value("asked") == "bytes" else f"{block.number('vectors'):,}"
    yield "q", shape(heads, size)
    yield "k, v", f"B × {places} × {keys:,} × {size:,}"
    yield "o", shape(heads, size)


def asked_for(held: Held) -> str:
    """What is asked, in words."""
    asked = {str(block.value("asked")) for block, _ in held}
    forms = {"bytes": "bytes", "patches": f"{held[0][0].number('vectors'):,} vectors"}
    return " or ".join(words for who, words in forms.items() if who in asked) + " of a patch"


DRAWING = LaneDrawing(
    lanes=CROSSING.lanes,
    title="Patch attention",
    note="within one patch",
    **of_others(
        "patch attention",
        Given("k v", asked_for, ("asked", "vectors"), "convolution", "asked_norm"),
    ),
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
    drawing=DRAWING,
    size="{heads} query, {kv_heads} key heads",
    kept=cached,
    work=work,
    introduced=(),
    searched=(),
    against_attention=False,
    formula=formula,
    shapes=on_stream(between),
    reads=("patches",),
    parts_streams=True,
)
