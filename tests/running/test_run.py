"""A run by itself: one by one as all at once, float32 as float64, and refusals that say what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from llm_gallery import Refusal, catalog, describe, miniature, run, tensors
from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Architecture, walk
from llm_gallery.code.binding import CHOOSING
from llm_gallery.code.file import printed
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.forward.indexer import OWN
from llm_gallery.running.random_weights import integers

CONFIGS = {entry.id: entry.config for entry in catalog()}
MODELS = (
    "gpt2-xl", "gemma-3-27b", "gpt-oss-20b", "deepseek-v3", "lfm2-1.2b", "qwen3-next-80b-a3b", "kimi-linear-48b-a3b",
    "mamba-2.8b", "nemotron-3-super-120b-a12b", "minimax-text-01", "xlstm-7b", "rwkv-4-7b",
    "zaya1-8b",
)  # fmt: skip
LOOKING_UP = ("qwen3.8-flash-next-125b-a6b", "longcat-flash-lite-68.5b-a3b")
"""Models that keep numbers of tokens, which are whole whatever the dtype."""
TOKENS = [3, 14, 15, 92, 65, 35, 89, 79]


def test_what_an_indexer_keeps_has_one_name() -> None:
    assert CHOOSING == OWN


def small(model: str) -> Architecture:
    return describe(miniature(CONFIGS[model]))


def weights(architecture: Architecture, dtype: Any = np.float64) -> dict[str, Any]:
    draw, whole = np.random.default_rng(5), integers(architecture.root)
    made = {
        t.name: (draw.normal(size=t.shape) * t.shape[-1] ** -0.5).astype(dtype)
        for t in tensors(architecture)
        if t.tied_to is None
    }
    return {**made, **whole}


def kept(architecture: Architecture) -> int:
    """Numbers that the fact sheet states to be kept after all tokens."""
    return cache(architecture.root).elements_at(len(TOKENS))


def test_a_part_is_given_what_its_mechanism_reads() -> None:
    """With positions read off the tokens, both agree where a text counts its tokens, and nowhere else."""
    architecture = small("gpt2-xl")
    held, texts = weights(architecture), (range(8), range(7, -1, -1))
    usual = [run(architecture, held, text)[0] for text in texts]
    by_token = replace(MECHANISMS["position_embedding"], reads=("tokens",))
    with patch.dict(MECHANISMS, {"position_embedding": by_token}):
        architecture = small("gpt2-xl")
        counted, other = (run(architecture, held, text)[0] for text in texts)
        file = printed(architecture, "")
    assert np.array_equal(counted, usual[0])
    assert not np.allclose(other, usual[1])
    assert "rows('transformer.wpe.weight', tokens)" in file


@pytest.mark.parametrize("model", MODELS)
def test_one_by_one_as_all_at_once(model: str) -> None:
    architecture = small(model)
    held = weights(architecture)
    scores, past = run(architecture, held, TOKENS)
    first, grown = run(architecture, held, TOKENS[:3])
    then, grown = run(architecture, held, TOKENS[3:], grown)
    assert np.allclose(np.concatenate([first, then]), scores, rtol=0, atol=1e-12)
    assert grown.seen == past.seen == len(TOKENS)
    assert grown.nbytes == past.nbytes == 8 * kept(architecture)


@pytest.mark.parametrize("model", MODELS)
def test_in_float32_all_stays_float32(model: str) -> None:
    architecture = small(model)
    scores, past = run(architecture, weights(architecture, np.float32), TOKENS)
    assert scores.dtype == np.float32
    assert past.nbytes == 4 * kept(architecture)
    assert np.allclose(scores, run(architecture, weights(architecture), TOKENS)[0], atol=1e-4)


def test_a_temperature_without_numbers_is_refused() -> None:
    """As in a Mistral Large 3 whose config leaves `llama_4_scaling` out."""
    config = dict(CONFIGS["mistral-large-3-675b"])
    del config["llama_4_scaling"]
    architecture = describe(miniature(config))
    with pytest.raises(Refusal, match="can't run yet: how far queries grow is None"):
        run(architecture, weights(architecture), TOKENS)


@pytest.mark.parametrize("model", LOOKING_UP)
def test_tokens_are_kept_as_whole_numbers(model: str) -> None:
    architecture = small(model)
    held = weights(architecture, np.float32)
    (longest,) = {
        block.number("longest")
        for _, block in walk(architecture.root)
        if block.kind == "ngram_memory"
    }
    first, grown = run(architecture, held, TOKENS[:3])
    then, grown = run(architecture, held, TOKENS[3:], grown)
    scores = run(architecture, held, TOKENS)[0]
    assert scores.dtype == then.dtype == np.float32
    assert np.allclose(np.concatenate([first, then]), scores, rtol=0, atol=1e-4)
    assert grown.nbytes == 4 * (kept(architecture) + longest - 1)


def test_what_no_tensor_holds_is_said() -> None:
    with pytest.raises(Refusal, match="can't run yet: its tokenizer's texts say which tokens"):
        run(small("deepseek-v4.1-flash"), {}, TOKENS)


def test_a_missing_tensor_is_named() -> None:
    architecture = small("gpt2-xl")
    held = weights(architecture)
    del held["transformer.h.0.mlp.c_fc.weight"]
    with pytest.raises(Refusal, match=r"transformer\.h\.0\.mlp\.c_fc\.weight is missing"):
        run(architecture, held, TOKENS)


def test_another_shape_is_refused() -> None:
    architecture = small("gpt2-xl")
    held = weights(architecture)
    held["transformer.ln_f.weight"] = np.ones(3)
    with pytest.raises(Refusal, match=r"transformer\.ln_f\.weight is \(3,\), expected \(64,\)"):
        run(architecture, held, TOKENS)
