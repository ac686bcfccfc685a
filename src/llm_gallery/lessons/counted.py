"""A model's numbers under the names by which a lesson's text asks for them: `m.total`, `b.heads`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from llm_gallery.analysis import memory
from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.parameters import Parameters, parameters
from llm_gallery.architecture.block import (
    Block,
    distinct_layers,
    layers,
    mixers,
    model_parts,
    walk,
)
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.mechanisms import concepts_of


@dataclass(frozen=True)
class Facts:
    """The facts of a block by their names, and its settings; one that isn't there raises Refusal."""

    block: Block

    def __getattr__(self, name: str) -> Any:
        if name in self.block.settings:
            return self.block.settings[name]
        if name not in self.block.facts:
            known = ", ".join(sorted(self.block.facts))
            raise Refusal(f"{self.block.kind} has no fact {name!r}, expected one of {known}")
        return self.block.value(name)


@dataclass(frozen=True)
class Numbers:
    """What is counted of one tree."""

    name: str
    root: Block
    concept: str

    @cached_property
    def b(self) -> Facts:
        """The first block that shows the concept, else the first mixer."""
        return Facts(next(iter(self._showing)))

    @cached_property
    def having(self) -> int:
        """Layers in which the concept is shown."""
        return sum(
            any(self.concept in concepts_of(block) for _, block in walk(layer))
            for layer in layers(self.root)
        )

    @property
    def layers(self) -> int:
        """Depth."""
        return len(layers(self.root))

    def layers_with(self, kind: str) -> int:
        """Layers that hold a block of a kind: `m.layers_with("mamba2")`."""
        held = layers(self.root)
        return sum(any(block.kind == kind for _, block in walk(layer)) for layer in held)

    @property
    def width(self) -> int:
        """Channels of the stream."""
        return self.root.number("width")

    @property
    def vocabulary(self) -> int:
        """Tokens that it knows."""
        return self.root.number("vocabulary")

    @property
    def context(self) -> int:
        """Tokens that its config allows."""
        return self.root.number("context")

    @property
    def total(self) -> int:
        """Parameters stored."""
        return self.counts.total

    @property
    def active(self) -> int:
        """Parameters read for one token."""
        return self.counts.active

    @property
    def beside(self) -> int:
        """Parameters stored beside the language model: prediction modules, other modalities."""
        return self.counts.multi_token_prediction + self.counts.other_modalities

    @cached_property
    def counts(self) -> Parameters:
        """Parameters of every sort: `m.counts.embedding`."""
        return parameters(self.root)

    def stored(self, part: str) -> int:
        """Parameters of a part by its name in the fact sheet: `m.stored("Attention")`."""
        return self._part(part)[0]

    def run(self, part: str) -> int:
        """Of them, read for one token."""
        return self._part(part)[1]

    def _part(self, name: str) -> tuple[int, int]:
        found = {str(part.name): (part.stored, part.active) for part in self.counts.parts}
        if name not in found:
            raise Refusal(f"{self.name} has no part {name!r}, expected one of {', '.join(found)}")
        return found[name]

    @property
    def cache(self) -> int:
        """Bytes kept of one token, bf16, while windows fill."""
        return memory.cache(self.root).bytes_per_token

    @property
    def cache_long(self) -> int:
        """Bytes that one more token adds once windows are full."""
        return memory.cache(self.root).bytes_per_token_long

    @property
    def state(self) -> int:
        """Bytes that don't grow."""
        return memory.cache(self.root).state_bytes

    def kept(self, tokens: int) -> int:
        """Bytes kept of so many tokens, states included."""
        return memory.cache(self.root).at(tokens)

    def flops(self, position: int) -> int:
        """Operations for the token at a position."""
        return flops_per_token(self.root, position)

    @property
    def reads_whole(self) -> bool:
        """Whether each step reads all of the text anew, since every token sees those that come."""
        return reads_whole(self.root)

    def step(self, tokens: int) -> int:
        """Operations of a step that writes, where a text has so many tokens: of one of them, or of all where it is read whole."""
        return self.flops(tokens - 1) * (tokens if self.reads_whole else 1)

    def first(self, kind: str) -> Facts:
        """The first block of a kind, for facts beside the concept's own: `m.first("attention").heads`."""
        for block in self._blocks:
            if block.kind == kind:
                return Facts(block)
        kinds = ", ".join(sorted({block.kind for block in self._blocks}))
        raise Refusal(f"{self.name} has no {kind!r}, expected one of {kinds}")

    def values(self, fact: str) -> tuple[Any, ...]:
        """What its blocks state of a fact, each once, in the order of the layers: `m.values("rope_base")`."""
        stated = (block.value(fact) for block in self._blocks if fact in block.facts)
        return tuple(dict.fromkeys(stated))

    @cached_property
    def _blocks(self) -> tuple[Block, ...]:
        inside = (block for layer in distinct_layers(self.root) for _, block in walk(layer))
        return (*inside, *(part for _, part in model_parts(self.root)), self.root)

    @property
    def _showing(self) -> tuple[Block, ...]:
        found = tuple(block for block in self._blocks if self.concept in concepts_of(block))
        return found or mixers(distinct_layers(self.root)[0]) or self._blocks
