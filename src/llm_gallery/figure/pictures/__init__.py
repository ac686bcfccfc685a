"""Pictures of how a mechanism reads its past: one module for each way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.kinds import ALTERNATING
from llm_gallery.concepts import concepts
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.pictures.activation import activation, drawn_curve
from llm_gallery.figure.pictures.chosen import chosen
from llm_gallery.figure.pictures.depth import depth
from llm_gallery.figure.pictures.entries import entries
from llm_gallery.figure.pictures.experts import experts
from llm_gallery.figure.pictures.heads import heads
from llm_gallery.figure.pictures.neighbours import neighbours
from llm_gallery.figure.pictures.ngrams import ngrams
from llm_gallery.figure.pictures.noise import noise
from llm_gallery.figure.pictures.panel import Draw, Panel
from llm_gallery.figure.pictures.pinch import pinch
from llm_gallery.figure.pictures.positions import positions, unplaced
from llm_gallery.figure.pictures.reach import reach
from llm_gallery.figure.pictures.states import channels, is_matrix, matrix
from llm_gallery.figure.pictures.streams import streams
from llm_gallery.mechanisms import DRAWN, MOST_TOLD
from llm_gallery.mechanisms.lane_drawing import LaneDrawing, State
from llm_gallery.plan.place import Variant, by_ratio

Picture = Callable[[Sequence[Variant], Sheet, float, float], float]


BY_FACT: Mapping[str, Picture] = {"saved_every": depth, "streams": streams, "longest": ngrams}
"""Pictures of what neither attends nor works on each token alone, by a fact that only it has."""


def sentences(variants: Sequence[Variant], new: Set[str] = frozenset()) -> list[str]:
    """What is said of a mechanism where no picture stands over it."""
    if any("ratio" in variant.block.facts for variant in variants):
        return [panel.words for panel in _by_ratio(variants, new)]
    return [mechanisms.particulars([(variant.block, variant.count) for variant in variants], new)]


def panels(variants: Sequence[Variant], new: Set[str] = frozenset()) -> list[Panel]:
    """The pictures of a mechanism, by what it keeps: mostly one, of compressed attention one for each ratio.

    What is said of `new` concepts comes before what else there is to say.
    """
    block = variants[0].block
    shown = _shown_by_rows(variants) if _limited(variants) else frozenset[str]()
    held = [(variant.block, variant.count) for variant in variants]
    words = mechanisms.particulars(held, new, MOST_TOLD, shown)
    if any("ratio" in variant.block.facts for variant in variants):
        return _by_ratio(variants, new)
    found = _picture(block, variants, new)
    if found is noise:
        words = mechanisms.particulars(held, new, MOST_TOLD)
    if found is None:
        return [Panel(None, words)]
    broad = found in (heads, reach, positions, streams)
    return [Panel(partial(found, variants), words, broad, whole=found is streams)]


def _picture(block: Block, variants: Sequence[Variant], new: Set[str]) -> Picture | None:
    drawing = DRAWN[block.kind].drawing
    if block.value("residual") == ALTERNATING:
        return None
    for fact, picture in BY_FACT.items():
        if fact in block.facts:
            return picture
    if not block.mixes:
        return None
    if block.is_mixture:
        return experts
    if block.mixes_channels:
        return activation if drawn_curve(block) else None
    if isinstance(drawing, LaneDrawing) and isinstance(drawing.core, State):
        return matrix if is_matrix(block) else channels
    pictured = {concepts()[concept].new.picture for concept in new if concept in concepts()}
    if "noise" in pictured:
        return noise
    if "neighbours" in pictured and not _limited(variants):
        return neighbours
    if unplaced(variants):
        return positions
    if any("selected" in variant.block.facts for variant in variants):
        return chosen
    if _limited(variants):
        return reach
    if "kv_rank" in block.facts:
        return pinch
    if block.attends:
        return heads
    return reach if "taps" in block.facts else None


def _shown_by_rows(variants: Sequence[Variant]) -> frozenset[str]:
    """Concepts that the rows of a picture say of attention that doesn't read all."""
    shown = {name for variant in variants for name in mechanisms.concepts_of(variant.block)}
    known = concepts()
    return frozenset(name for name in shown & {*known} if known[name].new.picture == "reach")


def _limited(variants: Sequence[Variant]) -> bool:
    """Whether some don't read all tokens."""
    facts = {name for variant in variants for name in variant.block.facts}
    return not facts.isdisjoint(("window", "chunk", "selected"))


def _by_ratio(variants: Sequence[Variant], new: Set[str]) -> list[Panel]:
    """A panel for each ratio and way to choose; layers that take over what another made are said with it."""
    found = []
    for group in by_ratio(variants):
        own = [v for v in group if "shared_stream" not in v.block.facts] or group
        words = mechanisms.particulars([(v.block, v.count) for v in group], new)
        found.append(Panel(partial(entries, own[0].block, sum(v.count for v in group)), words))
    return found


__all__ = ["Draw", "Panel", "panels", "sentences"]
