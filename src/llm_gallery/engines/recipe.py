"""How a release is packed, by its config: which matrices, and how each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeGuard

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines import packing
from llm_gallery.engines.modules import Modules
from llm_gallery.engines.packing import Packing
from llm_gallery.engines.weight_format import FORMATS, MODES, experts_in_fp4, settings

Json = Mapping[str, Any]
UNPACKED = ("modules_to_not_convert", "ignored_layers", "ignore", "exclude_modules")
"""Keys under which a config lists modules that aren't packed."""


class Matrix(NamedTuple):
    """A matrix, or a stack of them, as a recipe asks about it."""

    path: str  # of its module
    expert: bool = False  # that a router chooses
    head: bool = False
    embedding: bool = False
    tower: bool = False
    fine: bool = (
        False  # a router, a gate of one row, or another map that no recipe takes for a linear layer
    )


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What is packed, and how; everything else has the dtype of the config."""

    name: str  # of the format of most weights
    packing: Packing
    experts: Packing | None = None  # where they are packed in another way
    experts_alone: bool = False
    head: bool = False  # whether it is packed, too
    embedding: bool = False
    fine: bool = False  # whether routers are packed, too
    unpacked: Modules
    groups: tuple[tuple[Modules, Packing], ...] = ()  # of modules that have a packing of their own

    def of(self, matrix: Matrix) -> Packing | None:
        """How a matrix is packed; None where it isn't."""
        if matrix.path in self.unpacked or (matrix.tower and not self.unpacked):
            return None
        for modules, own in self.groups:
            if matrix.path in modules:
                return own
        if (matrix.fine and not self.fine) or (self.experts_alone and not matrix.expert):
            return None
        if (matrix.head and not self.head) or (matrix.embedding and not self.embedding):
            return None
        return self.experts if matrix.expert and self.experts else self.packing


def recipe(config: Json, name: str) -> Recipe | None:
    """How a release is packed; None where its config says that it isn't.

    Raises Refusal for a scheme that isn't known.
    """
    said = settings(config)
    if said is None:
        return None
    found = _Said(said, name, experts_in_fp4(config))
    method = str(said.get("quant_method", "mlx" if "group_size" in said else ""))
    if method not in METHODS:
        raise found.refusal("quant_method", said.get("quant_method"), METHODS)
    return METHODS[method](found)


def in_mxfp4(config: Json, name: str) -> bool:
    """Whether experts are released in MXFP4, which llama.cpp's converter keeps.

    Reference: conversion/gpt_oss.py, deepseek.py, kimi_k3.py (0c1e570)
    """
    try:
        found = recipe(config, name)
    except Refusal:
        return False  # a scheme that isn't known is another
    return found is not None and found.name == "mxfp4"


class _Said(NamedTuple):
    """What a config says of its packing."""

    said: Json
    name: str
    fp4_experts: bool

    def refusal(self, key: str, value: object, known: Mapping[str, object]) -> Refusal:
        """The refusal of a value that isn't known."""
        return Refusal(
            f"{self.name} is packed with {key} {quoted(value)}, expected one of {', '.join(known)}; "
            "give a folder of its files"
        )

    def number(self, key: str, default: int | None = None) -> int:
        """A number of it, at least 1. Raises Refusal where it isn't one."""
        value = self.said.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 2**20:
            raise Refusal(
                f"{self.name} is packed with {key} {quoted(value)}, expected a number; correct its config"
            )
        return value

    @property
    def unpacked(self) -> Modules:
        """The modules that aren't packed."""
        lists = (self.said.get(key) for key in UNPACKED)
        names = [name for held in lists if isinstance(held, list) for name in held]
        return Modules(names, f"{self.name}.quantization_config")

    @property
    def group(self) -> int:
        """Numbers that share a scale; 0 where all of a row do."""
        return 0 if self.said.get("group_size") == -1 else self.number("group_size")


def _fp8(said: _Said) -> Recipe:
    side = said.said.get("weight_block_size", [128, 128])
    if said.fp4_experts:  # scales of eight bits, too
        return Recipe(
            name="mxfp4",
            packing=packing.FP8_BLOCKS._replace(scale=1),
            experts=packing.MXFP4,
            unpacked=said.unpacked,
        )
    if side is None or said.said.get("activation_scheme") == "static":
        static = said.said.get("activation_scheme") == "static"
        return Recipe(
            name="fp8", packing=Packing(8, scale=4, beside=4 * static), unpacked=said.unpacked
        )
    if not _sides(side):
        raise said.refusal("weight_block_size", side, {"[128, 128]": 0})
    return Recipe(
        name="fp8",
        packing=packing.FP8_BLOCKS._replace(rows=side[0], columns=side[1]),
        unpacked=said.unpacked,
    )


def _sides(said: object) -> TypeGuard[list[int]]:
    """Whether it is the rows and columns of a block."""
    return isinstance(said, list) and len(said) == 2 and all(type(n) is int and n > 0 for n in said)


def _fbgemm(said: _Said) -> Recipe:
    return Recipe(name="fp8", packing=packing.FP8_ROWS._replace(beside=4), unpacked=said.unpacked)


def _mxfp4(said: _Said) -> Recipe:
    return Recipe(name="mxfp4", packing=packing.MXFP4, experts_alone=True, unpacked=said.unpacked)


def _awq(said: _Said) -> Recipe:
    bits = said.number("bits")
    return Recipe(name=f"int{bits}", packing=packing.awq(bits, said.group), unpacked=said.unpacked)


def _gptq(said: _Said) -> Recipe:
    if said.said.get("dynamic"):
        raise said.refusal("dynamic", said.said["dynamic"], {"none": 0})
    bits, group = said.number("bits"), said.group
    return Recipe(
        name=f"int{bits}",
        packing=packing.gptq(bits, group),
        head=said.said.get("lm_head") is True,
        unpacked=said.unpacked,
    )


def _modelopt(said: _Said) -> Recipe:
    algorithms = {
        "FP8": packing.FP8_MATRIX._replace(beside=4),
        "NVFP4": packing.NVFP4,
    }
    algorithm = str(said.said.get("quant_algo")).upper()
    if algorithm not in algorithms:
        raise said.refusal("quant_algo", said.said.get("quant_algo"), algorithms)
    return Recipe(name=algorithm.lower(), packing=algorithms[algorithm], unpacked=said.unpacked)


def _compressed(said: _Said) -> Recipe:
    if not isinstance(said.said.get("ignore"), list):
        raise said.refusal("ignore", said.said.get("ignore"), {"a list of modules": 0})
    groups = said.said.get("config_groups")
    held = list(groups.values()) if isinstance(groups, Mapping) else []
    made = [pair for group in held for pair in _group(said, group)]
    if not made:
        raise said.refusal("config_groups", groups, {"groups with weights": 0})
    named = tuple((targets, packed) for targets, packed in made if targets)
    rest = [packed for targets, packed in made if not targets]
    if len(rest) > 1 or not rest:
        raise said.refusal("config_groups", groups, {"one group of all linear layers": 0})
    name = FORMATS.get(str(said.said.get("format"))) or f"int{rest[0].bits}"
    return Recipe(name=name, packing=rest[0], head=True, groups=named, unpacked=said.unpacked)


def _group(said: _Said, group: object) -> Iterator[tuple[Modules, Packing]]:
    """A group of compressed-tensors: what it names, where that isn't all linear layers, and how it packs it."""
    weights = group.get("weights") if isinstance(group, Mapping) else None
    if not isinstance(weights, Mapping) or not isinstance(group, Mapping):
        return
    named = group.get("targets")
    targets = [t for t in named if t not in ("Linear", "MoE")] if isinstance(named, list) else []
    form = group.get("format") or said.said.get("format")
    modules = Modules(targets, f"{said.name}.quantization_config")
    yield modules, _weights(_Said({**weights, "format": form}, said.name, said.fp4_experts))


def _weights(said: _Said) -> Packing:
    form = str(said.said.get("format"))
    if form == "nvfp4-pack-quantized":
        return packing.NVFP4
    if form == "mxfp4-pack-quantized":
        return packing.MXFP4
    if form not in FORMS:
        raise said.refusal("format", said.said.get("format"), FORMS)
    offset = said.number("num_bits") if said.said.get("symmetric") is False else 0
    beside = 16 if form == "pack-quantized" else 0  # weight_shape, two numbers of 64 bits
    blocks = said.said.get("block_structure")
    match said.said.get("strategy"):
        case "tensor":
            rows, columns = 0, 0
        case "channel":
            rows, columns = 1, 0
        case "group":
            rows, columns = 1, said.number("group_size")
        case "block" if _sides(blocks):
            rows, columns = blocks
        case other:
            raise said.refusal(
                "strategy", other, {"tensor": 0, "channel": 0, "group": 0, "block": 0}
            )
    return Packing(said.number("num_bits"), rows, columns, 2, zero=offset, beside=beside)


def _mlx(said: _Said) -> Recipe:
    own = {k: v for k, v in said.said.items() if isinstance(v, Mapping | bool)}
    where = f"{said.name}.quantization"
    kept = Modules([name for name, value in own.items() if value is False], where)
    groups = tuple(
        (Modules([name], where), _mlx_packing(_Said(value, said.name, said.fp4_experts)))
        for name, value in own.items()
        if isinstance(value, Mapping)
    )
    made = _mlx_packing(said)
    name = MODES.get(str(said.said.get("mode"))) or f"int{made.bits}"
    return Recipe(
        name=name, packing=made, head=True, embedding=True, groups=groups, unpacked=kept, fine=True
    )


def _mlx_packing(said: _Said) -> Packing:
    mode = said.said.get("mode", "affine")
    scale = 4 if mode == "affine" else 1  # with a bias, in 16 bits each
    if mode != "affine" and mode not in MODES:
        raise said.refusal("mode", mode, {"affine": "", **MODES})
    return Packing(said.number("bits"), 1, said.number("group_size"), scale)


METHODS: Mapping[str, Callable[[_Said], Recipe]] = {
    "fp8": _fp8,
    "fbgemm_fp8": _fbgemm,
    "mxfp4": _mxfp4,
    "compressed-tensors": _compressed,
    "modelopt": _modelopt,
    "awq": _awq,
    "gptq": _gptq,
    "mlx": _mlx,
}
"""Readers by `quant_method`; MLX names none."""
FORMS = dict.fromkeys(("float-quantized", "int-quantized", "naive-quantized", "pack-quantized"))
"""Formats of compressed-tensors beside those of four bits and a scale of eight."""
