"""What a model's makers had before it: a design that they gave up, and one that had a concept already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from llm_gallery.architecture.block import Block, layers
from llm_gallery.comparison.phrases import listed
from llm_gallery.concepts import concepts, telling
from llm_gallery.explanation.prose import Named, Sentence, said
from llm_gallery.mechanisms.wording import small
from llm_gallery.novelty.leading import concepts_inside

_VERSION = re.compile(r"\W?[Vv]?(\d+(?:\.\d+)*)(?![\d.]*[BMTx])")
"""The version right behind a series' name: "4.1" of "Granite 4.1 30B"; "Llama 65B" has a size there."""
_PAST = ("state", "window", "choice", "compression")
"""Groups of concepts that spare full attention over the context, as latent attention spares its cache."""
_LATENT, _BORROWED, _EXPERTS = (
    "multi-head-latent-attention",
    "shared-kv-cache",
    "mixture-of-experts",
)


class Design(NamedTuple):
    """A model of a catalog by its makers, its series, its day, and the concepts that its tree shows."""

    id: str
    name: str
    makers: str
    series: str
    released: date
    concepts: frozenset[str]


@dataclass(frozen=True, slots=True)
class Makers:
    """The makers' earlier designs, as far as a model is explained by them."""

    previous: Design | None = None  # of the model's line
    gave_up: tuple[str, ...] = ()  # concepts of that which the model lacks, each with its layers
    full: bool = False  # whether full attention came in their place
    second: bool = False  # whether experts, which the previous design lacked, are told before that
    had: Mapping[str, Design] = field(default_factory=dict)  # by concept the latest that had it

    def given_up(self, attending: int, depth: int) -> Iterator[Sentence]:
        """What came in place of the previous design's way to spare the past."""
        if self.previous is None or not self.gave_up:
            return
        where = f"all {depth:,} layers" if attending == depth else f"{attending:,} attention layers"
        now = f"Full attention is back in {where}"
        if not self.full:
            now = "Every layer caches keys and values of its own again"
        name = self.previous.name
        words = f"{now}: {name}, its makers' previous design, had {listed(self.gave_up)}."
        yield said(words, models=[Named(name, self.previous.id)])


def called(concept: str) -> str:
    """A concept's name within a sentence: "lightning attention", "Mamba-2"."""
    described = concepts()[concept]
    used = "" if described.had is None else described.had.says
    return used.removeprefix("used ") if used.startswith("used ") else small(described.name)


def makers(
    own: Design, parent: str, others: Iterable[Design], tree: Callable[[str], Block]
) -> Makers:
    """The makers of a model; `parent` is the id of its ancestor, and `tree` gives a design's tree by its id."""
    earlier = [d for d in others if d.makers == own.makers and d.released < own.released]
    earlier.sort(key=lambda design: (design.released, design.id))
    had = {concept: design for design in earlier for concept in design.concepts}
    release = _previous(own, parent, earlier)
    if not release:
        return Makers(had=had)
    previous = release[-1]
    lost = frozenset.intersection(*(d.concepts for d in release)) - own.concepts
    spared = [concept for concept in lost if _spares(concept)]
    full = any(concept != _LATENT for concept in spared) and not any(map(_spares, own.concepts))
    gone = spared if full else [concept for concept in lost if concept == _BORROWED]
    root = tree(previous.id) if gone else None
    return Makers(
        previous,
        () if root is None else tuple(_with_layers(sorted(gone, key=telling), root)),
        full,
        _EXPERTS in own.concepts - previous.concepts,
        had,
    )


def _previous(own: Design, parent: str, earlier: Sequence[Design]) -> list[Design]:
    """The designs of the line's previous release: the ancestor, if they made it, unless a version came between."""
    line = [design for design in earlier if design.series == own.series]
    before = next((design for design in earlier if design.id == parent), None)
    if before is not None:
        between = [d for d in line if () < _version(before) < _version(d) < _version(own)]
        line = [d for d in between if d.released >= before.released] or [before]
    last = max((design.released for design in line), default=None)
    return [design for design in line if design.released == last]


def _version(design: Design) -> tuple[int, ...]:
    if not design.name.lower().startswith(design.series):
        return ()
    match = _VERSION.match(design.name[len(design.series) :])
    return tuple(map(int, match[1].split("."))) if match else ()


def _spares(concept: str) -> bool:
    """Whether it spares the work or the cache of full attention."""
    described = concepts().get(concept)
    return concept == _LATENT or (described is not None and described.group in _PAST)


def _with_layers(gone: Iterable[str], root: Block) -> Iterator[str]:
    """ "lightning attention in 70 of 80 layers"."""
    every = layers(root)
    for concept in gone:
        having = sum(concept in concepts_inside(layer) for layer in every)
        where = f"{having:,} of {len(every):,}" if having < len(every) else f"all {having:,}"
        yield f"{called(concept)} in {where} layers"
