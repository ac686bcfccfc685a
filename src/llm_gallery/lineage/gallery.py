"""The models of a catalog by design, with what each design has: what a config is set beside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from llm_gallery.analysis.concepts import concepts
from llm_gallery.comparison import Profile
from llm_gallery.comparison.block_facts import Plain, Value
from llm_gallery.comparison.fingerprint import design
from llm_gallery.mechanisms.facts import term

Key = tuple[str, str]
"""A fact by the kind of block ("" for the whole model) and its name."""


@dataclass(frozen=True)
class Gallery:
    """Models by design, each design's in the order in which they came."""

    designs: Mapping[str, tuple[Profile, ...]]  # by fingerprint

    @cached_property
    def concepts(self) -> Mapping[str, frozenset[str]]:
        """What any model of each design shows."""
        return {
            name: frozenset(c for model in models for c in concepts(model.architecture.root))
            for name, models in self.designs.items()
        }

    @cached_property
    def facts(self) -> Mapping[Key, Mapping[Plain, tuple[str, ...]]]:
        """Of each fact its values, and the designs that have each."""
        by_value: dict[Key, dict[Plain, dict[str, None]]] = {}
        for name, models in self.designs.items():
            for model in models:
                for key, value in facts(model):
                    by_value.setdefault(key, {}).setdefault(value, {})[name] = None
        return {
            key: {value: tuple(names) for value, names in of_key.items()}
            for key, of_key in by_value.items()
        }

    def without(self, name: str) -> Gallery:
        """All designs but one."""
        return Gallery({other: models for other, models in self.designs.items() if other != name})

    def counts(self) -> Counter[str]:
        """In how many designs each concept is."""
        return Counter(concept for having in self.concepts.values() for concept in having)


def gallery(models: Iterable[Profile]) -> Gallery:
    """The gallery of these models, given in the order in which they came."""
    by_design: dict[str, list[Profile]] = {}
    for model in models:
        by_design.setdefault(design(model), []).append(model)
    return Gallery({name: tuple(group) for name, group in by_design.items()})


def facts(profile: Profile) -> Iterator[tuple[Key, Plain]]:
    """Every fact of a model that a designer decided, of whole and parts; one value after another where layers differ."""
    rows: Sequence[tuple[str, Mapping[str, Value]]] = [
        ("", profile.traits),
        *((part.kind, part.facts) for part in profile.parts),
    ]
    for kind, values_of_row in rows:
        for name, value in values_of_row.items():
            values = value if isinstance(value, tuple) else (value,)
            for plain in values:
                number = isinstance(plain, int | float) and not isinstance(plain, bool)
                if plain is not None and term(name, kind, number=number).level != "setting":
                    yield (kind, name), plain
