"""What leads a figure: the mechanism by which a model keeps and reads the past, with a picture and sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.figure.heading import Heading
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.shapes import Box, Picture, Point
from llm_gallery.figure.kit.signs import square
from llm_gallery.figure.kit.text import fitting
from llm_gallery.figure.page.insets import sized_inset, where
from llm_gallery.figure.page.pictures import Panel, panels, passes
from llm_gallery.figure.page.prose import prose
from llm_gallery.figure.plan.plan import Plan, Use, Variant
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attended import reached
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.ranks import RANKS, rank
from llm_gallery.mechanisms.wording import words_for

TWO = 640.0
"""Px from which pictures stand beside the wiring."""


@dataclass(frozen=True, slots=True)
class Hero:
    """The uses of one kind of mechanism that lead."""

    uses: tuple[Use, ...]
    new: frozenset[str] = frozenset()  # of its concepts those that the ancestor lacks
    passes: int = 1  # how often a token runs through the layers

    @property
    def concepts(self) -> frozenset[str]:
        """Those of its blocks, and that layers are run more than once."""
        found = {c for variant in self.variants for c in concepts_inside(variant.block)} - {""}
        return frozenset(found | {"looped-depth"} if self.passes > 1 else found)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its blocks."""
        return frozenset(variant.block.kind for variant in self.variants)

    @property
    def variants(self) -> list[Variant]:
        """Their blocks, in the order of the layers."""
        variants = (variant for use in self.uses for variant in use.variants)
        return sorted(variants, key=lambda variant: variant.layers)

    @property
    def layers(self) -> list[int]:
        """The layers that have it."""
        return sorted(layer for variant in self.variants for layer in variant.layers)

    @property
    def panels(self) -> list[Panel]:
        """Its pictures with their sentences."""
        return self.told()

    def told(self, saved: str = "") -> list[Panel]:
        """The same; what it saves is said with the last one, in place of a sentence."""
        if self.passes > 1:
            return [passes(len(self.layers), self.passes, self.colour)]
        most = mechanisms.MOST_TOLD - bool(saved)
        *shown, last = panels(self.variants, self.new, most)
        return [*shown, last._replace(words=f"{last.words} {saved}".strip())]

    @property
    def wiring(self) -> Use:
        """The use whose inside is drawn."""
        return max(self.uses, key=_weight)

    @property
    def colour(self) -> Colour:
        """That of most layers."""
        return colour_of(max(self.variants, key=lambda variant: variant.count).block)

    @property
    def title(self) -> str:
        """What it is called, its variants together."""
        if self.passes > 1:
            often = "twice" if self.passes == 2 else f"{self.passes:,} times"
            return f"The same {len(self.layers):,} layers, {often} over"
        blocks = [variant.block for variant in self.variants]
        names = mechanisms.names(blocks[0])
        if isinstance(residual := blocks[0].value("residual"), str):
            return _STREAMS.get(residual, "Residual stream")
        if len(set(map(mechanisms.title, blocks))) == 1:
            return words_for(names.full, blocks[0])
        far = (reached(block).removesuffix(" shared") for block in blocks)
        if len(reaches := dict.fromkeys(far)) == 2:
            return f"{' and '.join(sorted(reaches, reverse=True)).capitalize()} attention"
        if isinstance(names.compared, str):
            return names.compared.capitalize()
        return words_for(names.full, max(self.variants, key=lambda variant: variant.count).block)


UNKNOWN = Heading(name="")
"""That of a model of which nothing is known but how it is built."""
_STREAMS = {
    "hyper-connections": "Hyper-connections",
    "gated streams": "Gated streams",
    "attention over depth": "Attention residuals",
    "learned scales": "Scaled residual stream",
}


def leading(plan: Plan, heading: Heading = UNKNOWN) -> tuple[Hero, ...]:
    """What leads, the first above all: mechanisms, by what they have that the ancestor lacks, the most telling first.

    Where nothing new tells, it is what keeps the past, and not by plain attention where there is another way;
    of several, what most layers have. The one that an entry names stands before all. Raises Refusal where
    the model has none of that name.
    """
    kinds: dict[str, list[Use]] = {}
    for use in plan.uses:
        kinds.setdefault(use.variants[0].block.kind, []).append(use)
    heroes = [Hero(tuple(alike)) for alike in kinds.values()]
    if plan.wiring is not None:
        heroes.append(Hero((plan.wiring,)))
    if plan.stream.passes > 1:
        looped = max(heroes, key=lambda hero: (hero.uses[0].token, len(hero.layers)))
        heroes[heroes.index(looped)] = replace(looped, passes=plan.stream.passes)
    if heading.inherited is not None:
        heroes = [replace(hero, new=hero.concepts - heading.inherited) for hero in heroes]
    heroes.sort(key=lambda hero: _order(hero, heading))
    return tuple(_named(heroes, heading))


def _order(hero: Hero, heading: Heading) -> tuple[int, int, int]:
    """Where a mechanism stands: by what is new in it, else by its kind, then by its layers."""
    block = hero.variants[0].block
    new = len(RANKS) if heading.inherited is None else rank(hero.new)
    if block.mixes and block.on_tokens:
        kind = int(block.kind == "attention")
    else:
        kind = 2 if block.is_mixture else 3
    return new, kind, -len(hero.layers)


def _named(heroes: Sequence[Hero], heading: Heading) -> Sequence[Hero]:
    """With the one first that an entry names, by its kind or by a concept."""
    if not heading.hero:
        return heroes
    chosen = [hero for hero in heroes if heading.hero in {*hero.concepts, *hero.kinds}]
    if not chosen:
        known = ", ".join(
            sorted({name for hero in heroes for name in {*hero.concepts, *hero.kinds}})
        )
        raise Refusal(
            f"{heading.line}: hero is {quoted(heading.hero)}, which the model has not, expected one of "
            f"{known}; correct the entry"
        )
    return [*chosen, *(hero for hero in heroes if hero not in chosen)]


def concepts_inside(block: Block) -> Iterator[str]:
    """The concepts of a mechanism and of its parts; of a stream's connection, that of its kind."""
    residual = block.value("residual")
    if isinstance(residual, str):
        yield RESIDUAL.get(residual, "")
    for _, part in walk(block):
        yield from mechanisms.concepts_of(part)


RESIDUAL = {
    "hyper-connections": "hyper-connections",
    "gated streams": "gated-residual-streams",
    "attention over depth": "attention-residuals",
    "learned scales": "residual-scaling",
}


def picture(hero: Hero, plan: Plan, wide: float, *, full: bool = False, saved: str = "") -> Picture:
    """The inset of what leads: title, pictures with their sentences, and the wiring under or beside them.

    `saved` is a sentence on what it saves, which stands under the first picture.
    """
    colour, sheet = hero.colour, Sheet()
    y = _title(sheet, hero, plan, wide)
    shown, wiring = hero.told(saved), hero.wiring
    if apart(hero, wide):
        return _side_by_side(sheet, shown, y, wide, colour)
    if wide < TWO:
        low = _stacked(sheet, shown, y, wide)
        body = sized_inset(wiring, plan, wide, full).inset.body
        at, high = Point(0, low - 6), low - 6 + body.height + 14
    else:
        left = 0.46 * wide
        low = _stacked(sheet, shown, y + 4, left)
        body = sized_inset(wiring, plan, wide - left, full).inset.body
        high = max(low + 10, y + body.height + 14)
        at = Point(left, y + (high - y - 14 - body.height) / 2)
    shapes = (_ground(wide, high, colour), *sheet.shapes)
    return Picture(width=wide, height=high, shapes=shapes, inside=((at, body),))


def _ground(wide: float, high: float, colour: Colour) -> Box:
    """The tinted plate that it stands on."""
    fill, edge = f"{colour}.tint", f"{colour}.edge"
    return Box(0, 0, wide, high, fill=fill, edge=edge, radius=10, open=True, ground=True)


def apart(hero: Hero, wide: float) -> bool:
    """Whether its pictures stand side by side, and its wiring has an inset of its own."""
    return wide >= TWO and len(hero.panels) == 2


def _side_by_side(
    sheet: Sheet, shown: list[Panel], y: float, wide: float, colour: Colour
) -> Picture:
    """Two pictures with their sentences, a rule between them."""
    each, lows = wide / 2, []
    for index, panel in enumerate(shown):
        part = Sheet()
        lows.append(_stacked(part, [panel], y + 4, each))
        sheet.place(part, index * each, 0)
    low = max(lows)
    sheet.rule(Point(each, y + 8), Point(each, low - 12), role=f"{colour}.edge")
    ground = _ground(wide, low + 4, colour)
    return Picture(width=wide, height=low + 4, shapes=(ground, *sheet.shapes))


def _weight(use: Use) -> tuple[bool, int]:
    """Wiring that borrows nothing shows more; then that of most layers."""
    borrows = "shared_kv" in use.variants[0].block.facts
    return not borrows, sum(variant.count for variant in use.variants)


def _title(sheet: Sheet, hero: Hero, plan: Plan, wide: float) -> float:
    """Its name, and in which layers it is; gives back where the next thing may begin."""
    colour = hero.colour
    sheet.put(square(16, 15, f"{colour}.solid", 12, 2))
    size = fitting(hero.title, wide - 60, (18.0, 17.0, 16.0, 15.0), 600)
    named = sheet.label(38, 27, hero.title, size=size, weight=600, role=f"{colour}.text")
    place = where(hero.layers, plan.depth) if hero.layers else "before the layers"
    if named.bounds.right + 8.0 * len(place) < wide:
        sheet.label(wide - 16, 26, place, size=13, anchor="end")
        return 42.0
    sheet.label(38, 46, place, size=13)
    return 60.0


def _stacked(sheet: Sheet, shown: Iterable[Panel], y: float, wide: float) -> float:
    """Each picture with its sentences under it."""
    for panel in shown:
        y = panel.draw(sheet, wide, y) + 20
        y = prose(sheet, 16, y, wide - 32, panel.words, 15) + 4
    return y
