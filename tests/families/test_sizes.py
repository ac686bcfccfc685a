"""No size, count or byte is ever negative, nor a number that JSON lacks: of every float that a config states."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Fact, derived
from llm_gallery.architecture.parts import facts, linear
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.sizes import LARGEST, sized
from llm_gallery.catalog.load import entries
from llm_gallery.recognition import describe, guess
from tests.odd_configs import changed, fault, places
from tests.sample import catalog, dozen, first

CONFIGS = {entry.id: entry.config for entry in entries()}
ODD = (-1, 0, 1e-320, 1e18)


@pytest.mark.parametrize("model", first(catalog(), (), {*catalog()} - {*dozen()}))
def test_floats_are_counted_right_or_refused(model: str) -> None:
    config = CONFIGS[model]
    for place in places(config):
        held: Any = config
        for key in place:
            held = held[key]
        if isinstance(held, float):
            for value in ODD:
                assert fault(changed(config, place, value)) == "", (place, value)


FACTORS = ("qk_dim_factor", "v_dim_factor", "ffn_proj_factor")


@pytest.mark.parametrize("key", FACTORS)
@pytest.mark.parametrize("value", [-1, -0.5, 0])
def test_a_guess_is_checked_too(key: str, value: float) -> None:
    with pytest.raises(Refusal):
        guess({**CONFIGS["xlstm-7b"], "model_type": "unheard_of", key: value})


def model(part: Block) -> Block:
    return Block(
        "language_model",
        inside=(Block("stack", "layers", inside=(Block("layer", inside=(part,)),)),),
    )


@pytest.mark.parametrize("size", [0, -1, LARGEST + 1])
def test_a_tensor_names_the_keys_behind_its_size(size: int) -> None:
    mixer = Block(
        "attention",
        "attn",
        facts(head_dim=derived(abs(size), "hidden_size x factor")),
        inside=(linear("q_proj", 4, size),),
    )
    with pytest.raises(Refusal) as refused:
        sized(model(mixer))
    found = str(refused.value)
    if size < 0:  # a fact says it first
        assert found.startswith("outputs of q_proj comes to -1, expected 0 or more")
    else:
        assert found.startswith(
            "a size of layers.0.attn.q_proj.weight (hidden_size x factor) comes to "
        )
        assert ", expected 1 to " in found


@pytest.mark.parametrize("value", [inf, -inf, nan])
def test_a_factor_is_finite(value: float) -> None:
    with pytest.raises(
        Refusal, match=r"scale of mlp \(1 / key\) comes to .*, expected a finite number"
    ):
        sized(model(Block("mlp", "mlp", {"scale": Fact(value, "derived", "1 / key")})))


@pytest.mark.parametrize(("copies", "used"), [(0, 1), (2, 3), (2, -1)])
def test_no_more_copies_run_than_there_are(copies: int, used: int) -> None:
    with pytest.raises(
        Refusal, match=f"of {copies} copies of experts {used} run for one token, expected at least"
    ):
        sized(model(replace(Block("mlp", "experts"), copies=copies, used=used)))


def test_what_can_be_stays() -> None:
    part = Block("mlp", "mlp", facts(scale=-0.5, inner=0), (Tensor("weight", (1, LARGEST)),))
    assert sized(model(part)) == model(part)
    assert describe(CONFIGS["glm-5.3-flash"])  # whose decays have a floor below 0
