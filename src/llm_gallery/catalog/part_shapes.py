"""What enters and leaves a part, and what it makes between: B sequences of T tokens, each with numbers of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import prod

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.lane_drawing import Lane, LaneDrawing, State, number_of
from llm_gallery.mechanisms.moe import chosen

Row = tuple[str, str]
"""What it is, and its shape: ("q", "B × T × 16 × 256")."""


def shapes(block: Block, width: int) -> tuple[Row, ...]:
    """From what enters to what leaves; `width` is that of the stream. None for what only holds parts."""
    if block.kind in _ENDS:
        return _ENDS[block.kind](block, width)
    stream = shape(width)
    if block.mixes or block.kind in ("layer", "stack", "per_layer_input", "ngram_memory"):
        return ("in", stream), *_between(block), ("out", stream)
    if block.is_norm and block.tensors:
        own = shape(block.number("width"))
        return ("in", own), ("out", own)
    return ()


def shape(*sizes: int | str) -> str:
    """B × T × so many numbers, or what is written for one that isn't known."""
    return " × ".join(("B", "T", *(s if isinstance(s, str) else f"{s:,}" for s in sizes)))


def _between(block: Block) -> Iterator[Row]:
    """What is made inside, in the order of computation; lanes of one shape together."""
    if block.kind in _MADE:
        yield from _MADE[block.kind](block)
        return
    drawn = DRAWN.get(block.kind)
    if drawn is None or not isinstance(drawn.drawing, LaneDrawing):
        return
    made: dict[str, list[str]] = {}
    for lane in drawn.drawing.lanes:
        sizes = _lane(block, lane)
        if prod(sizes):
            made.setdefault(shape(*sizes), []).append(lane.name)
    for size, names in made.items():
        yield ", ".join(names), size
    core = drawn.drawing.core
    if isinstance(core, State):
        held = (core.states, *core.sizes) if core.states else core.sizes
        counts = (sum(map(block.number, facts.split())) for facts in held)
        yield "state", " × ".join(("B", *(f"{count:,}" for count in counts)))


def _lane(block: Block, lane: Lane) -> tuple[int, ...]:
    if not lane.role or (lane.where is not None and not lane.where(block)):
        return (0,)
    if not callable(lane.outputs):
        return tuple(number_of(block, number) for number in lane.outputs)
    return (lane.outputs(block),)


def _attention(block: Block) -> Iterator[Row]:
    heads, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    values = block.number("value_dim") if "value_dim" in block.facts else size
    if block.value("query_rank"):
        yield "query latent", shape(block.number("query_rank"))
    if block.value("gate") and block.part("query", "gate") is not None:
        yield "q, gate", shape(heads, size)
    else:
        yield "q", shape(heads, size)
    if values == size:
        yield "k, v", shape(kept, size)
    else:
        yield "k", shape(kept, size)
        yield "v", shape(kept, values)
    yield "shares", f"B × {heads:,} × T × {_read(block)}"
    noise = block.number("noise_heads") if "noise_heads" in block.facts else 0
    yield "o", shape(heads - noise, values)


def _read(block: Block) -> str:
    """How many tokens each one reads at most; as many as there are where nothing bounds them."""
    for fact in ("selected", "window", "chunk"):
        if fact in block.facts:
            return f"{block.number(fact):,}"
    return "T"


def _latent(block: Block) -> Iterator[Row]:
    heads, plain, turned, values = (
        block.number(name) for name in ("heads", "nope_dim", "rope_dim", "value_dim")
    )
    kept = block.number("kv_heads") if "kv_heads" in block.facts else heads
    if block.value("query_rank"):
        yield "query latent", shape(block.number("query_rank"))
    yield "q", shape(heads, plain + turned)
    of_whom = "an earlier layer's" if "shared_kv" in block.facts else "kept"
    yield f"c, {of_whom}", shape(block.number("kv_rank"))
    if turned:
        yield f"rotated k, {of_whom}", shape(turned)
    yield "k", shape(kept, plain + turned)
    yield "v", shape(kept, values)
    yield "shares", f"B × {heads:,} × T × {_read(block)}"
    noise = block.number("noise_heads") if "noise_heads" in block.facts else 0
    yield "o", shape(heads - noise, values)


def _compressed(block: Block) -> Iterator[Row]:
    heads, size = block.number("heads"), block.number("head_dim")
    if block.value("query_rank"):
        yield "query latent", shape(block.number("query_rank"))
    yield "q", shape(heads, size)
    yield "k, also v", shape(size)
    if "ratio" in block.facts:
        yield "entries", f"B × T / {block.number('ratio'):,} × {size:,}"
    yield "o", shape(heads, size)


def _cross(block: Block) -> Iterator[Row]:
    heads, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    yield "q", shape(heads, size)
    yield "k, v", f"B × places in a picture × {kept:,} × {size:,}"
    yield "o", shape(heads, size)


def _patch(block: Block) -> Iterator[Row]:
    heads, kept, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    places = "bytes" if block.value("asked") == "bytes" else f"{block.number('vectors'):,}"
    yield "q", shape(heads, size)
    yield "k, v", f"B × {places} × {kept:,} × {size:,}"
    yield "o", shape(heads, size)


def _moe(block: Block) -> Iterator[Row]:
    used, experts = chosen(block), block.number("experts")
    if not block.value("hashed"):
        yield "scores", shape(experts)
    yield "chosen", shape(used)
    if "latent" in block.facts:
        yield "latent", shape(block.number("latent"))
    yield "inside", shape(used, block.number("inner"))


_MADE: Mapping[str, Callable[[Block], Iterator[Row]]] = {
    "attention": _attention,
    "latent_attention": _latent,
    "compressed_attention": _compressed,
    "cross_attention": _cross,
    "patch_attention": _patch,
    "moe": _moe,
    "mlp": lambda block: iter(
        [("inside", shape(*((block.used,) if block.copies > 1 else ()), block.number("inner")))]
    ),
}


def _matrix(block: Block, width: int) -> tuple[Row, ...]:
    return ("in", shape(block.number("inputs"))), ("out", shape(block.number("outputs")))


def _through(block: Block, width: int) -> tuple[Row, ...]:
    return ("in", shape(block.number("channels"))), ("out", shape(block.tensors[0].shape[0]))


def _indexer(block: Block, width: int) -> tuple[Row, ...]:
    heads, size = block.number("heads"), block.number("head_dim")
    return (
        ("in", shape(width)),
        ("q", shape(heads, size)),
        ("k", shape(size)),
        ("scores", "B × T × T"),
    )


_ENDS: Mapping[str, Callable[[Block, int], tuple[Row, ...]]] = {
    "linear": _matrix,
    "router": _matrix,
    "shared_gate": _matrix,
    "convolution": _through,
    "indexer": _indexer,
    "embedding": lambda block, width: (("in", "B × T ids"), ("out", shape(block.number("width")))),
    "position_embedding": lambda block, width: (
        ("in", "T positions"),
        ("out", f"T × {block.number('width'):,}"),
    ),
    "segment_embedding": lambda block, width: (
        ("in", "T segments"),
        ("out", f"T × {block.number('width'):,}"),
    ),
    "position_bias": lambda block, width: (
        ("in", "T × S distances"),
        ("out", f"{block.number('heads'):,} × T × S"),
    ),
    "decay_floors": lambda block, width: (
        ("out", f"{block.number('layers'):,} × {block.number('width'):,}"),
    ),
    "head": lambda block, width: (
        ("in", shape(width)),
        ("out", shape(block.number("vocabulary"))),
    ),
    "language_model": lambda block, width: (
        ("in", "B × T ids"),
        ("stream", shape(width)),
        ("out", shape(block.number("vocabulary"))),
    ),
}
