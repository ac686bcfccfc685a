"""A model as the comparison sees it: its parts by role with plain facts, and the traits of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal, Protocol, TypeVar

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import Architecture, Block, layers, mixing
from llm_gallery.architecture.repeats import fold
from llm_gallery.comparison.block_facts import Value, facts, merged
from llm_gallery.comparison.model_traits import traits
from llm_gallery.mechanisms import compared_as

Made = TypeVar("Made")
Role = Literal["model", "token_mixer", "channel_mixer"]
LENGTHS = (LENGTH := 32_768, 131_072, 1_048_576)
"""Tokens at which compute is compared; tables have the first."""


class Described(Protocol):
    """What can be compared: the catalog's models are such, and `Subject`."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def architecture(self) -> Architecture: ...
    @property
    def listed(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A model that no catalog holds."""

    id: str
    name: str
    architecture: Architecture
    listed: bool = False


At = Literal["all", "first", "last", "repeating", "some"]
"""How layers lie in a stack: all, from the first on, to the last one, so many of each unit, or otherwise."""


@dataclass(frozen=True, slots=True)
class Place:
    """In which layers a part stands: the first ones, the last ones, some in each repeating unit, or so many."""

    count: int
    of: int
    at: At
    words: str  # "all", "first 3", "1 in 6" where that is so of every six layers, "10 of 62"
    pattern: str  # as `words`, but "1 in 6" of 62 layers too: two models of one schedule share it
    unit: tuple[int, int] = (0, 0)  # how many of how many layers repeat

    @property
    def everywhere(self) -> bool:
        """Whether all layers have it."""
        return self.at == "all"

    @property
    def leads(self) -> bool:
        """Whether it is the first layers, and others follow."""
        return self.at == "first"


@dataclass(frozen=True, kw_only=True)
class Part:
    """Layers' parts that differ in numbers at most: one mechanism, one reach, with positions or without."""

    role: Role
    kind: str
    reach: str  # "", "window" or "chunk"
    rotated: bool  # knows positions
    label: str
    place: Place
    facts: Mapping[str, Value]
    block: Block  # the commonest such
    layers: tuple[int, ...]
    each: int  # mixers of it in each of them
    stating: Mapping[str, tuple[int, ...]]  # a fact that not all its mixers have: layers with one
    _made: dict[object, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<Part: {self.label}, {self.place.words}>"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells the parts of one model apart."""
        return (self.role, self.kind, self.reach, "" if self.rotated else "no positions")

    def once(self, of: Callable[[Part], Made]) -> Made:
        """What follows from it alone, made once: its model is compared with all others."""
        if of not in self._made:
            self._made[of] = of(self)
        answer: Made = self._made[of]
        return answer

    def having(self, name: str) -> tuple[int, ...]:
        """The layers that have a fact."""
        return self.stating.get(name, self.layers if name in self.facts else ())

    def holds(self, block: Block) -> bool:
        """Whether it is such a block."""
        return _key(block) == (self.role, self.kind, self.reach, self.rotated)


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Everything that two models are compared by; made once a model."""

    id: str
    name: str
    architecture: Architecture
    listed: bool  # in a catalog, which may know what the config doesn't say
    traits: Mapping[str, Value]
    parts: tuple[Part, ...]

    def __repr__(self) -> str:
        return f"<Profile of {self.name}>"

    def of_role(self, role: Role) -> tuple[Part, ...]:
        """Its parts of one role."""
        return self._by_role.get(role, ())

    @cached_property
    def _by_role(self) -> Mapping[Role, tuple[Part, ...]]:
        roles = dict.fromkeys(part.role for part in self.parts)
        return {role: tuple(part for part in self.parts if part.role == role) for role in roles}

    @cached_property
    def kinds(self) -> Mapping[Role, frozenset[str]]:
        """The mechanisms of each role."""
        return {
            role: frozenset(part.kind for part in parts) for role, parts in self._by_role.items()
        }

    @cached_property
    def recurrent_rate(self) -> str:
        """At which rate recurrent mixers stand among others, at any depth: "3 in 4"; "" where all or none are."""
        mixers = self.of_role("token_mixer")
        recurrent = sorted({i for part in mixers if part.block.recurs for i in part.layers})
        attending = {i for part in mixers if not part.block.recurs for i in part.layers}
        if not recurrent or not attending - {*recurrent}:
            return ""
        return place(recurrent, int(str(self.traits["layers"]))).pattern

    @property
    def configured_context(self) -> Value:
        """The longest context by the config, whatever is published."""
        root = self.architecture.root
        return root.value("configured_context", root.value("context"))

    @property
    def publishes_context(self) -> bool:
        """Whether its context is the one that its authors publish."""
        return self._states_context("published")

    @property
    def assumes_context(self) -> bool:
        """Whether its context is only the default of its class, which says nothing of the model."""
        return self._states_context("assumed")

    def _states_context(self, evidence: str) -> bool:
        context = self.architecture.root.facts.get("context")
        return context is not None and context.evidence == evidence

    @cached_property
    def counts(self) -> Parameters:
        """Its parameters."""
        return parameters(self.architecture.root)

    @property
    def sparse(self) -> bool:
        """Whether one token leaves a good part of the parameters unread."""
        return self.counts.sparse

    @cached_property
    def layer_mixers(self) -> tuple[str, ...]:
        """What each layer mixes by, as text that is the same where the mechanisms are."""
        layers: list[list[str]] = [[] for _ in range(int(str(self.traits["layers"])))]
        for part in self.parts:
            for index in part.layers:
                layers[index].append(" ".join(part.key))
        return tuple(", ".join(sorted(keys)) for keys in layers)

    @cached_property
    def consequences(self) -> Mapping[str, int]:
        """Counts and bytes that follow from the rest."""
        root = self.architecture.root
        memory = cache(root)
        return {
            "total": self.counts.total,
            "active": self.counts.active,
            "cache_bytes_per_token": memory.bytes_per_token,
            "cache_bytes_per_token_long": memory.bytes_per_token_long,
            "state_bytes": memory.state_bytes,
            "flops_per_token": self.compute[LENGTH],
        }

    @cached_property
    def compute(self) -> Mapping[int, int]:
        """Operations for one token, by how many tokens there are."""
        return {length: flops_per_token(self.architecture.root, length) for length in LENGTHS}


def profile(model: Described) -> Profile:
    """The profile of a described model."""
    root = model.architecture.root
    stacked = layers(root)
    seen: dict[int, tuple[Block, ...]] = {}
    rows = [seen.setdefault(id(layer), tuple(mixing(layer))) for layer in stacked]
    return Profile(
        id=model.id,
        name=model.name,
        architecture=model.architecture,
        listed=model.listed,
        traits=traits(model.architecture, stacked),
        parts=tuple(_parts(rows)),
    )


def _parts(rows: Sequence[tuple[Block, ...]]) -> Iterator[Part]:
    variants: dict[tuple[str, str, str, bool], dict[int, tuple[Block, list[int]]]] = {}
    for index, row in enumerate(rows):
        for block in row:
            variant = variants.setdefault(_key(block), {})
            variant.setdefault(id(block), (block, []))[1].append(index)
    for (role, kind, reach, rotated), variant in variants.items():
        blocks = [block for block, _ in variant.values()]
        places = tuple(
            sorted({index for _, facts_of_block in variant.values() for index in facts_of_block})
        )
        of_blocks = [facts(block) for block in blocks]
        yield Part(
            role="token_mixer" if role == "token_mixer" else "channel_mixer",
            kind=kind,
            reach=reach,
            rotated=rotated,
            label=min(map(compared_as, blocks), key=len),  # the shortest holds for all of them
            place=place(places, len(rows)),
            facts=merged(of_blocks),
            block=max(variant.values(), key=lambda blocks: len(blocks[1]))[0],
            layers=places,
            each=sum(len(facts_of_block) for _, facts_of_block in variant.values()) // len(places),
            stating=_partial(
                [
                    (facts_of_block, at)
                    for facts_of_block, (_, at) in zip(of_blocks, variant.values(), strict=True)
                ]
            ),
        )


def _partial(
    variants: Sequence[tuple[Mapping[str, Value], Sequence[int]]],
) -> dict[str, tuple[int, ...]]:
    """The layers of each fact that some of them lack."""
    some = {
        name
        for facts, _ in variants
        for name in facts
        if not all(name in fact for fact, _ in variants)
    }
    return {
        name: tuple(sorted({index for facts, at in variants if name in facts for index in at}))
        for name in some
    }


def _key(block: Block) -> tuple[str, str, str, bool]:
    reach = "window" if "window" in block.facts else "chunk" if "chunk" in block.facts else ""
    role = "token_mixer" if block.mixes_tokens else "channel_mixer"
    return (role, block.kind, reach, block.value("position") != "none")


LONGEST_UNIT = 10
"""Layers of a unit that a reader can count; of a longer one the count of all layers says more."""


def place(indices: Sequence[int], count: int) -> Place:
    """Where layers stand in a stack of `count`: words are exact, whatever the pattern leaves over at an end."""
    return _place(tuple(indices), count)


@lru_cache(2**10)
def _place(indices: tuple[int, ...], count: int) -> Place:
    here = len(indices)
    if here == count:
        return _plain(here, count, "all", "all")
    if indices[-1] == here - 1:
        return _plain(here, count, "first", f"first {here}")
    if indices[0] == count - here:
        return _plain(here, count, "last", f"all but the first {indices[0]}")
    chosen, words = set(indices), f"{here} of {count}"
    run = max(fold([int(i in chosen) for i in range(count)]), key=lambda run: run.layers)
    unit = len(run.unit)
    if run.times == 1 or run.layers + unit <= count:
        return _plain(here, count, "some", words)
    pattern = f"{sum(run.unit)} in {unit}"
    if run.layers == count and unit <= LONGEST_UNIT:
        return Place(here, count, "repeating", pattern, pattern, (sum(run.unit), unit))
    return Place(here, count, "some", words, pattern)


def _plain(here: int, count: int, at: At, words: str) -> Place:
    return Place(here, count, at, words, words)
