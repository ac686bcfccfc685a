"""An extended context is said where positions are: by which rule, by how much, and from which context."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import distinct_layers, mixers
from llm_gallery.catalog.load import find
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Text, flat
from llm_gallery.mechanisms.written import extension
from tests.figure.gates import words
from tests.sample import drawings


def texts(model: str, detail: Detail = "standard") -> list[str]:
    known = find(model)
    picture = draw(known.architecture, known.heading, detail=detail).picture
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("gpt-oss-120b", "YaRN × 32 from 4,096"),
        ("gpt-oss-20b", "YaRN × 32 from 4,096"),
        ("olmo-3-32b", "YaRN × 8 from 8,192 in 16 of 64 layers"),
        ("deepseek-v3", "YaRN × 40 from 4,096"),
        ("deepseek-v4-pro", "YaRN × 16 from 65,536"),
        ("llama-3.1-8b", "Llama 3 RoPE × 8 from 8,192"),
        ("phi-3.5-moe", "LongRoPE × 32 from 4,096"),
        ("gemma-3-27b", "linear RoPE × 8 in 10 of 62 layers"),
        ("hunyuan-large-389b", "dynamic RoPE α 1,000"),
        ("internlm3-8b", "dynamic RoPE × 6"),
        ("qwen-7b", "dynamic RoPE from 8,192"),
    ],
)
def test_by_hand(model: str, said: str) -> None:
    assert said in texts(model)
    assert said in texts(model, "column")


@pytest.mark.parametrize("model", drawings())
def test_every_extension_is_said(model: str) -> None:
    root = find(model).architecture.root
    blocks = [block for layer in distinct_layers(root) for block in mixers(layer)]
    found = {extension(block) for block in blocks} - {""}
    shown = texts(model) if found else []
    for said in found:
        assert any(text.startswith(said) for text in shown), said
