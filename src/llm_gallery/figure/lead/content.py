"""What a page is made of, whatever its width: the model, what leads, what stands second, and the layers as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.once import once_a_tree_and
from llm_gallery.concepts import RANKS, rank
from llm_gallery.figure import pictures
from llm_gallery.figure.frame import layer_frame
from llm_gallery.figure.kit.shapes import Picture
from llm_gallery.figure.lead.hero_plate import Told
from llm_gallery.figure.strip import shared_tracks
from llm_gallery.mechanisms.colour import PLAIN
from llm_gallery.novelty import replaced as novelty
from llm_gallery.novelty import saving as kept
from llm_gallery.novelty.leading import Hero, heroes, leading, of_states
from llm_gallery.novelty.topic import known_by
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.plan import Fork, OneLayer, Plan, Use
from llm_gallery.plan.planning import plan as planned


@dataclass(frozen=True, slots=True)
class Content:
    """The parts of a page."""

    architecture: Architecture
    plan: Plan
    full: bool
    leads: Told | None
    second: Told | None
    layers: tuple[OneLayer, ...]
    shares: bool
    """Whether what layers take over from one another is what leads."""
    news: tuple[Hero, ...] = ()
    """What is outlined: what is new of that which leads or stands second, and all that has no bright colour."""

    @property
    def root(self) -> Block:
        """The model."""
        return self.architecture.root

    @property
    def new(self) -> frozenset[str]:
        """The paths of the blocks that are new beside the ancestor."""
        return frozenset(v.path for hero in self.news for v in hero.variants)

    def is_new(self, use: Use) -> bool:
        """Whether an inset shows something new."""
        return any(use is own for hero in self.news for own in hero.uses)

    @property
    def says_widths(self) -> bool:
        """Whether the frame's blocks say how wide plain MLPs are: blocks side by side have no room for it."""
        steps = (
            step for layer in self.layers for branch in layer.branches for step in branch.steps
        )
        return not any(isinstance(step, Fork) for step in steps)

    @property
    def openable(self) -> bool:
        """Whether the frame may show the inside of a plain MLP, and that isn't what leads."""
        leads = () if self.leads is None else self.leads.hero.uses
        leads_as_mlp = any(use.variants[0].block.is_mlp for use in leads)
        return not leads_as_mlp and any(map(layer_frame.openable, self.layers))

    def frame(
        self, layers: OneLayer, wide: float, more: float = 0.0, *, opened: bool = False
    ) -> Picture:
        """The frame of some layers."""
        return layer_frame.picture(
            layers, self.plan, wide, more, opened=opened, full=self.full, new=self.new,
            pictured=self._pictured,
        )  # fmt: skip

    @property
    def _pictured(self) -> frozenset[str]:
        """The facts that the picture of what leads says in words."""
        hero = None if self.leads is None else self.leads.hero
        if hero is None or self.full or hero.idea is not None:
            return frozenset()
        return pictures.in_words(hero.variants, hero.topic)


def content(
    architecture: Architecture, heading: Heading, plan: Plan, *, full: bool = False, split: bool
) -> Content:
    """The parts of a model's page; with `split` indexers have insets of their own."""

    first, second, saved, news = _leading(architecture.root, heading)

    def as_told(hero: Hero | None, saved: kept.Saving | None = None) -> Told | None:
        if hero is None:
            return None
        return Told(hero, plan, novelty.note(hero, heading), saved, full, split)

    leads, then = as_told(first, saved), as_told(second)
    stacked = layers_of(architecture.root) or (OneLayer((), ()),)  # of no layers, the stream alone
    sharing = first is not None and rank(first.new) == RANKS.index("sharing")
    shares = sharing and bool(shared_tracks.tracks(architecture))
    told = (one.hero for one in (leads, then) if one is not None and one.is_new)
    news = (*news, *(hero for hero in told if hero not in news))
    return Content(architecture, plan, full, leads, then, stacked, shares, news)


class _Leading(NamedTuple):
    """What leads at every width, what stands second, what the first saves, and what is outlined as new."""

    first: Hero | None
    second: Hero | None
    saved: kept.Saving | None
    news: tuple[Hero, ...]


@once_a_tree_and
def _leading(root: Block, heading: Heading) -> _Leading:
    first, second = heroes(planned(root), heading)
    news = tuple(
        hero
        for hero in leading(planned(root), heading)
        if hero.is_new and (hero in (first, second) or hero.colour in PLAIN)
    )
    return _Leading(first, second, None if first is None else _saved(root, first), news)


def _saved(root: Block, hero: Hero) -> kept.Saving | None:
    """What it saves, counted on the model itself, with and without it: never beside another model, nor by another idea.

    What layers take over from one another saves nothing by itself where only a choice is taken over: then it is
    what the mechanism saves. It is counted at the end of the context: what a token keeps stands in the head.
    """
    if hero.idea is not None:
        return kept.of_weights(root, hero.topic)
    recurs = any(variant.block.recurs for variant in hero.variants)
    saved = kept.saving(
        root, {hero.topic} | (of_states(root) if recurs else frozenset()), at_end=True
    )
    shared = rank((hero.topic,)) == RANKS.index("sharing")
    if saved is None and shared:
        saved = kept.saving(root, {known_by(hero.variants)}, at_end=True)
    return kept.of_compute(root, hero.topic) if saved is None else saved
