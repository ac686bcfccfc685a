"""A modeling file beside an unknown config: its names choose among families, and what is in it never runs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.recognition import guess
from llm_gallery.recognition.modeling import modeling
from llm_gallery.sources import modeling_file
from llm_gallery.sources.modeling_file import LARGEST

CONFIG: dict[str, Any] = {
    "model_type": "stranger", "vocab_size": 32000, "hidden_size": 4096, "intermediate_size": 11008,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "hidden_act": "silu",
    "max_position_embeddings": 4096, "rope_theta": 10000.0, "rms_norm_eps": 1e-6, "head_dim": 128,
    "attention_bias": False, "tie_word_embeddings": False,
}  # fmt: skip
LINES = {
    "before": "self.input_layernorm = StrangerRMSNorm(1)\nself.post_attention_layernorm = StrangerRMSNorm(1)",
    "after": "self.post_attention_layernorm = StrangerRMSNorm(1)\nself.post_feedforward_layernorm = StrangerRMSNorm(1)",
    "windows": "self.w = config.sliding_window\nself.u = config.use_sliding_window\nself.m = config.max_window_layers\nself.t = config.layer_types",
    "heads": "self.q_norm = StrangerRMSNorm(1)\nself.k_norm = StrangerRMSNorm(1)",
}
PLAIN = """\
raise SystemExit("it ran")
class StrangerLayer(nn.Module):
    def __init__(self, config):
        self.mlp = StrangerMLP(config)
        self.self_attn = StrangerAttention(config)
        self.q_proj = nn.Linear(1, 1)
        self.k_proj = nn.Linear(1, 1)
        self.v_proj = nn.Linear(1, 1)
        self.o_proj = nn.Linear(1, 1)
        self.gate_proj = nn.Linear(1, 1)
        self.up_proj = nn.Linear(1, 1)
        self.down_proj = nn.Linear(1, 1)
        self.dropout = nn.Dropout(config.attention_dropout)
""" + "".join(f"        self.own = config.{key}\n" for key in CONFIG)


def file(*norms: str) -> str:
    """A module that makes these norms."""
    lines = "\n".join(LINES[norm] for norm in norms).splitlines()
    return PLAIN + "".join(f"        {line}\n" for line in lines)


def test_parts_choose_among_families_that_read_the_same_keys() -> None:
    """A decoder's keys don't say where its norms are: a modeling file does."""
    assert guess(CONFIG, file("before")).guess == "llama"
    assert guess(CONFIG, file("before", "heads", "windows")).guess == "qwen3"
    assert guess(CONFIG, file("after", "heads")).guess in ("olmo2", "olmo3")


def test_what_differs_is_told() -> None:
    made = guess(CONFIG, file("before") + "        self.memory_gate = nn.Linear(1, 1)\n")
    more = next(line for line in made.warnings if "makes parts that" in line)
    assert "memory_gate" in more
    assert "dropout" not in more
    assert not any("modeling file" in line for line in guess(CONFIG).warnings)


def test_a_file_that_keeps_a_whole_model_tells_nothing_of_its_layers() -> None:
    """As Llama 3-V's does: its few names are in no family, and the one of the fewest would be the most alike."""
    thin = "class M:\n    def __init__(self, c):\n        self.model = LlamaForCausalLM(c)\n"
    made = guess(CONFIG, thin)
    assert made.guess == guess(CONFIG).guess == "llama"
    assert any("makes no layers of its own" in line for line in made.warnings)


def test_the_file_is_read_and_not_run() -> None:
    found = modeling(PLAIN + "from transformers.models.llama.modeling_llama import LlamaMLP\n")
    assert found.parts == {
        *("mlp", "self_attn", "q_proj", "k_proj", "v_proj", "o_proj"),
        *("gate_proj", "up_proj", "down_proj"),
    }
    assert found.after == {"llama"}
    assert found.keys == {"attention_dropout", *CONFIG}
    with pytest.raises(Refusal, match="is no Python"):
        modeling("def (")
    with pytest.raises(Refusal, match="is no Python"):
        modeling("\0")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG), "utf-8")
    (tmp_path / "modeling_a.py").write_text(file("before"), "utf-8")
    (tmp_path / "modeling_b.py").write_text(file("before", "heads", "windows"), "utf-8")
    return tmp_path


def test_it_is_found_beside_the_config(folder: Path) -> None:
    for place in (folder, folder / "config.json"):
        assert find(str(place), guess=True).architecture.guess == "llama"
    named = {**CONFIG, "auto_map": {"AutoModelForCausalLM": "modeling_b.StrangerForCausalLM"}}
    (folder / "config.json").write_text(json.dumps(named), "utf-8")
    assert find(str(folder), guess=True).architecture.guess == "qwen3"


def test_what_can_be_no_file_is_passed_over(folder: Path, tmp_path: Path) -> None:
    odd: tuple[object, ...] = (7, {"AutoModel": "../x.py"}, {"AutoModel": ["modeling_b.X"]}, None)
    for said in odd:
        found = modeling_file.modeling_file({"auto_map": said}, str(folder), None)
        assert found == file("before")
    (folder / "modeling_a.py").write_text("#" * (LARGEST + 1), "utf-8")
    assert modeling_file.modeling_file({}, str(folder), None) == ""
    (folder / "modeling_a.py").write_bytes(b"\xff")
    with pytest.raises(Refusal, match="not UTF-8"):
        modeling_file.modeling_file({}, str(folder), None)
