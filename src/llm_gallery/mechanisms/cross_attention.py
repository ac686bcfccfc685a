"""Cross-attention: the text asks, and what a tower made of a picture answers.

Papers: https://arxiv.org/abs/1706.03762, https://arxiv.org/abs/2407.21783 (section 7.3)
"""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Kept, Mixer, Names, no_work
from llm_gallery.mechanisms.attention_lanes import QUERY_NORM, of_others
from llm_gallery.mechanisms.lane_drawing import Given, Lane, LaneDrawing
from llm_gallery.mechanisms.shapes import Row, on_stream, shape
from llm_gallery.mechanisms.wording import root


def cached(block: Block) -> Kept:
    """Nothing of a text: keys and values are the picture's, as many however long the text becomes."""
    return Kept()


def formula(block: Block) -> tuple[str, ...]:
    """Values of a picture by the softmax of their scores."""
    scores = f"_q k_^T^ / {root(block.number('head_dim'))}"
    return f"_o_ = softmax( {scores} ) _v_", "over all places in a picture"


def between(block: Block) -> Iterator[Row]:
    """Queries of tokens, keys and values of a picture's places, and what heads read."""
    heads, keys, size = (block.number(name) for name in ("heads", "kv_heads", "head_dim"))
    yield "q", shape(heads, size)
    yield "k, v", f"B × places in a picture × {keys:,} × {size:,}"
    yield "o", shape(heads, size)


DRAWING = LaneDrawing(
    lanes=(
        Lane("q", "query", ("heads", "head_dim")),
        Lane("k", "key", ("kv_heads", "head_dim")),
        Lane("v", "value", ("kv_heads", "head_dim")),
    ),
    rows=(QUERY_NORM,),
    note="only where a picture is read",
    **of_others("cross-attention", Given("k v", lambda held: "from a picture", colour="embedding")),
)

MECHANISM = Mixer(
    kind="cross_attention",
    names=Names(
        "Cross-attention",
        short="cross",
        label="cross-attention",
        within="cross-attention",
        full="Cross-attention to pictures",
    ),
    colour="full",
    concepts=("cross-attention",),
    does="",
    tells="*{heads} query heads* of the text attend to *{kv_heads} key-value heads* of image tokens. A text "
    "*without an image* skips it.",
    numbers=(("heads", "query heads"), ("kv_heads", "key, value heads"), ("head_dim", "head size")),
    drawing=DRAWING,
    size="{heads} query, {kv_heads} key heads",
    kept=cached,
    work=no_work,  # of a text alone
    introduced=(),
    searched=(),
    against_attention=False,
    formula=formula,
    shapes=on_stream(between),
)
