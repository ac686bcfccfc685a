"""A row of the conversion: one architecture of llama.cpp, with what its converter makes of keys and of tensors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from llm_gallery.conversion.tensor import GgufTensor
from llm_gallery.sources.stored import Stored

Json = Mapping[str, Any]
Shape = tuple[int, ...]
Change = Callable[[Shape, Json], Iterable[tuple[str, Shape]]]
"""Of a tensor's shape and the config: the names inside its layer and the shapes of what is written instead."""
Spelled = Mapping[str, str | tuple[str, ...]]
"""A GGUF's key after the architecture's name, with how configs spell it."""
Keys = Callable[[Json], Json]
"""Of the config: keys after the architecture's name, with values."""
Rest = Callable[[Stored, Json], Json]
"""Of a file and what its keys say."""
Narrow = Callable[[str, Json], bool]
"""Of a GGUF's name and the config."""
Placed = Callable[[str, Json], str]
"""Of our name and the config."""


class Row(NamedTuple):
    """An architecture of llama.cpp, and the models that its converter writes so."""

    name: str  # `general.architecture`
    model_types: tuple[str, ...]  # "outer/inner" where only that language model of a wrapper is
    keys: Spelled
    writes: tuple[Keys, ...] = ()  # keys that are worked out; a None is left out
    names: Mapping[str, str] = {}  # ends of our names that the general table has otherwise
    changes: Mapping[str, Change] = {}  # ends of our names with what becomes of the tensor
    left_out: tuple[str, ...] = ()  # ends of our names that aren't written
    drafts: bool = False  # whether modules that predict further tokens are written
    where: Callable[[Json], bool] | None = None  # of which configs of its model_types it is
    narrow: Narrow | None = None  # which tensors stay in 16 bits where ones alike don't
    placed: Placed | None = None  # our name as one that says the layer of the file
    beside: Callable[[Json], Iterator[GgufTensor]] | None = None  # tensors of no weights: factors
    implied: Mapping[str, Any] = {}  # what every config of the architecture says, and no key
    rest: Rest | None = None  # of a file and what its keys say, the rest of a config
    unsaid: Callable[[Stored], str] | None = None  # what of the model a file holds in values alone
    lost: str = ""  # what a file doesn't say, so that no tree is made of it


def spellings(held: str | tuple[str, ...]) -> tuple[str, ...]:
    """How configs call what a key of a GGUF says, the first one that a tree is read from."""
    return (held,) if isinstance(held, str) else held
