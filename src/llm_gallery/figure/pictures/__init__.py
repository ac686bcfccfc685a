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
from llm_gallery.mechanisms.wording import filled
from llm_gallery.plan.place import Variant, by_ratio

Picture = Callable[[Sequence[Variant], Sheet, float, float], float]


BY_FACT: Mapping[str, Picture] = {"saved_every": depth, "streams": streams, "longest": ngrams}
"""Pictures of what neither attends nor works on each token alone, by a fact that only it has."""


def sentences(variants: Sequence[Variant], new: Set[str] = frozenset()) -> list[str]:
    """What is said of a mechanism where no picture stands over it."""
    if any("ratio" in variant.block.facts for variant in variants):
        return [panel.words for panel in _by_ratio(variants, new)]
    return [mechanisms.particulars([(variant.block, variant.count) for variant in variants], new)]


def panels(
    variants: Sequence[Variant], new: Set[str] = frozenset(), topic: str = ""
) -> list[Panel]:
    """The pictures of a mechanism, by what it keeps: mostly one, of compressed attention one for each ratio.

    Where it is told for one concept, the `topic`, picture and sentences are about that before all; where no picture
    shows that, there is none. Without a topic, what is said of `new` concepts comes before what else there is to say.
    """
    block = variants[0].block
    if any("ratio" in variant.block.facts for variant in variants):
        return _by_ratio(variants, new)
    found = _picture(block, variants, new) if not topic else _of_topic(block, variants, topic)
    words = _said(variants, new, topic, found)
    if found is None:
        return [Panel(None, words)]
    broad = found in (heads, reach, positions, streams)
    return [Panel(partial(found, variants), words, broad, whole=found is streams)]


def _said(variants: Sequence[Variant], new: Set[str], topic: str, found: Picture | None) -> str:
    """What stands under a picture: of a topic what it does, what else is new, and what it is for."""
    held = [(variant.block, variant.count) for variant in variants]
    rows = found in (reach, chosen) and _limited(variants)
    shown = _shown_by_rows(variants) if rows else frozenset[str]()
    known = concepts().get(topic)
    if known is None or not callable(DRAWN[variants[0].block.kind].tells):
        return mechanisms.particulars(held, new, MOST_TOLD, shown)
    having = {name for block, _ in held for name in mechanisms.concepts_of(block)} & {*concepts()}
    shown |= {name for name in having - new if concepts()[name].group == "attention"}
    blocks = [block for block, _ in held if topic in mechanisms.concepts_of(block)]
    drawn = found is not None and known.new.words
    instead = filled(known.new.words, *blocks) if drawn else ""
    reason = known.more if found is None or variants[0].block.attends else ""
    return mechanisms.on_topic(held, new, shown, topic, instead, reason)


BY_NAME: Mapping[str, Picture] = {
    "noise": noise, "neighbours": neighbours, "reach": reach, "heads": heads, "pinch": pinch, "chosen": chosen,
    "positions": positions,
}  # fmt: skip
"""Pictures of attention, by what the home of a concept calls them."""


def in_words(variants: Sequence[Variant], topic: str) -> frozenset[str]:
    """The facts whose numbers stand in words on the picture of a concept."""
    if any("ratio" in variant.block.facts for variant in variants):
        return frozenset()
    found = _of_topic(variants[0].block, variants, topic)
    facts: Mapping[Picture | None, tuple[str, ...]] = {
        heads: ("heads", "kv_heads"),
        pinch: ("heads", "kv_rank"),
    }
    return frozenset(facts.get(found, ()))


def _of_topic(block: Block, variants: Sequence[Variant], topic: str) -> Picture | None:
    """The picture that shows a concept; None where only the wiring does."""
    if not (block.attends and topic in concepts()):
        return _picture(block, variants, frozenset())
    name = concepts()[topic].new.picture
    drawable = {
        "positions": unplaced(variants),
        "chosen": any("selected" in variant.block.facts for variant in variants),
    }
    return BY_NAME[name] if name is not None and drawable.get(name, True) else None


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


__all__ = ["Draw", "Panel", "panels", "sentences", "told"]
