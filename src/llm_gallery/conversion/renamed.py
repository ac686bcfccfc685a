"""The tensors of a GGUF, of a model's own: renamed, experts stacked, split or turned as a row says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, Tensor, copied_tensors
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.conversion.names import IN_LAYER, NAMES, gguf_name, is_single
from llm_gallery.conversion.row import Row, Shape
from llm_gallery.conversion.tensor import GgufTensor

Json = Mapping[str, Any]
_LAYER = re.compile(r"(?:.*?\.)?(?:layers|h|blocks|layer)\.(\d+)\.(.+)", re.ASCII)
_EXPERT = re.compile(r"((?:.*\.)?experts)\.\d+\.(.+)", re.ASCII)
_WRAPPER = re.compile(r"language_model\.|^(model|transformer|backbone)\.", re.ASCII)
_ENDS = (".weight", ".bias")


class _Own(NamedTuple):
    """A tensor of the model, or the like ones of all experts of a layer."""

    layer: str  # its number; empty where it is outside of all
    path: str  # inside the layer, or after `model.`
    shape: Shape
    of: str  # in a release; of experts that are stored one by one the first


def gguf_tensors(root: Block, row: Row, config: Json) -> tuple[GgufTensor, ...]:
    """All tensors of a row's GGUF. Raises Refusal naming one that the row has no name for."""
    found: dict[str, GgufTensor] = {}
    for own in _stacked(root, row, config):
        for tensor in _written(own, row, config):
            if tensor.name in found:
                raise Refusal(
                    f"{quoted(own.of)} and {quoted(found[tensor.name].of)} would both be {tensor.name} in a GGUF "
                    f"of architecture {row.name}, expected one of them; convert it with llama.cpp's convert_hf_to_gguf.py"
                )
            found[tensor.name] = tensor
    if row.beside is not None:
        found |= {tensor.name: tensor for tensor in row.beside(config)}
    return tuple(found.values())


def _stacked(root: Block, row: Row, config: Json) -> Iterator[_Own]:
    """What the model stores for a text, with the experts of a layer as one."""
    experts: dict[tuple[str, str], tuple[Tensor, int]] = {}
    for tensor, copies in copied_tensors(root):
        if not _is_written(tensor, row):
            continue
        layer, path = _place(row.placed(tensor.name, config) if row.placed else tensor.name)
        if (expert := _EXPERT.fullmatch(path)) is not None:
            key = layer, f"{expert[1]}.{expert[2]}"
            first, others = experts.get(key, (tensor, 0))
            experts[key] = first, others + copies
        else:
            yield _Own(layer, path, tensor.shape, tensor.name)
    for (layer, path), (first, count) in experts.items():
        yield _Own(layer, path, (count, *first.shape), first.name)


def _is_written(tensor: Tensor, row: Row) -> bool:
    if tensor.tied_to or tensor.counted_in == "other_modalities":
        return False
    if tensor.counted_in == "multi_token_prediction" and not row.drafts:
        return False
    return not any(_ends_with(tensor.name, end) for end in row.left_out)


def _place(name: str) -> tuple[str, str]:
    """The number of a tensor's layer and its path there, or nothing and the path in the model."""
    inside = _LAYER.fullmatch(name)
    if inside is not None:
        return inside[1], inside[2]
    return "", _WRAPPER.sub("", _WRAPPER.sub("", name))


def _written(own: _Own, row: Row, config: Json) -> Iterator[GgufTensor]:
    """What is written of one tensor. Raises Refusal where the row has no name for it."""
    changed = next((c for end, c in row.changes.items() if _ends_with(own.path, end)), None)
    made = [(_name(own, row), own.shape)] if changed is None else changed(own.shape, config)
    for name, shape in made:
        full = f"blk.{own.layer}.{name}" if own.layer else name
        single = is_single(full, shape) and not (row.narrow and row.narrow(full, config))
        yield GgufTensor(full, shape, own.of, single)


def _name(own: _Own, row: Row) -> str:
    """The name inside the layer. Raises Refusal where no table has one."""
    path = own.path.replace("e_score_correction_bias", "e_score_correction.bias")
    end = next((e for e in _ENDS if path.endswith(e)), "")
    stem = path.removesuffix(end)
    tables = (row.names, IN_LAYER if own.layer else NAMES)
    found = next((name for table in tables if (name := gguf_name(stem, table)) is not None), None)
    if found is None:
        raise Refusal(
            f"{quoted(own.of)} has no name in a GGUF of architecture {row.name}, expected one that is mapped here; "
            "convert it with llama.cpp's convert_hf_to_gguf.py"
        )
    return found + (end or ".weight")


def _ends_with(path: str, end: str) -> bool:
    return path == end or path.endswith(f".{end}")
