"""The lines of a printed file that compute a part: by the function that is called for it, or that reads its weights."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.catalog.model_code import code
from llm_gallery.parts.code import code_lines
from llm_gallery.parts.details import parts
from llm_gallery.parts.words import STEPS

STEPPED = ("qwen3-next-80b-a3b", "rwkv-4-7b")
ASKED = {
    "qwen3-next-80b-a3b": {
        "model.layers.0.linear_attn": ("gated_deltanet", "q, k, v, gate = np.split("),
        "model.layers.0.linear_attn.conv1d": ("", "mixed, inputs = convolution(mixed"),
        "model.layers.3.self_attn": ("attention", "q, gate = np.split("),
        "model.layers.3": ("attention_layer", "y = rms_norm(x, "),
        "model.layers.0.mlp.gate": ("", 'scores = x @ w["gate.weight"].T'),
        "model.layers.0.mlp.experts": ("mlp", "gate, up = x @ "),
        "model.embed_tokens": ("", 'x = w.rows("model.embed_tokens.weight", tokens)'),
        "lm_head": ("", 'return x @ w["lm_head.weight"].T'),
    },
    "gpt2-xl": {
        "transformer.h.0.attn.c_proj": ("", 'return o @ w["c_proj.weight"]'),
        "lm_head": ("", 'return x @ w["transformer.wte.weight"].T'),
    },
    "gemma-3-27b": {"language_model.model.layers.5.self_attn": ("attention", "q, k = x @ ")},
}


@pytest.mark.parametrize("model", ASKED)
def test_parts_have_their_lines(model: str) -> None:
    """Each at the line of the file where it stands."""
    text = code(find(model))
    held = parts(find(model).architecture.root, text)["parts"]
    lines = text.splitlines()
    for path, (function, begins) in ASKED[model].items():
        found = held[path]["code"]
        assert found["function"] == function, path
        assert found["text"].startswith(begins), path
        at = lines[found["first"] - 1]
        assert at.startswith(f"def {function}(") if function else at.strip().startswith(begins)


def test_steps_have_their_functions() -> None:
    """RoPE's own lines, not all of attention; each name is that of a function in some printed file."""
    found = [parts(find(m).architecture.root, code(find(m)))["steps"] for m in STEPPED]
    assert found[0]["rope"]["function"] == "rope"
    assert found[0]["choice"]["function"] == "routed"
    assert {slug for one in found for slug in one} == set(STEPS)


def test_what_no_line_computes_has_none() -> None:
    text = code(find("deepseek-v3"))
    assert code_lines(text).of("model.layers.61.eh_proj") is None
    assert code_lines(text).of("nowhere") is None
    held = parts(find("deepseek-v3").architecture.root, text)["parts"]
    assert held["model.layers.61"]["code"] is None  # beside the model


def test_nearly_every_part_of_a_layer_has_a_line() -> None:
    for model in ("llama-3-8b", "deepseek-v3", "falcon-h1-7b", "mamba-2.8b"):
        told = parts(find(model).architecture.root, code(find(model)))
        inside = [
            part["code"]
            for path, part in told["parts"].items()
            if "at" in part and path.count(".") > 2
        ]
        assert all(inside), model
