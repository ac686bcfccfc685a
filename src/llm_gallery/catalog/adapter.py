"""An adapter's config: which model of the catalog it changes, and what it adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from llm_gallery.analysis.units import grouped
from llm_gallery.architecture.block import Block, distinct, tensors, walk
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.catalog.adapter_targets import (
    ALL,
    Shape,
    ends,
    has_unknown_target,
    listed,
    rank,
    targeted,
)
from llm_gallery.mechanisms.apart import predicting
from llm_gallery.recognition import adapted

PLAIN: Mapping[str, tuple[object, ...]] = {
    "target_parameters": (None, []),
    "trainable_token_indices": (None, []),
    "layer_replication": (None, []),
    "use_qalora": (None, False),
    "lora_bias": (None, False),
    "megatron_config": (None,),
}
"""What a LoRA may say whose parameters stand beside whole matrices, and nothing else."""
COUNTED = ("LORA", "IA3")
NAMED = 4
"""Targets that a line has room for."""
WEIGHT = ".weight"


def adapter(config: Mapping[str, Any], known: str, base: Block) -> Refusal:
    """What is said of an adapter of a model of the catalog: of which, and how many parameters are its own.

    Method: https://arxiv.org/abs/2106.09685 (LoRA), https://arxiv.org/abs/2402.09353 (DoRA),
    https://arxiv.org/abs/2205.05638 (IA3)
    """
    return Refusal(
        f"it is an adapter of {printable(adapted(config))} (adapter_config.json: {_method_text(config, _trained(base))}), "
        f"expected a config.json; give that model, {known}"
    )


def _trained(base: Block) -> Block:
    """Without prediction modules, which no class that an adapter is trained with builds."""
    ahead = predicting(base)
    return replace(base, inside=tuple(part for part in base.inside if part not in ahead))


def _method_text(config: Mapping[str, Any], base: Block) -> str:
    method = config.get("peft_type", "LoRA of MLX")
    said = printable(str(method), 20)
    odd = _odd(config, base) if method in COUNTED else ""
    if method not in COUNTED or odd:
        return f"{said}{f' with {odd}' if odd else ''}, whose own parameters aren't counted"
    modules = _modules(base)
    linear = {path for path, block in walk(base) if "outputs" in block.facts}
    shapes = targeted(config, modules, linear - {base.inside[1].name})
    name = "IA3" if method == "IA3" else "DoRA" if config.get("use_dora") else "LoRA"
    name = name if method == "IA3" else f"{name} of rank {config['r']}"
    on = f"{name} on {_named(config['target_modules'])}"
    if has_unknown_target(config, modules) or any(len(shape) != 2 for shape in shapes.values()):
        return f"{on}, of which not all are matrices of that model"
    if not shapes:
        return f"{on}, which no matrix of that model is told by here: its own parameters aren't counted"
    parameters = _scales(config, shapes) if method == "IA3" else _narrow(config, shapes)
    parameters += _biases(config, base, shapes) + _copies(config, base)
    return f"{on}, {grouped(parameters)} parameters of its own"


def _odd(config: Mapping[str, Any], base: Block) -> str:
    """The key that says what isn't counted; empty where all is."""
    if config.get("peft_type") == "LORA" and (type(config.get("r")) is not int or config["r"] < 1):
        return "r"
    targets = config.get("target_modules")
    if not targets or not (isinstance(targets, str) or listed(targets)):
        return "target_modules"
    for key in ("exclude_modules", "layers_pattern", "feedforward_modules"):
        if (named := config.get(key)) and not (isinstance(named, str) or listed(named)):
            return key
    if not _numbers(config.get("layers_to_transform")):
        return "layers_to_transform"
    saved_modules = config.get("modules_to_save")
    if saved_modules and (
        not listed(saved_modules) or base.value("tied")
    ):  # both ends would be one copy or two
        return "modules_to_save"
    ranks = config.get("rank_pattern") or {}
    if not isinstance(ranks, Mapping) or any(type(r) is not int or r < 1 for r in ranks.values()):
        return "rank_pattern"
    if config.get("bias") not in (None, "none", "all", "lora_only"):
        return "bias"
    transposed = any(block.settings.get("transposed") for block in distinct(base))
    if transposed and (config.get("use_dora") or config.get("peft_type") == "IA3"):
        return "use_dora" if config.get("use_dora") else "target_modules"
    routed = any(block.is_mixture for block in distinct(base))
    if routed and isinstance(targets, str) and targets.lower() == ALL:
        return "target_modules"  # a router may be of another class
    return next((key for key, plain in PLAIN.items() if config.get(key) not in plain), "")


def _numbers(layers: object) -> bool:
    """Whether that is the number of a layer, a list of such, or nothing."""
    return layers is None or all(
        type(layer) is int for layer in (layers if isinstance(layers, list) else [layers])
    )


def _modules(base: Block) -> dict[str, Shape]:
    """Whatever has a weight, by its path."""
    return {t.name.removesuffix(WEIGHT): t.shape for t in tensors(base) if t.name.endswith(WEIGHT)}


def _narrow(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> int:
    """Two matrices of the rank's width beside each, and for DoRA a length for each row."""
    each = ((rank(config, name), *shape) for name, shape in shapes.items())
    lengths = sum(rows for rows, _ in shapes.values()) if config.get("use_dora") else 0
    return lengths + sum(r * (rows + columns) for r, rows, columns in each)


def _scales(config: Mapping[str, Any], shapes: Mapping[str, Shape]) -> int:
    """A factor for each output of a matrix, or for each input of what `feedforward_modules` names."""
    inner = config.get("feedforward_modules") or []
    inner = [inner] if isinstance(inner, str) else inner
    return sum(columns if ends(name, inner) else rows for name, (rows, columns) in shapes.items())


def _biases(config: Mapping[str, Any], base: Block, shapes: Mapping[str, Shape]) -> int:
    """Biases that are trained, too."""
    said = config.get("bias")
    if said in (None, "none"):
        return 0
    beside = {f"{name}.bias" for name in shapes}
    return sum(
        prod(t.shape)
        for t in tensors(base)
        if t.name in beside or (said == "all" and "bias" in t.name)
    )


def _copies(config: Mapping[str, Any], base: Block) -> int:
    """Modules that are trained whole."""
    saved_modules = config.get("modules_to_save") or []
    return sum(
        prod(t.shape) for t in tensors(base) if any(_within(t.name, name) for name in saved_modules)
    )


def _within(name: str, module: str) -> bool:
    parts = name.split(".")
    return any(".".join(parts[:end]).endswith(module) for end in range(1, len(parts)))


def _named(targets: str | list[str]) -> str:
    if isinstance(targets, str):
        return printable(targets, 60)
    return printable(", ".join(targets[:NAMED]) + (" ..." if len(targets) > NAMED else ""))
