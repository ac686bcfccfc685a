"""What a check found, as plain data: pydantic models, which write its JSON Schema; a key's meaning stands under it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Count = Annotated[int, Field(ge=0)]
Shape = list[Count]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Line(_Plain):
    """Tensors that differ in the numbers of their names alone, as one."""

    names: str
    """folded: `model.layers.{0-47}.mlp.up_proj.weight`"""
    count: Count
    """how many tensors that are"""
    described: Shape | None = None
    """the shape of each, by the config"""
    stored: Shape | None = None
    """the shape of each in the file"""
    dtype: str = ""
    """as the file calls it"""
    bytes: Count = 0
    """of all, as stored"""
    note: str = ""
    """what else is to be known"""


class Share(_Plain):
    """Bytes of a part of the model, or of a type."""

    name: str
    """the part, or the type as the file calls it"""
    tensors: Count
    """stored ones"""
    bytes: Count
    """of them"""
    parameters: Count
    """of them; scales of packed matrices are none"""


class Held(_Plain):
    """One file of the checkpoint."""

    name: str
    """of the file"""
    bytes: Count
    """of the file, header and all"""


class Parameters(_Plain):
    """How many numbers the model has."""

    described: Count
    """by its config, tied tensors once"""
    stored: Count
    """in described tensors, packed ones as what they hold, tied ones once"""


class Findings(_Plain):
    """What a checkpoint holds beside what its config describes: `whole`, and every difference."""

    place: str
    """what was checked"""
    format: Literal["safetensors", "GGUF"]
    """of its files"""
    model: str
    """the model_type of its config, or the architecture of a GGUF"""
    verdict: Literal["whole", "whole but for", "not whole", "not compared"]
    """whether all that is described is stored, and nothing else but what isn't described"""
    but_for: list[str]
    """prefixes of what is stored and not described, so not checked"""
    why: str
    """why nothing was compared; empty where it was"""
    files: list[Held]
    """read headers"""
    beside: list[str]
    """files of weights that lie there and aren't part of it"""
    faults: list[str]
    """what is wrong with the files themselves"""
    missing: list[Line]
    """described, and stored nowhere"""
    reshaped: list[Line]
    """stored in another shape than described"""
    surplus: list[Line]
    """stored inside a described part that has no such tensor"""
    unscaled: list[Line]
    """packed matrices without what their scheme needs"""
    vocabulary: list[Line]
    """embedding and head with another number of rows than the config's vocabulary"""
    tied: list[Line]
    """tied to another tensor, and stored all the same"""
    undescribed: list[Line]
    """stored, and of no described part"""
    extra: list[Line]
    """scales of keys and values, and buffers: no parameters"""
    renamed: str
    """how names were read, where they aren't the release's"""
    parameters: Parameters
    parts: list[Share]
    """described tensors by part of the model, the largest first"""
    types: list[Share]
    """all tensors by type, the largest first"""
    unchecked: list[str]
    """what a check of headers can't say"""
