"""The recipe of a year: for each part of a model, what its designs chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from llm_gallery.architecture.block import Block, channel_mixers, distinct_layers, layers, mixers
from llm_gallery.concepts import RecipePart, concepts
from llm_gallery.lineage.designs import Design


def always(design: Design) -> bool:
    """Every design answers."""
    return True


def having(concept: str) -> Callable[[Design], bool]:
    """Designs that have a concept answer."""
    return lambda design: concept in design.concepts


def attending(design: Design) -> bool:
    """Those with attention answer."""
    return any(block.attends for layer in _layers(design) for block in mixers(layer))


def working(design: Design) -> bool:
    """Those with an MLP or experts answer."""
    return any(map(channel_mixers, _layers(design)))


def first_layer(design: Design) -> str:
    """What the first layer has of designs whose dense layers aren't all at the bottom."""
    first = layers(design.first.architecture.root)[0]
    mixture = any(block.is_mixture for block in channel_mixers(first))
    return "With experts as well" if mixture else "Without, and others further up"


def _layers(design: Design) -> tuple[Block, ...]:
    return tuple(distinct_layers(design.first.architecture.root))


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the recipe: what it is called to have chosen none of its concepts, and who is asked."""

    name: RecipePart
    otherwise: str | Callable[[Design], str]
    asked: Callable[[Design], bool] = always
    unasked: str = (
        ""  # what is said of designs for which the question doesn't arise; "" leaves them out
    )
    alone: bool = False  # only the first that holds; else all that do, together

    @property
    def among(self) -> Mapping[str, str]:
        """The concepts among which a design chooses, in their order, and what each is called here."""
        return _among()[self.name]


@cache
def _among() -> Mapping[RecipePart, Mapping[str, str]]:
    chosen = [(choice, concept) for concept in concepts().values() for choice in concept.recipe]
    chosen.sort(key=lambda choice: choice[0].place)
    return {
        part: {
            concept.id: choice.called or concept.name
            for choice, concept in chosen
            if choice.part == part
        }
        for part in get_args(RecipePart)
    }


_MIXTURE = having("mixture-of-experts")
RECIPE = (
    Part("Layers", "Every layer sees everything", attending, unasked="States alone", alone=True),
    Part("Heads", "Others", attending, alone=True),
    Part("Query and key", "Not normed", attending),
    Part("Behind the attention", "No gate", attending),
    Part("Positions", "None", attending),
    Part("Rotated", "The whole head", having("rope"), alone=True),
    Part("Norm of a branch", "Elsewhere or none", alone=True),
    Part("MLP", "Dense", working, unasked="None"),
    Part("Activation", "Another one", working, alone=True),
    Part("Router", "Another one", _MIXTURE, alone=True),
    Part("Balance", "Without a bias", _MIXTURE),
    Part("Expert for all", "None", _MIXTURE),
    Part("First layers", first_layer, _MIXTURE),
    Part("Residual", "One stream", alone=True),
    Part("Head", "Of its own"),
    Part("Modules that foresee more tokens", "None"),
)
"""In the order of a layer; what designs are asked by is asked of its first model's tree."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What designs chose for a part, and which, oldest first."""

    words: str
    designs: tuple[Design, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part with its choices, the most common first."""

    part: str
    choices: tuple[Choice, ...]

    @property
    def of(self) -> int:
        """Designs that had the choice."""
        return sum(len(choice.designs) for choice in self.choices)


def recipe(new: Sequence[Design]) -> tuple[Chosen, ...]:
    """Each part with its choices; without those that no design was asked for."""
    return tuple(filter(lambda chosen: chosen.choices, (_chosen(part, new) for part in RECIPE)))


def _chosen(part: Part, new: Sequence[Design]) -> Chosen:
    by_words: dict[str, list[Design]] = {}
    for design in new:
        if words := _words(part, design):
            by_words.setdefault(words, []).append(design)
    ranked = sorted(by_words.items(), key=lambda item: (-len(item[1]), item[0]))
    return Chosen(part.name, tuple(Choice(words, tuple(designs)) for words, designs in ranked))


def _words(part: Part, design: Design) -> str:
    if not part.asked(design):
        return part.unasked
    chosen = [words for concept, words in part.among.items() if concept in design.concepts]
    if chosen:
        return chosen[0] if part.alone else " and ".join(chosen)
    return part.otherwise if isinstance(part.otherwise, str) else part.otherwise(design)
