"""What later layers read of earlier ones: their keys and values, or the tokens that they chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from llm_gallery.architecture.block import Architecture, Block, children, join, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.binding import CHOICE, CHOOSING, borrowed
from llm_gallery.code.functions import Functions
from llm_gallery.code.values import Function, Settings, name


@dataclass(frozen=True, slots=True)
class Lending:
    """Which layer reads whose keys and values, what lends them, and whether chosen tokens are handed on."""

    layers: tuple[Block, ...]  # those that lend say so
    sources: Mapping[int, int]  # a layer -> the layer whose keys and values it reads
    lenders: Mapping[int, Block]
    chosen: bool
    apart: bool  # a borrower chooses with keys of its own

    def past(self) -> str:
        """What a layer is given of what was kept."""
        kept = "past[SOURCES[i]]" if self.sources else "past[i]"
        if self.apart:
            of = "held for name, held in past[SOURCES[i]].items()"
            kept = f"{{name: {of} if not name.startswith({CHOOSING!r})}} | past[i]"
        return f"{kept} | lent" if self.chosen else kept

    def read(self) -> list[int]:
        """For each layer the one whose keys and values it reads; its own where it makes some."""
        return [self.sources.get(i, i) for i in range(len(self.layers))]

    def forgotten(self, functions: Functions, whole: Mapping[str, object]) -> Iterator[str]:
        """Lines that cut what was lent to what the next tokens see."""
        for i, block in self.lenders.items():
            functions.kind = functions.title = block.kind
            cut = functions.text(
                Function("scores", "trimmed"), [Settings((block,), whole), name("held")]
            )
            if cut != "held":
                yield f"past[{i}] = {{name: {cut} for name, held in past[{i}].items()}}"


def lending(architecture: Architecture, stack: Block, path: str) -> Lending:
    """What the layers of a stack at a path lend each other. Raises Refusal where only some choose tokens.

    Where a layer has several mixers that see chosen tokens, they hand them on among themselves (`choosers`).
    """
    paths = [below for below, _ in children(path, stack)]
    reads = borrowed(architecture)
    sources = {k.source.rpartition(".")[0] for k in architecture.links if k.flow == CHOICE}
    if not reads and not sources:
        return Lending(stack.inside, {}, {}, chosen=False, apart=False)
    within = any(len(choosers(layer)) > 1 for layer in stack.inside)
    chosen = bool(sources) and not within
    layers = []
    for at, block in children(path, stack):
        choosing = [join(at, below) for below, _ in choosers(block)] if sources else []
        if sources and (not choosing or (chosen and len(choosing) > 1)):
            raise Refusal("can't run yet: not all layers see chosen tokens, and some lend them")
        choosing = [below for below in choosing if chosen or below in sources]
        whole = {at for at, part in walk(block, at) if part.keeps_heads} & {*reads.values()}
        layers.append(_marked(block, at, {*choosing, *whole}))
    readers = {_layer(paths, to): _layer(paths, of) for to, of in reads.items()}
    held = [
        (at, part) for at, layer in zip(paths, layers, strict=True) for at, part in walk(layer, at)
    ]
    lenders = {_layer(paths, at): part for at, part in held if at in reads.values()}
    apart = any(part.child("indexer") for at, part in held if at in reads)
    return Lending(tuple(layers), readers, lenders, chosen, apart)


def choosers(layer: Block) -> list[tuple[str, Block]]:
    """The mixers of a layer that see chosen tokens, with their paths in it."""
    return [(path, part) for path, part in walk(layer) if part.value("selected")]


def _layer(paths: Iterable[str], path: str) -> int:
    """The number of the layer that holds a path."""
    return next(i for i, at in enumerate(paths) if path.startswith(f"{at}."))


def _marked(block: Block, path: str, lenders: set[str]) -> Block:
    """A block in which those that lend say so."""
    if path in lenders:
        return replace(block, settings={**block.settings, "lends": True})
    if not any(lender.startswith(path) for lender in lenders):
        return block
    inside = tuple(_marked(part, at, lenders) for at, part in children(path, block))
    return replace(block, inside=inside)
