"""What the rule asks of a model, read from the keys of its GGUF."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal, quoted

ALWAYS_70B = {("qwen2", 80), ("deci", 80), ("olmo", 80), ("jais2", 68)}
"""Architectures with the layers of the model that llama.cpp takes for one of 70B parameters."""


class ModelFacts(NamedTuple):
    """A model as the rule sees it."""

    architecture: str  # by llama.cpp's name
    layers: int
    experts: int
    grouping: int  # queries that share a key in layer 0; 0 where it has no heads
    of_70b: bool


def model_facts(keys: Mapping[str, Any]) -> ModelFacts:
    """The facts that the keys of a GGUF say. Raises Refusal where one that the rule needs is absent or no number."""
    name = keys.get("general.architecture")
    layers = _number(keys, f"{name}.block_count", None) * _number(keys, f"{name}.num_loops", 1)
    layers += name == "graniteswitch"  # its router's keys and values stand in a layer of their own
    experts = _number(keys, f"{name}.expert_count", 0)
    heads = _number(keys, f"{name}.attention.head_count", 0)
    shared = _number(keys, f"{name}.attention.head_count_kv", heads)
    of_70b = (name, layers) in ALWAYS_70B or (
        name == "llama" and layers == 80 and experts != 8 and heads != shared
    )
    return ModelFacts(str(name), layers, experts, heads // shared if shared else 0, of_70b)


def _number(keys: Mapping[str, Any], key: str, default: int | None) -> int:
    """A number, or that of layer 0 where a list has one for each."""
    held = keys.get(key, default)
    if isinstance(held, list | tuple):
        held = held[0] if held else default
    if type(held) is not int or held < 0:
        raise Refusal(f"{key} is {quoted(held)}, expected a number; check the file")
    return held
