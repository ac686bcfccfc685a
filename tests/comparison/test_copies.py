"""Models that repeat another's architecture are recognized by their trees, whatever they are called."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm_gallery.architecture.block import tensors
from llm_gallery.catalog.load import find
from llm_gallery.comparison.compare import compare

COPIES = [
    ("deepseek-v3", "deepseek-r1"),
    ("deepseek-v3", "deepseek-v3.1"),
    ("glm-4.5-air", "intellect-3-106b"),
    ("glm-5", "glm-5.1"),
    ("kimi-k2.5", "kimi-k2.6"),
    ("kimi-k2.6", "kimi-k2.7-code"),
    ("lfm2-1.2b", "lfm2.5-1.2b"),
    ("minimax-m2", "minimax-m2.5"),
    ("qwen2-7b", "qwen2.5-7b"),
    ("qwen3.5-27b", "qwen3.6-27b"),
    ("qwen3.6-27b", "btl-3-27b"),
    ("qwen3.5-397b-a17b", "intern-s2-397b"),
    ("qwen3.6-27b", "qwen3.8-27b"),
    ("qwen3.6-35b-a3b", "ornith-1.5-35b-a3b"),
]
LONGER = [
    ("glm-4.5", "glm-4.7"),
    ("kimi-k2", "kimi-k2-thinking"),
    ("laguna-xs.2", "laguna-xs-2.1"),
    ("minimax-m2.5", "minimax-m2.7"),
    ("nemotron-3-nano-30b-a3b", "soofi-s-30b-a3b"),
    ("qwen3-30b-a3b", "qwen3-coder-30b-a3b"),
]
"""The same tensors, for longer texts."""
OTHER = [
    ("deepseek-v3", "deepseek-v3.2"),
    ("glm-5.1", "glm-5.2"),
    ("llama-2-7b", "baichuan2-7b"),
    ("lfm2-8b-a1b", "lfm2.5-8b-a1b"),
    ("mimo-v2-flash", "mimo-v2.5"),
]
"""Of one family, and yet not the same."""


def stored(model: str) -> dict[str, tuple[int, ...]]:
    return {tensor.name: tensor.shape for tensor in tensors(find(model).architecture.root)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(*pair, marks=pytest.mark.whole if n % 3 else ())
        for n, pair in enumerate(COPIES)
    ],
)
def test_copy_is_recognized(first: str, second: str) -> None:
    (difference,) = compare([find(first), find(second)]).differences
    assert difference.changes == ()
    assert difference.sentences[0].endswith("'s architecture, number for number.")
    assert stored(first) == stored(second)


@pytest.mark.parametrize(("first", "second"), LONGER)
def test_copy_for_longer_texts_differs_in_nothing_stored(first: str, second: str) -> None:
    (difference,) = compare([find(first), find(second)]).differences
    assert {change.role for change in difference.changes} <= {"model", "token_mixer"}
    assert any("a longer context" in change.words for change in difference.changes)
    assert stored(first) == stored(second)


@pytest.mark.parametrize(("first", "second"), OTHER)
def test_relative_is_no_copy(first: str, second: str) -> None:
    (difference,) = compare([find(first), find(second)]).differences
    assert difference.changes
    assert "number for number" not in " ".join(difference.sentences)


def test_gemma_3_scales_its_embedding_as_gemma_2_and_4_do() -> None:
    models = [find(model) for model in ("gemma-2-27b", "gemma-3-27b", "gemma-4-31b")]
    for pair in pairwise(models):
        (difference,) = compare(pair).differences
        assert "embedding_scale" not in {change.key for change in difference.changes}
    (last,) = compare(models[1:]).differences
    assert "layer_scale" in {change.key for change in last.causes}


def test_baichuan_2_is_llama_2_with_a_normed_head() -> None:
    (difference,) = compare([find("llama-2-7b"), find("baichuan2-7b")]).differences
    assert [change.key for change in difference.causes] == ["normed_head"]
    assert "an output head whose rows are normed" in difference.sentences[0]


def test_vibethinker_is_qwen2_5_at_another_size() -> None:
    (difference,) = compare([find("qwen2.5-7b"), find("vibethinker-3b")]).differences
    assert {change.kind for change in difference.changes if change.key != "tied"} <= {
        "changed",
        "added",
    }
    folded = [
        {
            name.replace(".35.", ".27.")
            for name in stored(model)
            if "layers.27." in name or "layers.35." in name
        }
        for model in ("qwen2.5-7b", "vibethinker-3b")
    ]
    assert folded[0] == folded[1]
