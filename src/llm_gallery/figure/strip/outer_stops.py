"""What stands on the stream outside the layers as it is drawn, and what is said of the two ends, whichever way the band runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import NamedTuple

from llm_gallery.analysis.parameters import stored
from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import Block
from llm_gallery.figure.kit.blocks import NORM, Node, Words, centred, hero, pill
from llm_gallery.figure.kit.shapes import About, Box
from llm_gallery.figure.tooltip import tooltip
from llm_gallery.mechanisms.apart import ends, predicting
from llm_gallery.mechanisms.colour import TABLES
from llm_gallery.plan.block_names import layers
from llm_gallery.plan.outer_blocks import after_stack, modules, outer_blocks
from llm_gallery.plan.outer_stops import Stop, before, head_remarks, head_scalars
from llm_gallery.plan.stream import Stream


def about(stop: Stop) -> About:
    """What it answers for itself and for the blocks that it stands for."""
    return tooltip(stop.path, stop.block, others=stop.others)


def beside(stop: Stop, x: float, y: float, wide: float | None) -> Node:
    """What is added to the stream, so wide, or as wide as it needs."""
    words, note, answer = stop.words, stop.note, about(stop)
    if stop.sort in ("positions", "segments"):
        return pill(x, y, words, "position", note=note, wide=wide, high=NORM, size=12, about=answer)
    node = hero(x, y, "", TABLES, wide=wide, high=34, about=answer)
    lines = Words(-2.5, words, 12, 500), Words(12, note, 11)
    return Node(node.box, (node.box, *centred(node.box, f"{TABLES}.on", *lines)))


class Modules(NamedTuple):
    """The modules that predict further tokens: how many layers they have together, and whose ends they use."""

    layers: int
    ends: str
    parameters: int
    about: About

    def block(self, x: float, low: float, wide: float, *, full: bool) -> Node:
        """Their block, its lower left corner at (x, low); `full` adds their parameters."""
        said = [layers(self.layers), self.ends, *((short(self.parameters),) if full else ())]
        first = Words(4 - 6.5 * len(said), "MTP", 12, 500)
        under = count(first.under + 13.5, 13.5)
        lines = (first, *(Words(y, words, 11) for y, words in zip(under, said, strict=False)))
        high = 58.0 if full else 48.0
        tint, edge = "embedding.tint", "embedding.edge"
        box = Box(x, low - high, wide, high, fill=tint, edge=edge, dashed=True, labelled=True)
        box = replace(box, about=self.about)
        return Node(box, (box, *centred(box, "embedding.text", *lines)))


def further(root: Block) -> Modules | None:
    """The modules for the tokens after the next, stored beside the model; None where there are none."""
    first = outer_blocks(root).multi_token_prediction
    if first is None:
        return None
    whose = ends(root)
    elements = sum(map(stored, predicting(root)))
    title = f"multi-token prediction, {short(elements)} parameters, not in the total: its modules {whose.long}"
    return Modules(modules(root), whose.short, elements, tooltip(*first, title))


def sentences(root: Block, stream: Stream) -> str:
    """All of it in words, for where it has no room: "Embedding × √1,536. Head tied, softcap 30."."""
    outer, said = outer_blocks(root), []
    stops = [f"{stop.words} {stop.note}".strip() for stop in before(root)]
    plus = ("+ " if stop.joins or stop.sort == "norm" else "" for stop in before(root))
    first = list(map("".join, zip(plus, stops, strict=True)))
    if outer.embedding is not None:
        rows, wide = (outer.embedding[1].value(fact) for fact in ("vocabulary", "width"))
        if isinstance(rows, int) and isinstance(wide, int):
            first = [f"{rows:,} ids, {wide:,} wide", *first]
    if first:
        said.append(f"Embedding {', '.join(first)}")
    if outer.per_layer_embedding is not None:
        table = outer.per_layer_embedding[1]
        said.append(
            f"A table gives each token {table.number('layers'):,} × {table.number('width'):,} "
            "numbers, a row for each layer"
        )
    if outer.head is not None and (
        remarks := (*head_remarks(outer.head[1]), *head_scalars(outer.head[1]))
    ):
        said.append(f"Head {', '.join(remarks)}")
    if stream.count > 1 and any(block.connects for _, block in after_stack(root)):
        said.append(f"{stream.count:,} streams are mixed to one before the head")
    if stream.saved_every:
        said.append(f"The stream's sum is kept every {stream.saved_every:,} layers")
    if outer.exit_gate is not None:
        said.append("A gate says after which pass the output is read")
    if (found := further(root)) is not None:
        said.append(f"MTP, {layers(found.layers)}, {found.ends}")
    return "".join(f"{sentence}. " for sentence in said).strip()
