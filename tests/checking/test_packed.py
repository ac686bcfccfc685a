"""Packed checkpoints beside their configs: what each scheme holds is counted, and what it lacks is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from llm_gallery import check, facts
from tests.checkpoint_headers import Tensors, described, folder

LLAMA = "llama-3-8b"
LAYER = "model.layers.0."
Packing = Callable[[str, tuple[int, ...]], Tensors]


def _side(stem: str, **kinds: tuple[str, tuple[int, ...]]) -> Tensors:
    return {f"{stem}.{name}": kind for name, kind in kinds.items()}


SCHEMES: dict[str, Packing] = {
    "FP8": lambda s, z: _side(s, weight=("F8_E4M3", z), weight_scale_inv=("F32", (-(-z[0] // 128), -(-z[1] // 128)))),
    "AWQ": lambda s, z: _side(s, qweight=("I32", (z[1], z[0] // 8)), qzeros=("I32", (z[1] // 128, z[0] // 8)), scales=("F16", (z[1] // 128, z[0]))),
    "GPTQ": lambda s, z: _side(s, qweight=("I32", (z[1] // 8, z[0])), qzeros=("I32", (z[1] // 128, z[0] // 8)), scales=("F16", (z[1] // 128, z[0])), g_idx=("I32", (z[1],))),
    "compressed-tensors": lambda s, z: _side(s, weight_packed=("I32", (z[0], z[1] // 8)), weight_scale=("BF16", (z[0], z[1] // 32)), weight_shape=("I32", (2,))),
    "NVFP4": lambda s, z: _side(s, weight_packed=("U8", (z[0], z[1] // 2)), weight_scale=("F8_E4M3", (z[0], z[1] // 16)), weight_global_scale=("F32", (1,)), input_global_scale=("F32", (1,))),
    "ModelOpt's NVFP4": lambda s, z: _side(s, weight=("U8", (z[0], z[1] // 2)), weight_scale=("F8_E4M3", (z[0], z[1] // 16)), weight_scale_2=("F32", ()), input_scale=("F32", ())),
    "fp4 as DeepSeek V4 stores it": lambda s, z: _side(s, weight=("I8", (z[0], z[1] // 2)), scale=("F8_E8M0", (z[0], z[1] // 32))),
    "MLX": lambda s, z: _side(s, weight=("U32", (z[0], z[1] // 8)), scales=("BF16", (z[0], z[1] // 64)), biases=("BF16", (z[0], z[1] // 64))),
    "INT8": lambda s, z: _side(s, weight=("I8", z), SCB=("F32", z[:1]), weight_format=("U8", ())),
    "bitsandbytes": lambda s, z: {f"{s}.weight": ("U8", (z[0] * z[1] // 2, 1)), f"{s}.weight.absmax": ("U8", (z[0] * z[1] // 64,)), f"{s}.weight.quant_map": ("F32", (16,)), f"{s}.weight.quant_state.bitsandbytes__nf4": ("U8", (90,))},
}  # fmt: skip


def packed(scheme: str, model: str = LLAMA) -> Tensors:
    """A model whose matrices in layers are packed."""
    held: Tensors = {}
    for name, (dtype, shape) in described(model).items():
        whole = ".layers." not in name or len(shape) < 2
        held.update({name: (dtype, shape)} if whole else SCHEMES[scheme](name[:-7], shape))
    return held


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_packed_model_has_its_parameters(scheme: str, tmp_path: Path) -> None:
    report = check(folder(tmp_path / "m", packed(scheme), LLAMA))
    assert report.verdict == "whole", report.text()
    assert report.parameters == 8_030_261_248
    assert sum(share.parameters for share in report.by_type) == 8_030_261_248
    small = {
        name: tensor for name, tensor in packed(scheme).items() if "layers.3.mlp.up" not in name
    }
    again = check(folder(tmp_path / "n", small, LLAMA))
    assert [line.names for line in again.lines.missing] == ["model.layers.3.mlp.up_proj.weight"]


@pytest.mark.parametrize(
    ("scheme", "scale"),
    [
        ("FP8", "weight_scale_inv"),
        ("AWQ", "scales"),
        ("GPTQ", "qzeros"),
        ("compressed-tensors", "weight_scale"),
        ("NVFP4", "weight_scale"),
        ("MLX", "biases"),
        ("bitsandbytes", "weight.absmax"),
    ],
)
def test_a_matrix_without_its_scales_is_told(scheme: str, scale: str, tmp_path: Path) -> None:
    lost = f"{LAYER}mlp.up_proj.{scale}"
    held = {name: tensor for name, tensor in packed(scheme).items() if name != lost}
    report = check(folder(tmp_path / "m", held, LLAMA))
    assert report.verdict == "not whole"
    assert [line.names for line in report.lines.unscaled] == [f"{LAYER}mlp.up_proj.weight"]
    assert report.parameters == 8_030_261_248 or scheme == "AWQ"
    assert f"lacks {scale}" in report.text()


@pytest.mark.parametrize(
    ("scheme", "scale", "shape"),
    [
        ("FP8", "weight_scale_inv", (112, 33)),
        ("AWQ", "scales", (33, 14336)),
        ("ModelOpt's NVFP4", "weight_scale", (14336, 128)),
    ],
)
def test_scales_that_fit_no_block_are_told(
    scheme: str, scale: str, shape: tuple[int, int], tmp_path: Path
) -> None:
    held = packed(scheme)
    name = f"{LAYER}mlp.up_proj.{scale}"
    report = check(folder(tmp_path / "m", held | {name: (held[name][0], shape)}, LLAMA))
    assert [line.note for line in report.lines.unscaled] == [f"{scale} is {shape[0]} × {shape[1]}"]
    assert report.verdict == "not whole"


def test_packed_matrices_of_another_shape_are_told(tmp_path: Path) -> None:
    """Where a header doesn't say the shape, the words must still make the described one."""
    for scheme, word in (("MLX", "weight"), ("compressed-tensors", "weight_packed")):
        name = f"{LAYER}mlp.up_proj.{word}"
        held = packed(scheme) | {name: ("U32" if word == "weight" else "I32", (14336, 500))}
        report = check(folder(tmp_path / word, held, LLAMA))
        assert [one.name for one in report.reshaped] == [f"{LAYER}mlp.up_proj.weight"]


def test_unknown_packed_matrices_count_as_unknown(tmp_path: Path) -> None:
    place = folder(tmp_path / "m", SCHEMES["MLX"]("h.0.w", (64, 64)))
    report = check(place)
    assert report.parameters == 0
    assert "the parameters of 1 packed tensor, which no header says" in report.unchecked


def test_experts_in_blocks_are_whole(tmp_path: Path) -> None:
    """As gpt-oss is released: bytes of two numbers, a scale for 32, outputs before inputs."""
    held: Tensors = {}
    for name, (dtype, shape) in described("gpt-oss-20b").items():
        if name.endswith(("experts.gate_up_proj", "experts.down_proj")):
            experts, inputs, outputs = shape
            held[f"{name}_blocks"] = ("U8", (experts, outputs, inputs // 32, 16))
            held[f"{name}_scales"] = ("U8", (experts, outputs, inputs // 32))
        else:
            held[name] = (dtype, shape)
    report = check(folder(tmp_path / "m", held, "gpt-oss-20b"))
    assert report.verdict == "whole", report.text()
    assert report.parameters == facts("gpt-oss-20b")["parameters"]["total"]
