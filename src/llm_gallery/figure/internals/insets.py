"""Insets: a mechanism's drawing on its ground, under its title, as high as its neighbours."""

from __future__ import annotations

from dataclasses import dataclass, replace

from llm_gallery.architecture.kinds import ALTERNATING, GATED_STREAMS, HYPER, WEIGHED
from llm_gallery.figure import internals
from llm_gallery.figure.internals._wires import DIVISOR, divisor
from llm_gallery.figure.kit.accent import TAG_WIDTH, outline, tag
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Inset, Picture
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.spreading import spare, spread, tightened
from llm_gallery.figure.kit.text import titled, width
from llm_gallery.mechanisms import DRAWN
from llm_gallery.mechanisms.indexer import indexer_of
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.place import Place
from llm_gallery.plan.plan import Plan, Use

TITLE, FOOT = 32.0, 10.0
"""Px above and under the drawing."""
REST = 16.0
"""Px that an inset may be higher before its drawing is spread."""
EMPTY = 36.0
"""Px that it may be higher than its drawing, spread as far as it goes."""


@dataclass(frozen=True, slots=True)
class SizedInset:
    """An inset that has its width."""

    inset: Inset
    width: float

    @property
    def height(self) -> float:
        """Px that it needs."""
        return TITLE + self.inset.body.height + FOOT

    @property
    def most(self) -> float:
        """Px that it may be high without looking empty."""
        return self.height + spare(self.inset.body) + EMPTY

    def stretched(self, high: float) -> Picture:
        """The inset, so high."""
        return picture(self, high)


def sized_inset(
    use: Use,
    shown: Plan,
    wide: float,
    full: bool,
    *,
    together: bool = False,
    split: bool = False,
    only_indexer: bool = False,
    pictured: bool = False,
) -> SizedInset:
    """The inset of a mechanism at a width; an indexer's may be parted from that of its attention."""
    variants = sorted(use.variants, key=lambda variant: variant.layers[:1])
    held_by = sorted(layer for variant in variants for layer in variant.layers)
    drawn = internals.Use(
        paths=tuple(variant.path for variant in variants),
        variants=tuple((variant.block, variant.count) for variant in variants),
        width=wide,
        where=where(held_by, shown.depth),
        full=full,
        alone=not together and not any(u.variants[0].block.is_mlp for u in shown.uses),
        split=split,
        pictured=pictured,
        listed=not full and _listed(use, shown),
        naming=shown.naming,
        divisor=divisor(shown) if full else DIVISOR,
    )
    made = internals.inset(drawn, only_indexer=only_indexer)
    if full:  # wide wires leave wide gaps where there is only one
        made = replace(made, body=tightened(made.body))
    return SizedInset(made, wide)


def _listed(use: Use, shown: Plan) -> bool:
    """Whether the frame of one layer says its numbers beside its block, which stands there alone."""
    first = next(iter(layers_of(shown.root)), None)
    if first is None or len(use.variants) != 1:
        return False
    alone = (
        step
        for branch in first.branches
        for step in branch.steps
        if isinstance(step, Place) and len(step.choices) == 1 and not step.choices[0].others
    )
    return any(step.choices[0].path == use.variants[0].path for step in alone)


def indexed(use: Use) -> bool:
    """Whether its attention has an indexer, which may have an inset of its own."""
    return any(indexer_of(variant.block) is not None for variant in use.variants)


SLIM = (HYPER, GATED_STREAMS, *WEIGHED, ALTERNATING)
"""Connections whose drawing is small."""


def fits(use: Use, wide: float) -> bool:
    """Whether its drawing can be read in a column so wide, and fills it."""
    block = use.variants[0].block
    if block.is_mixture:  # one in full stands across, any other is small
        return 335 <= wide <= 400 or wide >= 1000
    if block.value("residual") in SLIM:
        return 335 <= wide <= 560
    if block.is_mlp:
        return 300 <= wide <= 560
    if block.keeps_heads and "gate" not in block.facts and "selected" not in block.facts:
        return wide >= 350
    if {"gate", "sinks"} <= block.facts.keys():  # two lanes more
        return wide >= 430
    return wide >= DRAWN[block.kind].drawing.readable


def where(layers: list[int], depth: int) -> str:
    """ "in all 48 layers", "in layers 1 to 3", "in 12 of 48 layers"."""
    if not layers:
        return "before the layers"
    layers = sorted({*layers})  # some have two such blocks
    count = len(layers)
    if count == depth:
        return f"in all {depth:,} layers" if depth > 1 else "in the one layer"
    if count == 1:
        return f"in layer {layers[0] + 1:,}"
    if layers[-1] - layers[0] + 1 == count:
        return f"in layers {layers[0] + 1:,} to {layers[-1] + 1:,}"
    return f"in {count:,} of {depth:,} layers"


def picture(sized: SizedInset, high: float) -> Picture:
    """The inset at its full height, its drawing in the middle of what the title leaves."""
    inset, wide = sized.inset, sized.width
    tone, sheet = inset.mechanism, Sheet()
    fill, (edge, line) = f"{tone}.tint", outline(tone, new=inset.new)
    ground = Box(0, 0, wide, high, radius=8, fill=fill, edge=edge, open=True, ground=True)
    ground.line = line
    sheet.put(ground)
    sheet.put(square(14, 14, f"{tone}.solid", 10))
    room = wide - 60 - TAG_WIDTH * inset.new
    forms = (titled(inset.title, beside, room, (14.0,))[0] for beside in (inset.beside, ""))
    whole, bare = forms
    notes = [_fitting(inset.note, room - 4 - width(form, 14, 600)) for form in (whole, bare)]
    if notes[1] and not notes[0]:  # where the layers are comes first
        whole = bare
    named = sheet.label(32, 24, whole, size=14, weight=600, role=f"{tone}.text")
    end = named.bounds.right
    if inset.new:
        end = tag(sheet, end + 9, 19).right
    if note := _fitting(inset.note, wide - 14 - end - 18):
        sheet.label(wide - 14, 23.5, note, size=12, anchor="end")
    more = high - sized.height - REST
    body = spread(inset.body, more) if more > 0 else inset.body
    sheet.hold(0, TITLE + (high - TITLE - FOOT - body.height) / 2, body)
    return sheet.picture(wide, high)


def _fitting(note: str, room: float) -> str:
    """The note, less its first phrases where it is too long: where the layers are is said last."""
    phrases = note.split(", ")
    while phrases and width(", ".join(phrases), 12) > room:
        phrases = phrases[1:]
    return ", ".join(phrases)
