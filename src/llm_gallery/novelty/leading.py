"""What leads a figure: the mechanism, the wiring or the order of parts that the model has and its ancestor lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block, main_stack, walk
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.concepts import RANKS, concepts, rank, telling
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.attended import reach_word
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wording import Name, capital, words_for
from llm_gallery.novelty.arrangements import Idea, ideas
from llm_gallery.novelty.topic import is_quality, topic
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.place import Variant
from llm_gallery.plan.plan import Plan, Use


@dataclass(frozen=True)
class Hero:
    """The uses of one kind of mechanism that lead, or what is new in how layers are put together."""

    uses: tuple[Use, ...]
    idea: Idea | None = None
    new: frozenset[str] = frozenset()  # of its concepts those that the ancestor lacks
    chosen: str = ""  # the concept that an entry names

    @property
    def is_new(self) -> bool:
        """Whether what it is told for is new."""
        return self.topic in self.new

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its blocks."""
        return frozenset(variant.block.kind for variant in self.variants)

    @cached_property
    def variants(self) -> list[Variant]:
        """Their blocks, in the order of the layers."""
        variants = (variant for use in self.uses for variant in use.variants)
        return sorted(variants, key=lambda variant: variant.layers)

    @cached_property
    def topic(self) -> str:
        """The concept that title, picture, first sentence and saving are about; "" where none tells."""
        if self.idea is not None:
            return self.idea.concept
        return self.chosen or topic(self.variants, self.new)

    @property
    def named(self) -> list[Block]:
        """The blocks whose name it has: none of an order of parts, or of a quality."""
        if self.idea is not None or self._called != self._blocks_called:
            return []
        return [variant.block for variant in self.variants]

    @property
    def layers(self) -> list[int]:
        """The layers that have it; of a title that is a concept's, those that show that concept."""
        if self.idea is not None:
            return list(self.idea.layers)
        shown = [v for v in self.variants if self._called[1] in concepts_inside(v.block)]
        return sorted(layer for variant in shown or self.variants for layer in variant.layers)

    @property
    def concepts(self) -> frozenset[str]:
        """Every concept that it shows."""
        if self.idea is not None:
            return frozenset((self.idea.concept,))
        return frozenset(c for v in self.variants for c in concepts_inside(v.block) if c)

    @property
    def wiring(self) -> Use | None:
        """The use whose inside is drawn."""
        return max(self.uses, key=_weight, default=None)

    @property
    def colour(self) -> Colour:
        """That of most layers."""
        if self.idea is not None:
            return self.idea.colour
        return colour_of(max(self.variants, key=lambda variant: variant.count).block)

    @property
    def title(self) -> Name:
        """What it is called, its variants together."""
        return self._called[0]

    @property
    def mechanism(self) -> Name:
        """What its blocks are called, whatever of them leads."""
        return self._blocks_called[0]

    @cached_property
    def _called(self) -> tuple[Name, str]:
        """What it is called, and the concept that this is the name of; "" where it is of none."""
        if self.idea is not None:
            return Name(self.idea.title), self.idea.concept
        called = self._blocks_called
        if self.topic == called[1] or not is_quality(self.topic, self.variants):
            return called
        known = concepts()[self.topic]
        return Name(known.new.title or known.name), self.topic

    @cached_property
    def _blocks_called(self) -> tuple[Name, str]:
        blocks = [variant.block for variant in self.variants]
        names = mechanisms.names(blocks[0])
        most = max(self.variants, key=lambda variant: variant.count).block
        if len(set(map(mechanisms.title, blocks))) == 1:
            most = blocks[0]
        elif len(reaches := dict.fromkeys(map(reach_word, blocks))) == 2:
            words = f"{' and '.join(sorted(reaches, reverse=True))} attention"
            return Name(capital(words), words), ""
        elif isinstance(names.compared, str):
            return Name(capital(names.compared), names.compared), words_for(names.concept, most)
        return mechanisms.full(most), words_for(names.concept, most)


def _weight(use: Use) -> tuple[bool, int]:
    """Wiring that borrows nothing shows more; then that of most layers."""
    borrows = "shared_kv" in use.variants[0].block.facts
    return not borrows, sum(variant.count for variant in use.variants)


def leading(plan: Plan, heading: Heading) -> tuple[Hero, ...]:
    """What leads, the first above all: what is new beside the ancestor, the most telling first.

    Where nothing new tells, it is what keeps the past, and not by plain attention where there is another way;
    of several, what most layers have. A hybrid leads before a mixture of experts, even where only that is new,
    and a mixture before plain attention, even where heads share keys in a new way.
    The one that an entry names stands before all. Raises Refusal where the model has none of that name.
    """
    found = [*_candidates(plan, heading)]
    model = _Model(
        bool(of_states(plan.root)), any(v.block.is_mixture for hero in found for v in hero.variants)
    )
    ordered = sorted(found, key=lambda hero: _order(hero, heading, model))
    return tuple(_named(ordered, heading))


def heroes(plan: Plan, heading: Heading) -> tuple[Hero | None, Hero | None]:
    """What leads, and what is drawn as a picture beside it: the next that is new, if there is one.

    Where no ancestor is known, a layer that is put together as few are stands for what is new.
    """
    leads = leading(plan, heading)
    unknown = heading.inherited is None
    second = next(
        (
            hero
            for hero in leads[1:]
            if _newness(hero, heading) < len(RANKS) or (unknown and hero.idea is not None)
        ),
        None,
    )
    return (leads[0] if leads else None), second


def _candidates(plan: Plan, heading: Heading) -> Iterator[Hero]:
    known = heading.inherited
    kinds: dict[str, list[Use]] = {}
    for use in plan.uses:
        kinds.setdefault(use.variants[0].block.kind, []).append(use)
    by_kind = [Hero(tuple(alike)) for alike in kinds.values()]
    if plan.wiring is not None:
        by_kind.append(Hero((plan.wiring,)))
    for hero in by_kind:
        yield hero if known is None else replace(hero, new=_new(hero, plan.root, known))
    for idea in ideas(plan):
        if known is None:
            yield Hero((), idea)
        elif idea.concept not in known:
            yield Hero((), idea, frozenset((idea.concept,)))


def _new(hero: Hero, root: Block, known: frozenset[str]) -> frozenset[str]:
    """Of its concepts those that the ancestor lacks; that attention stands beside states is said of the states."""
    recurs = any(variant.block.recurs for variant in hero.variants)
    return (hero.concepts | (of_states(root) if recurs else frozenset())) - known


def of_states(root: Block) -> frozenset[str]:
    """Concepts of its stack that are told of the model's states."""
    known, stack = concepts(), main_stack(root)
    shown = () if stack is None else mechanisms.concepts_of(stack)
    return frozenset(name for name in shown if name in known and known[name].new.of_states)


def _newness(hero: Hero, heading: Heading) -> int:
    return len(RANKS) if heading.inherited is None else rank(hero.new)


Order = tuple[int, int, int, int]
LAST = 99
"""The place of a concept whose home states none: a hybrid stands behind these, and before a mixture as such."""


class _Model(NamedTuple):
    """Whether it has states beside attention, and whether it has a mixture."""

    hybrid: bool
    mixture: bool


def _order(hero: Hero, heading: Heading, model: _Model) -> Order:
    """Where a mechanism stands: by what is new in it, else by its kind, then by its layers."""
    new, few = _newness(hero, heading), -len(hero.layers)
    place = telling(hero.topic)[1] if new < len(RANKS) else 0
    if hero.idea is not None:
        return new, place, 5 if heading.inherited is None else -1, few
    block = hero.variants[0].block
    known = concepts().get(hero.topic)
    sharing = known is not None and known.group == "attention"
    plain = all(v.block.attends and colour_of(v.block) == "full" for v in hero.variants)
    if heading.inherited is not None and model.hybrid and block.recurs and new == len(RANKS):
        return RANKS.index("routing"), LAST, 0, few
    if sharing and (model.hybrid or (plain and model.mixture)):
        new, place = len(RANKS), 0
    if block.mixes and block.on_tokens:
        kind = 3 if plain else int(block.keeps_heads)
    else:
        kind = 2 if block.is_mixture else 4
    return new, place, kind, few


def _named(heroes: list[Hero], heading: Heading) -> list[Hero]:
    """With the one first that an entry names, by its kind or by a concept."""
    if not heading.hero:
        return heroes
    chosen = [hero for hero in heroes if heading.hero in {*hero.concepts, *hero.kinds}]
    if not chosen:
        known = ", ".join(
            sorted({name for hero in heroes for name in {*hero.concepts, *hero.kinds}})
        )
        raise Refusal(
            f"{heading.line}: hero is {quoted(heading.hero)}, which the model lacks, expected one of "
            f"{known}; correct the entry"
        )
    named = [
        replace(hero, chosen=heading.hero) if heading.hero in hero.concepts else hero
        for hero in chosen
    ]
    return [*named, *(hero for hero in heroes if hero not in chosen)]


def concepts_inside(block: Block) -> Iterator[str]:
    """The concepts of a mechanism and of its parts."""
    for _, part in walk(block):
        yield from mechanisms.concepts_of(part)
