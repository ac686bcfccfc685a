"""What stands on the stream outside the layers, in order of computation: on the way in, and at the head."""

from __future__ import annotations

from math import isclose
from typing import Literal, NamedTuple

from llm_gallery import mechanisms
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block, model_parts
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.mechanisms.wording import root as square_root
from llm_gallery.mechanisms.written import factor_words, times
from llm_gallery.plan.outer_blocks import before_stack, outer_blocks

Sort = Literal["scalar", "norm", "scaling", "positions", "segments", "tables", "patches"]


class Stop(NamedTuple):
    """Something that the stream passes before the layers: what it is, what it says, and its block."""

    sort: Sort
    words: str
    path: str
    block: Block
    note: str = ""
    others: tuple[tuple[str, Block], ...] = ()  # blocks for which it stands, too
    factor: str = ""  # what a scalar multiplies by: "√1,536"

    @property
    def joins(self) -> bool:
        """Whether it stands beside the stream and is added."""
        return self.sort in ("positions", "segments", "tables")

    @property
    def spreads(self) -> bool:
        """Whether it makes several streams of one."""
        return self.block.part("spread") is not None


def before(root: Block) -> tuple[Stop, ...]:
    """What stands between the embedding and the first layer, in order of computation."""
    stops: list[Stop] = []
    embedding = outer_blocks(root).embedding
    if embedding is not None and (factor := _embedding_scale(embedding[1])):
        stops.append(Stop("scalar", f"× {factor}", *embedding, factor=factor))
    biases = tuple((path, block) for path, block in model_parts(root) if block.to_scores)
    for path, block in before_stack(root):
        stop = _stop(path, block)
        # a table that no stream meets: the segments stand for it, which choose its rows
        stops.append(stop._replace(others=biases) if stop.sort == "segments" else stop)
    return tuple(stops)


def entering(root: Block) -> str:
    """What a model reads: "token ids", or "bytes" where it makes patches of them."""
    return "bytes" if any(stop.sort == "patches" for stop in before(root)) else "token ids"


def leaving(root: Block, *, canvas: bool = False) -> str:
    """What its head gives: of the next token, or of each that it sees at once."""
    if entering(root) == "bytes":
        return "next byte"
    if canvas:
        return "each token of a canvas"
    return "each token" if reads_whole(root) else "next token"


def _stop(path: str, block: Block) -> Stop:
    stated = mechanisms.MECHANISMS[block.kind].before
    if stated is not None:
        sort, words, size = stated(block)
        shown = f"{short(size)} rows" if sort == "tables" else f"{size:,}"
        return Stop(sort, words, path, block, shown if size else "")
    if block.part("spread"):
        return Stop("norm", f"{block.settings['streams']:,} streams", path, block)
    if block.connects:
        return Stop("scaling", "shift, scale", path, block)
    return Stop("norm", mechanisms.title(block), path, block)


def _embedding_scale(block: Block) -> str:
    """What multiplies the token's row: the root of its width, or a number."""
    scale, wide = block.value("embedding_scale"), block.number("width")
    if isinstance(scale, float) and isclose(scale * scale, wide):
        return square_root(wide)
    return factor_words(scale)


def head_scalars(block: Block) -> tuple[str, ...]:
    """What the scores are multiplied with and bounded by, in order of computation."""
    cap = block.value("logit_softcap")
    bound = f"softcap {cap:g}" if isinstance(cap, int | float) else ""
    unit = block.settings.get("scale_unit")
    learned = "" if unit is None else f"× s · {unit:.4g}"
    return tuple(filter(None, (learned, times(block.value("logit_scale")), bound)))


def head_remarks(block: Block) -> tuple[str, ...]:
    """Whose matrix the head is, and what is done to its rows."""
    said = {
        "transform": "after a transform",
        "tied": "tied",
        "normed_head": "rows normed",
        "bias": "with bias",
    }
    return tuple(words for fact, words in said.items() if block.value(fact))
