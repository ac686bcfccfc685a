"""Live objects of transformers: a config or a model describes as the config.json that it is saved as."""

from __future__ import annotations

import pytest

from llm_gallery import describe, tensors
from llm_gallery.catalog.load import find

pytestmark = pytest.mark.truth


@pytest.mark.parametrize(
    "model", ["qwen3-0.6b", "deepseek-v3", "gemma-3-27b", "nemotron-nano-12b-v2"]
)
def test_a_live_config_has_the_tensors_of_the_file(model: str) -> None:
    from transformers import CONFIG_MAPPING

    config = dict(find(model).config)
    live = CONFIG_MAPPING[config["model_type"]].from_dict(config)
    assert [*tensors(live)] == [*tensors(model)]


def test_a_live_model_is_its_config() -> None:
    from transformers import Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(num_hidden_layers=2, hidden_size=64, intermediate_size=96, vocab_size=50)
    live = Qwen3ForCausalLM(config)
    stored = {name: tuple(tensor.shape) for name, tensor in live.state_dict().items()}
    assert {tensor.name: tensor.shape for tensor in tensors(live)} == stored
    assert describe(live).model_type == "qwen3"
