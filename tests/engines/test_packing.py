"""Bytes of packed matrices by hand, and the modules that a config names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery import Refusal
from llm_gallery.engines.modules import Modules
from llm_gallery.engines.packing import (
    FP8_BLOCKS,
    FP8_MATRIX,
    FP8_ROWS,
    MXFP4,
    NVFP4,
    Packing,
    awq,
    gptq,
)


@pytest.mark.parametrize(
    ("packing", "shape", "expected"),
    [
        (FP8_BLOCKS, (256, 384), 256 * 384 + 2 * 3 * 4),
        (FP8_BLOCKS, (129, 1), 129 + 2 * 4),
        (FP8_BLOCKS, (3, 128, 128), 3 * (128 * 128 + 4)),
        (FP8_ROWS, (256, 384), 256 * 384 + 256 * 4),
        (FP8_MATRIX, (256, 384), 256 * 384 + 4),
        (MXFP4, (5760, 2880), 5760 * 90 * (16 + 1)),
        (NVFP4, (64, 64), 64 * 32 + 64 * 4 + 8),
        (awq(4, 128), (4096, 1024), 1024 * 4096 // 2 + 4096 * 8 * 2 + 4096 * 8 // 2),
        (gptq(4, 128), (4096, 1024), 4096 * 512 + 4096 * 8 * 2 + 4096 * 4 + 1024 * 4),
        (gptq(8, 0), (4096, 1024), 4096 * 1024 + 4096 * 2 + 4096 + 1024 * 4),
        (Packing(4, 1, 32, 2, beside=16), (2048, 7168), 2048 * 3584 + 2048 * 224 * 2 + 16),
        (Packing(4, 1, 64, 4), (8, 128), 8 * 64 + 8 * 2 * 4),
    ],
)  # fmt: skip
def test_bytes(packing: Packing, shape: tuple[int, ...], expected: int) -> None:
    assert packing.bytes(shape) == expected


@pytest.mark.parametrize(
    ("name", "path", "holds"),
    [
        ("lm_head", "lm_head", True),
        ("lm_head", "language_model.lm_head", True),
        ("lm_head", "my_lm_head", False),
        ("self_attn", "model.layers.0.self_attn.q_proj", True),
        ("b_proj", "model.layers.0.self_attn.q_b_proj", False),
        ("model.layers.1", "model.layers.11.mlp", False),
        ("model.layers.*.self_attn", "model.layers.3.self_attn.o_proj", True),
        ("model.layers.*.self_attn", "model.layers.3.mlp", False),
        ("model.vision*", "model.vision_tower.q", True),
        ("re:.*mlp\\.(gate|up|gate_up|down)_proj.*", "model.layers.0.mlp.up_proj", True),
        ("re:.*mlp\\.(gate|up|gate_up|down)_proj.*", "model.layers.1.mlp.experts.0.up_proj", False),
        ("re:vision_tower.*", "vision_tower.blocks.0", True),
        ("re:vision_tower.*", "model.vision_tower.blocks.0", False),
        ("a.b", "x.a.b.y", True),
        ("a+b", "aab", False),
        ("re:^(?!.*experts).*$", "model.mlp", True),
        ("re:^(?!.*experts).*$", "model.experts.0", False),
    ],
)
def test_a_name_stands_for_what_is_inside_and_ends_a_longer_one(
    name: str, path: str, holds: bool
) -> None:
    assert (path in Modules([name], "here")) is holds


def test_other_values_are_no_names() -> None:
    assert not Modules([None, 3, ["a"]], "here")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("re:(", "missing ), unterminated subpattern at position 0"),
        ("re:(a*)*b", "it repeats a group"),
        ("re:" + "a" * 201, "it repeats too much"),
        ("a*" * 4, "it repeats too much"),
        ("re:a?a?a?a?", "it repeats too much"),
    ],
)
def test_patterns_that_are_none_are_refused(name: str, why: str) -> None:
    with pytest.raises(Refusal) as refused:
        Modules([name], "Here's quantization_config")
    shown = f'"{name}"' if len(name) <= 60 else f'"{name[:57]}..."'
    assert str(refused.value) == (
        f"Here's quantization_config names modules by {shown}, expected a name, wildcards or a short regular "
        f"expression: {why}; correct it"
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_is_read_or_refused(name: str, path: str) -> None:
    try:
        modules = Modules([name], "here")
    except Refusal:
        return
    assert (path in modules) in (True, False)
