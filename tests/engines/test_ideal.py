"""The ideal: what the model itself needs, equal to its cache and state."""

from __future__ import annotations

import pytest

from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.engines.device import Device
from llm_gallery.engines.ideal import ENGINE, terms
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term, reserved
from tests import sample
from tests.analysis.small import DELTA, EXPERTS, small


def subject(model: str) -> Subject:
    """A model of the catalog."""
    found = find(model)
    return Subject(found.name, found.architecture, found.config)


@pytest.mark.parametrize("name", sample.models())
def test_it_is_the_cache_that_the_model_needs(name: str) -> None:
    asked = subject(name)
    made, kept = terms(asked, "bf16", ALONE), cache(asked.root)
    for length in (1, 100, 1024, 4097, 131_072):
        assert reserved(made, length) == kept.at(length)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("f16", 131_072), ("fp8", 65_536), ("q8_0", 69_632), ("q4_0", 36_864)],
)
def test_a_token_in_each_type(name: str, unit: int) -> None:
    assert terms(subject("llama-3-8b"), name, ALONE) == (Term("GQA", 32, unit, dtype=name),)


def test_a_state_has_its_own_dtype() -> None:
    found = small("qwen3_next", **EXPERTS, **DELTA)
    rows = terms(Subject("small", found), "q8_0", ALONE)
    assert [(row.label, row.unit, row.step, row.dtype) for row in rows] == [
        ("Gated DeltaNet, state", 4 * 2 * 3 * 5, 0, "float32"),
        ("convolution, state", 2 * (2 * 3 + 10) * 4, 0, "bf16"),
        ("gated MQA", 9, 1, "q8_0"),  # 8 numbers: 8.5 bytes
    ]


def test_ranks_hold_their_heads_and_all_latents() -> None:
    heads, latents = subject("llama-3-8b"), subject("deepseek-v3")
    assert terms(heads, "bf16", Split(tensor=8))[0].unit == 131_072 // 8
    assert terms(heads, "bf16", Split(tensor=16))[0].unit == 131_072 // 8
    assert terms(latents, "bf16", Split(tensor=8)) == terms(latents, "bf16", ALONE)


def test_a_type_that_is_not_known_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        terms(subject("llama-3-8b"), "q9", ALONE)
    assert str(refused.value) == (
        'the cache type is "q9", expected one of bf16, f16, fp8, q8_0, q4_0; name one with --cache'
    )


def test_it_leaves_nothing_and_holds_the_release() -> None:
    device = Device(id="x", name="X", memory=12345, bandwidth=1)
    asked = subject("llama-3-8b")
    assert ENGINE.usable(device) == 12345
    assert ENGINE.in_flight(device) == 0
    assert ENGINE.weights(asked) == ("bf16",)
    rank = ENGINE.placed(asked, "bf16", "bf16", ALONE)[0]
    assert rank.weights == 2 * 8_030_261_248
    assert rank.cache(8192, 2, 0) == 2 * 2**30


def test_no_vocabulary_is_padded() -> None:
    asked = subject("olmo-3-7b")  # 100,278 rows, which 64 doesn't divide
    held = ENGINE.placed(asked, "bf16", "bf16", ALONE)[0].weights
    assert held == 2 * parameters(asked.root).total
