"""From tokens to scores: a run is the printed program, executed on arrays in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from llm_gallery.architecture.block import Architecture, distinct, tensors
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.file import flat, printed, rotation_switch
from llm_gallery.mechanisms.forward._array import Array
from llm_gallery.running.past import Past


class Program:
    """A printed file, executed."""

    def __init__(self, architecture: Architecture, file: str) -> None:
        root = architecture.root
        self.names: dict[str, Any] = {"__name__": "printed", "ValueError": Refusal}
        exec(compile(file, "printed", "exec", dont_inherit=True), self.names)
        self.shapes = {tensor.name: tensor.shape for tensor in tensors(root)}
        self.flat = flat(root)
        self.whole = any("bidirectional" in block.facts for block in distinct(root))
        self.switch = rotation_switch(root)

    def run(
        self, weights: Mapping[str, Any], tokens: Sequence[int], past: Past | None
    ) -> tuple[Array, Past]:
        """The scores of every next token, and what is kept."""
        before = Past() if past is None else past
        if before.seen and self.whole:
            raise Refusal(
                f"{before.seen} tokens went before, and each sees those after it, so that nothing was kept of them; "
                "give the whole text"
            )
        text = () if self.switch is None else (*before.text, *map(int, tokens))
        if self.switch is not None and 0 < before.seen <= self.switch < len(text):
            scores, past = self.run(weights, text, None)
            return scores[before.seen :], past
        count = self.names["LAYERS"] * self.names.get("PASSES", 1)
        layers = [dict(layer) for layer in before.layers] or [{} for _ in range(count)]
        positions = before.seen + np.arange(len(tokens))
        ids = np.asarray(tokens, dtype=np.int64)
        scores = self.names["model"](Arrays(self, weights), ids, layers, positions)
        return np.asarray(scores), Past(before.seen + len(tokens), tuple(layers), text)

    def array(self, weights: Mapping[str, Any], name: str, row: int | None) -> Array:
        """An array by the name that the file has for it, or a row of a stack. Raises Refusal where there is none, or another."""
        stored = self.names["stored_as"](name) if "stored_as" in self.names else name
        if stored not in weights:
            raise Refusal(f"{stored} is missing in the weights; give every tensor of the model")
        array: Array = weights[stored]
        if array.shape != self.shapes[stored]:
            raise Refusal(
                f"{stored} is {array.shape}, expected {self.shapes[stored]}; check the weights"
            )
        if row is None:
            return array
        stack = array.reshape(self.flat, -1, array.shape[-1]) if self.flat else array
        return np.asanyarray(stack[row])


class Arrays:
    """A model's arrays below a path, as a printed file asks for them."""

    def __init__(
        self, program: Program, weights: Mapping[str, Any], path: str = "", row: int | None = None
    ) -> None:
        self.program, self.weights, self.path, self.row = program, weights, path, row

    def at(self, name: str, row: int | None = None) -> Arrays:
        """Those whose names begin with this one; of a stack of arrays, one row."""
        path = f"{self.path}{name}." if name else self.path
        return Arrays(self.program, self.weights, path, row)

    def rows(self, name: str, rows: Array) -> Array:
        """Some rows of an array."""
        return np.asanyarray(self[name][rows])

    def __getitem__(self, name: str) -> Array:
        return self.program.array(self.weights, self.path + name, self.row)


def run(
    architecture: Architecture,
    weights: Mapping[str, Any],
    tokens: Sequence[int],
    past: Past | None = None,
) -> tuple[Array, Past]:
    """The scores of every next token, (tokens, vocabulary), and what is kept for the next call.

    `weights` maps the names of `llm_gallery.tensors`, which are the checkpoint's, to numpy arrays of
    one dtype, float32 or float64, in which all is computed; those of whole numbers stay such. Where all
    tokens see each other, the scores are those of each place, and nothing is kept to go on from. Raises
    Refusal where a tensor is missing, and where the model has what nothing computes yet.
    """
    return _program(_Itself(architecture)).run(weights, tokens, past)


class _Itself:
    """An architecture that is equal to itself alone: to compare two takes as long as to print them."""

    def __init__(self, architecture: Architecture) -> None:
        self.architecture = architecture

    def __hash__(self) -> int:
        return id(self.architecture)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.architecture is self.architecture


@lru_cache(maxsize=8)
def _program(of: _Itself) -> Program:
    """The program of an architecture, for the calls of one text."""
    return Program(of.architecture, printed(of.architecture, ""))
