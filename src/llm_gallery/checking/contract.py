"""What a check found, as plain data of the standard library, which a browser's Python has too; a key's meaning stands under it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

Shape = tuple[int, ...]
Verdict = Literal["whole", "whole but for", "not whole", "not compared"]


class _Plain:
    __pydantic_config__: ClassVar[Mapping[str, bool]] = {"use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshaped(_Plain):
    """A tensor whose stored shape isn't the described one."""

    name: str
    """in full"""
    stored: Shape
    """in the file; of a packed matrix as it is unpacked, where its header says so"""
    expected: Shape
    """by the config"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(_Plain):
    """Tensors that differ in the numbers of their names alone, as one."""

    names: str
    """folded: `model.layers.{0-47}.mlp.up_proj.weight`"""
    count: int
    """how many tensors that are"""
    expected: Shape | None = None
    """the shape of each, by the config"""
    stored: Shape | None = None
    """the shape of each in the file"""
    dtype: str = ""
    """as the file calls it"""
    bytes: int = 0
    """of all, as stored"""
    note: str = ""
    """what else is to be known"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share(_Plain):
    """Bytes of a part of the model, of a type, or of what has a prefix."""

    name: str
    """the part, the type with its scheme of packing, or the prefix"""
    tensors: int
    """stored ones"""
    bytes: int
    """of them"""
    parameters: int
    """of them; scales of packed matrices are none"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(_Plain):
    """One file of the checkpoint."""

    name: str
    """of the file"""
    bytes: int
    """of the file, header and all"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines(_Plain):
    """Every list of tensors, folded over the numbers of their names."""

    missing: tuple[Line, ...] = ()
    """described, and stored nowhere"""
    undrafted: tuple[Line, ...] = ()
    """multi-token prediction, of which nothing is stored"""
    reshaped: tuple[Line, ...] = ()
    """stored in another shape than described"""
    vocabulary: tuple[Line, ...] = ()
    """embedding and head with another number of rows than the config's vocabulary"""
    surplus: tuple[Line, ...] = ()
    """stored, and asked for by nothing in the config"""
    unscaled: tuple[Line, ...] = ()
    """packed matrices without what their scheme needs"""
    undescribed: tuple[Line, ...] = ()
    """stored, of a part that the config states and nothing describes"""
    tied: tuple[Line, ...] = ()
    """tied to another tensor, and stored all the same"""
    extra: tuple[Line, ...] = ()
    """scales of keys and values, and buffers: no parameters"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings(_Plain):
    """What a checkpoint holds beside what its config describes: `whole`, and every difference."""

    place: str
    """what was checked"""
    format: Literal["safetensors", "GGUF"]
    """of its files"""
    verdict: Verdict
    """whether all that is described is stored, and nothing else but what isn't described"""
    whole: bool
    """whether nothing that is described is missing, reshaped or broken, and nothing is stored that the config doesn't ask for"""
    model_type: str
    """of its config; empty where nothing describes it"""
    missing: tuple[str, ...] = ()
    """names of tensors that are described, and stored nowhere"""
    undrafted: tuple[str, ...] = ()
    """names of the tensors of multi-token prediction, where none of them is stored: a model runs without"""
    surplus: tuple[str, ...] = ()
    """names of tensors that are stored, and that nothing in the config asks for"""
    reshaped: tuple[Reshaped, ...] = ()
    """tensors that are stored in another shape than described, those of another vocabulary too"""
    tied: tuple[str, ...] = ()
    """names of tensors that are tied to another, and stored all the same"""
    tensors: int
    """stored ones"""
    parameters: int
    """stored ones: packed matrices as what they hold, tied tensors once"""
    bytes: int
    """of all stored tensors"""
    types: dict[str, int]
    """how many tensors have a type, as the file calls it, that of the most bytes first"""
    described: int = 0
    """parameters by the config, tied ones once"""
    but_for: tuple[Share, ...] = ()
    """what is stored of parts that the config states and nothing describes, so not checked, by the prefix of its names"""
    why: str = ""
    """why nothing was compared; empty where it was"""
    renamed: str = ""
    """how names were read, where they aren't the release's"""
    files: tuple[Held, ...]
    """read headers"""
    beside: tuple[str, ...] = ()
    """files of weights that lie there and aren't part of it"""
    faults: tuple[str, ...] = ()
    """what is wrong with the files themselves"""
    lines: Lines = field(default_factory=Lines)
    """every list of tensors, folded"""
    by_part: tuple[Share, ...] = ()
    """described tensors by part of the model, the largest first"""
    by_type: tuple[Share, ...]
    """all tensors by type, the largest first"""
    unchecked: tuple[str, ...] = ()
    """what a check of headers can't say"""
