"""The context before an extension, in each place where a config may state it, or none: the run is the reference's."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.block import layers, mixers
from llm_gallery.code.file import printed
from llm_gallery.code.supported import refused
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from llm_gallery.running.run import run
from tests.truth.test_running import same

SIZES: Mapping[str, Any] = {
    "vocab_size": 96, "hidden_size": 64, "intermediate_size": 40, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 64,
}  # fmt: skip
BEFORE = "original_max_position_embeddings"
FACTORS: Mapping[str, Any] = {
    "short_factor": [1.0, 1.1, 1.3, 1.7, 2.0, 2.2, 2.5, 3.0],
    "long_factor": [1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 9.0],
}
YARN: Mapping[str, Any] = {"rope_type": "yarn", "factor": 4.0}
BANDS: Mapping[str, Any] = {"rope_type": "llama3", "factor": 4.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}  # fmt: skip
CASES: Mapping[str, tuple[Mapping[str, Any], int, float | None]] = {
    "Phi-3, beside": ({"model_type": "phi3", BEFORE: 16, "rope_scaling": {"type": "longrope", **FACTORS}}, 16, 4.0),
    "beside and inside": ({"model_type": "llama", BEFORE: 16, "rope_scaling": {**YARN, BEFORE: 32}}, 16, 4.0),
    "inside": ({"model_type": "llama", "rope_scaling": {**BANDS, BEFORE: 32}}, 32, 4.0),
    "YaRN from nowhere": ({"model_type": "qwen2", "rope_scaling": YARN}, 64, 4.0),
    "bands from nowhere": ({"model_type": "llama", "rope_scaling": BANDS}, 64, 4.0),
    "by the ratio": ({"model_type": "llama", "rope_scaling": {**YARN, "factor": None, BEFORE: 16}}, 16, 4.0),
    "null inside, beside": ({"model_type": "phi3", BEFORE: 16, "rope_scaling": {"type": "longrope", **FACTORS, BEFORE: None}}, 16, 4.0),
}  # fmt: skip
"""Each with the context before, and how far it is extended."""


def facts(config: Mapping[str, Any]) -> tuple[object, object]:
    (one, *_) = mixers(layers(describe(config).root)[0])
    return one.value("original_context"), one.value("rope_factor")


@pytest.mark.parametrize("case", CASES)
def test_what_is_stated_is_what_the_reference_computes_with(case: str) -> None:
    config, before, factor = CASES[case]
    assert facts({**SIZES, **config}) == (before, factor)


@pytest.mark.truth
@pytest.mark.parametrize("case", CASES)
def test_it_runs_as_the_reference_does(case: str) -> None:
    same({**SIZES, **CASES[case][0]})


SWITCHING = {case: config for case, (config, *_) in CASES.items() if "longrope" in str(config)}


@pytest.mark.truth
@pytest.mark.parametrize("case", SWITCHING)
@pytest.mark.parametrize("count", [8, 16, 17, 40])  # the rotation switches after 16 tokens
def test_generation_goes_on_as_the_reference_beyond_the_switch(
    case: str, count: int, tmp_path: Path
) -> None:
    """Keys that were kept before the switch are rotated by the short factors: the reference drops them."""
    import numpy as np
    import torch

    from tests.code.executed import Printed
    from tests.truth.test_code import halved
    from tools import reference_run

    config = reference_run.with_epsilon({**SIZES, **SWITCHING[case]})
    text = [(7 * place + 3) % 96 for place in range(count)]
    with reference_run.doubles():
        made = reference_run.built(config, 1)
        halved(made)
        ids = torch.tensor([text])
        ended = made.generate(ids, attention_mask=torch.ones_like(ids), max_new_tokens=12, do_sample=False, eos_token_id=None, pad_token_id=0)  # fmt: skip
        wanted = reference_run.scores(made, text)
        arrays = {name: value.numpy() for name, value in made.state_dict().items()}
    made.to(torch.bfloat16).save_pretrained(tmp_path)
    described = describe(config)
    file = Printed(printed(described, case))
    weights = file.weights(tmp_path)
    assert np.abs(file.scores(weights, text) - wanted).max() < 1e-5 * np.abs(wanted).max()
    continued = ended[0, count:].tolist()
    assert file.generated(weights, text, 12) == continued
    scores, past = run(described, arrays, text)
    for token in continued:
        assert int(scores[-1].argmax()) == token
        scores, past = run(described, arrays, [token], past)


@pytest.mark.parametrize("case", CASES)
def test_its_miniature_is_extended_as_far(case: str) -> None:
    whole = {**SIZES, **CASES[case][0], "max_position_embeddings": 131072}
    assert facts(miniature(whole))[1] == facts(whole)[1]


def test_texts_that_are_scaled_by_their_length_are_not_run() -> None:
    """Phi-3-small-128k states 1 for short texts and 1.19 for long ones; Phi-3.5-MoE the same of both."""
    held = {"type": "longrope", **FACTORS, BEFORE: 16, "long_mscale": 1.2}
    config = {**SIZES, "model_type": "llama", "max_position_embeddings": 64}
    alike = {**config, "rope_scaling": {**held, "short_mscale": 1.2}}
    assert refused(describe(alike)) == ""
    apart = {**config, "rope_scaling": {**held, "short_mscale": 1.0}}
    assert "short texts are scaled otherwise than long ones" in refused(describe(apart))
