"""Conversions beside those of llama.cpp's own converter, as digests that tools/generate_conversions.py wrote."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.conversion import Conversion, converted
from llm_gallery.conversion.registry import row_of
from tests.sample import catalog, first
from tools.generate_conversions import Line, keys_digest, lines, tensors_digest

SAMPLE = (
    "llama-3.2-1b", "gemma-3-270m", "gpt-oss-20b", "deepseek-v2-lite", "qwen3.5-27b", "nemotron-3-super-120b-a12b", "lfm2-8b-a1b",
    "step-3.5-flash", "jamba2-3b", "hunyuan-a13b", "phi-3.5-moe", "gpt2-xl",
)  # fmt: skip
"""Models that stack experts, split, turn and leave out tensors, keep states, and predict further tokens."""
MAPPED = 195
"""As many models at least are converted as by the converter."""


def conversion(model: str) -> Conversion:
    """Our conversion; skips the test where no row has the model's type. Raises Refusal where a row lacks a tensor."""
    held = find(model)
    try:
        row_of(held.config)
    except Refusal:
        pytest.skip("no row has its model_type")
    return converted(held.architecture, held.config)


@pytest.mark.parametrize("model", first(catalog(), SAMPLE))
def test_a_conversion_has_the_converters_tensors_and_keys(model: str) -> None:
    line = lines()[model]
    if line.refused:
        pytest.skip(f"llama.cpp's converter refuses it: {line.refused}")
    made = conversion(model)
    tensors = [(tensor.name, tensor.shape, tensor.single) for tensor in made.tensors]
    keys = {key: value for key, value in made.keys.items() if not key.startswith("general.")}
    found = Line(
        model,
        line.asked,
        made.name,
        str(len(tensors)),
        tensors_digest(tensors),
        keys_digest(keys),
    )
    assert found == line


def test_every_model_of_the_catalog_has_a_line() -> None:
    assert [*lines()] == sorted(catalog())


def test_a_digest_tells_a_name_a_shape_and_a_type() -> None:
    held = ("output.weight", (8, 4), False)
    others = [
        ("output.bias", (8, 4), False),
        ("output.weight", (4, 8), False),
        ("output.weight", (8, 4), True),
    ]
    assert len({tensors_digest([other]) for other in (held, *others)}) == 4
    assert tensors_digest([held, others[0]]) == tensors_digest([others[0], held])


def test_a_whole_number_is_the_same_with_and_without_a_point() -> None:
    assert keys_digest({"a": 10000.0, "b": [1.0, True]}) == keys_digest(
        {"b": [1, True], "a": 10000}
    )
    assert keys_digest({"a": True}) != keys_digest({"a": 1})
    assert keys_digest({"a": 0.5}) != keys_digest({"a": 0})


@pytest.mark.whole
def test_most_models_that_the_converter_takes_are_converted() -> None:
    taken = [model for model, line in lines().items() if not line.refused]
    assert sum(is_mapped(model) for model in taken) >= MAPPED


def is_mapped(model: str) -> bool:
    held = find(model)
    try:
        converted(held.architecture, held.config)
    except Refusal:
        return False
    return True
