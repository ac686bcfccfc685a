"""A model with everything that pages show of it, computed once; and the facets by which it is found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from llm_gallery.analysis.concepts import norm_placement
from llm_gallery.analysis.layers import LayerKind, kinds, pattern
from llm_gallery.analysis.memory import Cache, cache
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import Architecture, Block, channel_mixer, mixer, walk
from llm_gallery.catalog.entry import Entry
from llm_gallery.concepts import concepts
from llm_gallery.mechanisms import MIXING, colour_of, field_name, label
from llm_gallery.mechanisms.attended import position_concepts
from llm_gallery.mechanisms.colour import FAMILIES, Colour
from llm_gallery.mechanisms.wording import capital
from llm_gallery.plan.planning import plan
from llm_gallery.site.short_forms import slug
from llm_gallery.site.vocabulary import concept

MECHANISMS: Mapping[Colour, str] = {
    colour: family.name for colour, family in FAMILIES.items() if family.mixes
}
"""What the key row names, in its order: five that mix tokens, two that mix channels."""

_OF_MODEL = ("width", "vocabulary")
"""Facts of the whole that people search for with a number."""


@dataclass(frozen=True)
class Exhibit:
    """One catalog model, described."""

    entry: Entry
    architecture: Architecture
    concepts: tuple[str, ...]  # ids, those of the tree and those that the entry adds

    @property
    def root(self) -> Block:
        """The tree of blocks."""
        return self.architecture.root

    @cached_property
    def parameters(self) -> Parameters:
        """Exact counts, by part."""
        return parameters(self.root)

    @cached_property
    def cache(self) -> Cache:
        """What one sequence keeps, in bf16."""
        return cache(self.root)

    @cached_property
    def kinds(self) -> tuple[LayerKind, ...]:
        """Its kinds of layer, counted."""
        return kinds(self.root)

    @cached_property
    def pattern(self) -> str:
        """Its folded schedule."""
        return pattern(self.root)

    @property
    def layers(self) -> int:
        """Its depth."""
        return sum(kind.count for kind in self.kinds)

    @cached_property
    def context(self) -> int | None:
        """The longest context: the published one where a source states one, else the config's."""
        context = self.root.value("context")
        return context if isinstance(context, int) else None

    @cached_property
    def mixers(self) -> tuple[Block, ...]:
        """The token mixer of each kind of layer that has one."""
        return tuple(m for kind in self.kinds if (m := mixer(kind.layer)) is not None)

    @cached_property
    def mechanisms(self) -> tuple[Colour, ...]:
        """The mechanisms of its layers, in the order of the key."""
        channels = [c for kind in self.kinds if (c := channel_mixer(kind.layer)) is not None]
        colours = {colour_of(block) for block in (*self.mixers, *channels)}
        return tuple(m for m in MECHANISMS if m in colours)

    @cached_property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """Its values of each facet, as readers see them."""
        positions = {next(position_concepts(m)) for m in self.mixers if "position" in m.facts}
        norms = {place for kind in self.kinds if (place := norm_placement(kind.layer))}
        return {
            "kind": self._kind(),
            "org": (self.entry.organization,),
            "year": (str(self.entry.released.year),),
            "attention": _unique(label(m) for m in self.mixers),
            "position": tuple(concept(name).name for name in sorted(positions)),
            "norm": _unique(sorted(norms)),
            "concept": tuple(concept(name).name for name in self.concepts),
            "licence": (self.entry.licence.name,),
        }

    @cached_property
    def numbers(self) -> Mapping[str, tuple[int, ...]]:
        """What is searched for with a number, "256 experts": every value that its layers have."""
        values_of: dict[str, set[int]] = {"layers": {self.layers}}
        searched: list[tuple[Block, tuple[str, ...]]] = [(self.root, _OF_MODEL)]
        for kind in self.kinds:
            mixing = (b for _, b in walk(kind.layer) if b.kind in MIXING)
            searched += [(block, MIXING[block.kind].searched) for block in mixing]
        for block, names in searched:
            for name in names:
                value = block.value(name)
                if isinstance(value, int) and value > 0:
                    values_of.setdefault(name, set()).add(value)
        return {name: tuple(sorted(values)) for name, values in values_of.items()}

    @property
    def words(self) -> str:
        """What the search looks through."""
        names = f"{self.entry.name} {self.entry.organization} {self.entry.id}"
        texts = [
            *(names, re.sub(r"[-/]", " ", names), self.entry.repository),
            *re.findall(
                r"(?<=[a-z])[A-Z][a-z]{4,}", self.entry.name
            ),  # the Gemma in DiffusionGemma
            self.architecture.model_type,
            *(
                MECHANISMS[m] for m in self.mechanisms if m != "mlp"
            ),  # "dense" means the whole model
            *(v for name, values in self.facets.items() if name != "concept" for v in values),
            *self.concepts,  # by their ids, one word each: "dense" is no word of "dense-first-layers"
            *(str(name) for kind in self.kinds for name in (kind.mixer, kind.channels) if name),
            *map(field_name, plan(self.root).named),
        ]
        return " ".join(dict.fromkeys(" ".join(texts).lower().split()))

    def _kind(self) -> tuple[str, ...]:
        """Dense or with experts, and how tokens are mixed where that is not by attention alone."""
        channels = [channel_mixer(kind.layer) for kind in self.kinds]
        mixture = any(block is not None and block.is_mixture for block in channels)
        first = "Mixture of experts" if mixture else "Dense"
        recurs = [block.recurs for block in self.mixers]
        return (first, "Recurrent" if all(recurs) else "Hybrid") if any(recurs) else (first,)


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a facet, and how many models have it."""

    value: str
    name: str
    count: int
    also: tuple[str, ...] = ()  # what else it is called: searched, not shown


@dataclass(frozen=True, slots=True)
class Facet:
    """A question by which models are found, and its answers."""

    name: str  # as it stands in the address
    title: str
    options: tuple[Option, ...]


_TITLES = {
    "kind": "Kind",
    "org": "Organization",
    "year": "Released",
    "attention": "Token mixer",
    "position": "Position",
    "norm": "Norm placement",
    "concept": "Concept",
    "licence": "Licence",
}


def facets(exhibits: Sequence[Exhibit]) -> tuple[Facet, ...]:
    """All facets with their counts: most frequent first, years newest first."""
    return tuple(Facet(name, title, _options(exhibits, name)) for name, title in _TITLES.items())


def _options(exhibits: Sequence[Exhibit], facet: str) -> tuple[Option, ...]:
    counts: dict[str, int] = {}
    for exhibit in exhibits:
        for value in exhibit.facets[facet]:
            counts[value] = counts.get(value, 0) + 1
    if facet == "year":
        ordered = sorted(counts, reverse=True)
    else:
        ordered = sorted(counts, key=lambda value: (-counts[value], value.lower()))
    also = (
        {c.name: (*c.names, *c.aliases) for c in concepts().values()} if facet == "concept" else {}
    )
    return tuple(
        Option(slug(value), value, counts[value], tuple(filter(None, also.get(value, ()))))
        for value in ordered
    )


def _unique(values: Iterable[str]) -> tuple[str, ...]:
    """In order of first appearance, first letter large."""
    return tuple(dict.fromkeys(map(capital, values)))
