"""Configs that strangers send: of models that the catalog doesn't have, transcribed as published.

strangers.json holds what transformers 5.25 stores for each, tensor by tensor, in one number; for the
types that it lacks (Baichuan, ChatGLM), the published total. No torch is needed.
"""

from __future__ import annotations

import json
from math import prod
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.architecture.block import walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.figure import Heading, draw
from llm_gallery.recognition import describe, guess
from tests.sample import first
from tools.digests import described

SENT: dict[str, dict[str, Any]] = json.loads(
    Path(__file__).with_name("strangers.json").read_text("utf-8")
)


@pytest.mark.parametrize("model", first(SENT, [*SENT][::4]))
def test_elements(model: str) -> None:
    sent = SENT[model]
    architecture = describe(sent["config"])
    assert sum(map(prod, described(architecture.root).values())) == sent["elements"]
    assert facts(architecture)["parameters"]["total"] > 0
    assert sheet(architecture)
    assert draw(architecture, Heading(name=model)).alone(outlined=False)


MINICPM3 = {
    "vocab_size": 73448, "hidden_size": 2560, "intermediate_size": 6400, "num_hidden_layers": 62,
    "num_attention_heads": 40, "num_key_value_heads": 40, "q_lora_rank": 768, "kv_lora_rank": 256,
    "qk_nope_head_dim": 64, "qk_rope_head_dim": 32, "v_head_dim": 64, "hidden_act": "silu",
    "max_position_embeddings": 32768,
}  # fmt: skip
NESTED = {
    "d_model": 6144, "n_heads": 48, "n_layers": 40, "vocab_size": 100352, "max_seq_len": 32768,
    "mixer": {"key_heads": 8}, "experts": {"many": 16, "inner": 10752},
}  # fmt: skip
LLAMA = {
    "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
    "num_attention_heads": 32, "num_key_value_heads": 32, "hidden_act": "silu",
    "max_position_embeddings": 4096, "rope_theta": 10000.0,
}  # fmt: skip


def test_a_guess_takes_a_family_that_reads_the_ranks() -> None:
    """A dense family once passed over them, since it had looked them up as no concern of its own."""
    made = guess({**MINICPM3, "model_type": "unheard_of", "scale_emb": 12})
    assert any(block.kind == "latent_attention" for _, block in walk(made.root))


@pytest.mark.parametrize(
    "config",
    [
        {**NESTED, "model_type": "unheard_of"},
        {**LLAMA, "model_type": "bert", "type_vocab_size": 2},
        {**LLAMA, "model_type": "unheard_of", "use_cla": True, "num_shared_expert": 1},
        {**LLAMA, "model_type": "unheard_of", "moe": {"num_experts": 8}},
    ],
    ids=[
        "sizes in an object",
        "encoder",
        "shared expert",
        "experts in an object",
    ],
)
def test_a_guess_passes_over_nothing_structural(config: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        guess(config)


def test_a_guess_takes_the_family_that_reads_cross_attention() -> None:
    made = guess({**LLAMA, "model_type": "unheard_of", "cross_attention_layers": [3, 8]})
    crossing = [path for path, block in walk(made.root) if block.kind == "cross_attention"]
    assert [path.split(".")[-2] for path in crossing] == ["3", "8"]
    assert made.guess == "mllama_text_model"


def test_a_guess_at_a_wrapper_is_its_language_model() -> None:
    made = guess({"model_type": "llava", "text_config": {**LLAMA, "model_type": "llama"}})
    alone = describe({**LLAMA, "model_type": "llama"})
    assert made.root == alone.root
    assert (made.guess, made.assumed) == ("llama", alone.assumed)
    assert any("other parts are not" in line for line in made.warnings)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"architectures": ["LlamaForSequenceClassification"]}, "LlamaForSequenceClassification"),
        ({"architectures": ["LlamaModel"]}, "LlamaModel"),
        ({"attention_head_type": "multiquery"}, "attention_head_type"),
        ({"num_experts": 8}, "num_experts"),
    ],
)
def test_what_may_be_otherwise_is_warned_of(change: dict[str, Any], said: str) -> None:
    assert describe({**LLAMA, "model_type": "llama"}).warnings == ()
    (line,) = describe({**LLAMA, "model_type": "llama", **change}).warnings
    assert said in line
