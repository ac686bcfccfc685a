"""An adapter's config: which model of the catalog it changes, and what it adds to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from llm_gallery.analysis.units import grouped
from llm_gallery.architecture.block import Block, tensors
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.families import adapted

PLAIN: Mapping[str, tuple[object, ...]] = {
    "bias": (None, "none"),
    "modules_to_save": (None, []),
    "rank_pattern": (None, {}),
    "use_dora": (None, False),
    "layers_to_transform": (None,),
    "exclude_modules": (None, []),
    "target_parameters": (None, []),
    "trainable_token_indices": (None,),
}
"""What a LoRA may say whose parameters are two narrow matrices beside each wide one, and nothing else."""
NAMED = 4
"""Targets that a line has room for."""


def adapter(config: Mapping[str, Any], known: str, base: Block) -> Refusal:
    """What is said of an adapter of a model of the catalog: of which, and how many parameters are its own.

    Method: https://arxiv.org/abs/2106.09685
    """
    method = config.get("peft_type", "LoRA of MLX")
    rank, targets = config.get("r"), config.get("target_modules")
    said = printable(str(method), 20)
    odd = next((key for key, plain in PLAIN.items() if config.get(key) not in plain), "")
    if (
        method != "LORA"
        or odd
        or type(rank) is not int
        or rank < 1
        or not _listed(targets)
        or not targets
    ):
        reason = f" with {odd}" if odd else ""
        own = f"{said}{reason}, whose own parameters aren't counted"
    else:
        named = printable(", ".join(targets[:NAMED]) + (" ..." if len(targets) > NAMED else ""))
        shapes = [shape for one in targets for shape in _matrices(base, one)]
        own = f"LoRA of rank {rank} on {named}, "
        own += (
            f"{grouped(rank * sum(rows + columns for rows, columns in shapes))} parameters of its own"
            if all(_matrices(base, one) for one in targets) and all(len(s) == 2 for s in shapes)
            else "of which not all are matrices of that model"
        )
    return Refusal(
        f"it is an adapter of {printable(adapted(config))} (adapter_config.json: {own}), "
        f"expected a config.json; give that model, {known}"
    )


def _listed(targets: object) -> TypeGuard[list[str]]:
    return isinstance(targets, list) and all(isinstance(one, str) and one for one in targets)


def _matrices(base: Block, target: str) -> list[tuple[int, ...]]:
    """Shapes of the weights of the modules that a target names, whole or by their end."""
    ends = (f".{target}.weight", f"{target}.weight")
    return [t.shape for t in tensors(base) if t.name.endswith(ends[0]) or t.name == ends[1]]
