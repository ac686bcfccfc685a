"""Families: config -> Architecture; one file per family, named as its `model_type`, and no other registry."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pathlib import Path
from re import sub
from typing import Any, get_type_hints

from llm_gallery.architecture.block import Architecture, Block, Link, walk
from llm_gallery.architecture.refusal import Refusal, shown
from llm_gallery.families._config import read

MISLEADING = ("git",)
"""Types that a published config states and doesn't mean: Grok 2.5 is no captioning model."""


def names() -> tuple[str, ...]:
    """Every model_type that is described, in alphabetical order."""
    here = Path(__file__).parent
    return tuple(sorted(p.stem for p in here.glob("*.py") if not p.stem.startswith("_")))


def describe(raw: Mapping[str, Any]) -> Architecture:
    """The architecture that a config states.

    Raises Refusal where the model_type is unknown or the config contradicts itself.
    """
    family = _family(_model_type(raw))
    c, reading = read(get_type_hints(family)["c"], raw)
    root = family(c)
    return Architecture(
        family.__name__,
        root,
        _links(root),
        reading.unread,
        reading.assumed,
        _warnings(raw, root),
    )


def kept(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    """The config without the keys that say nothing about the architecture: what a catalog keeps.

    Describing it gives what describing the whole config gives. Raises Refusal as `describe` does.
    """
    return read(get_type_hints(_family(_model_type(raw)))["c"], raw)[1].kept


def _model_type(raw: Mapping[str, Any]) -> str:
    model_type = raw.get("model_type")
    if (model_type is None or model_type in MISLEADING) and (named := _by_class(raw)) in names():
        return named
    if isinstance(model_type, str):
        return model_type
    found = "no model_type" if model_type is None else f"model_type {shown(model_type)}"
    raise Refusal(
        f"the config has {found}, expected the name of a family in it, such as "
        f'"{names()[0]}"; is it the config of a language model?'
    )


def _by_class(raw: Mapping[str, Any]) -> str:
    """The model_type that the one class in `architectures` is called after: LongcatFlashNgramForCausalLM."""
    match raw.get("architectures"):
        case [str(name)] if name.endswith("ForCausalLM"):
            return sub(r"(?<=.)(?=[A-Z])", "_", name[:99].removesuffix("ForCausalLM")).lower()
    return ""


@cache
def _family(model_type: str) -> Callable[..., Block]:
    """The function of `families/<model_type>.py` that has the file's name."""
    name = model_type.replace(
        "-", "_"
    ).lower()  # openai-gpt and Motif, which no module can be called
    if name not in names():
        near = get_close_matches(model_type[:60], names(), n=3, cutoff=0.4)
        which = "the nearest are" if near else f"expected one of {len(names())}, such as"
        raise Refusal(
            f"model_type is {shown(model_type)}, which no family describes yet; "
            f"{which} {', '.join(near or names()[:3])}; see docs/adding-a-family.md to add it"
        )
    module = import_module(f"llm_gallery.families.{name}")
    function: Callable[..., Block] = getattr(module, name)
    assert list(inspect.signature(function).parameters) == ["c"]
    return function


def _links(root: Block) -> tuple[Link, ...]:
    """A multi-token-prediction module reads the last layer's stream and the next token's embedding."""
    modules = [block.name for block in root.inside if block.kind == "multi_token_prediction"]
    chosen = (*_shared_indices(root), *_shared_keys(root), *_shortcuts(root))
    if not modules:
        return chosen
    stack, table = (
        next(path for path, block in walk(root) if block.kind == kind)
        for kind in ("stack", "embedding")
    )
    return (
        Link(stack, modules[-1], "stream after the last layer"),
        Link(table, modules[-1], "embedding of the next token"),
        *chosen,
    )


def _shortcuts(root: Block) -> Iterator[Link]:
    """Experts on a shortcut read what an earlier part of their layer reads."""
    for path, block in walk(root):
        if "shortcut" in block.facts:
            source = f"{path.removesuffix(block.name)}{block.value('shortcut')}"
            yield Link(source, path, "input of the experts")


def _shared_indices(root: Block) -> Iterator[Link]:
    """Layers without an indexer see the tokens that the last layer with one chose."""
    source = ""
    for path, block in walk(root):
        if block.kind == "indexer":
            source = path
        elif "shared_index" in block.facts:
            yield Link(source, path, "chosen tokens")


def _shared_keys(root: Block) -> Iterator[Link]:
    """Layers without keys and values of their own see those of the last such layer of their reach."""
    sources: dict[object, str] = {}
    for path, block in walk(root):
        if block.kind == "attention" and "shared_kv" in block.facts:
            yield Link(sources[block.value("window")], path, "keys and values")
        elif block.kind == "attention":
            sources[block.value("window")] = path


def _warnings(raw: Mapping[str, Any], root: Block) -> tuple[str, ...]:
    """What a reader must know before using the numbers."""
    found = []
    classes = raw.get("architectures")
    multimodal = isinstance(classes, list) and "ConditionalGeneration" in "".join(map(str, classes))
    if (multimodal or "image_token_id" in raw) and not any(
        block.kind == "vision_tower" for block in root.inside
    ):
        found.append("vision or audio towers are not described: the config gives none")
    if any(block.value("identity_experts") for _, block in walk(root) if block.kind == "moe"):
        found.append(
            "some choices of the router run no expert: active parameters are the most that run"
        )
    if "model_type" not in raw:
        found.append("the config has no model_type: it is taken from the class in architectures")
    elif raw["model_type"] in MISLEADING:
        found.append(
            "the config's model_type is another model's: the class in architectures is read"
        )
    if "quantization_config" in raw:
        found.append("the checkpoint is stored quantized: parameters count logical elements")
    return tuple(found)
