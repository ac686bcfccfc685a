"""Sizes and types of mixes: llama.cpp's own table, cases by hand, and what llama-quantize refuses."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm_gallery import Refusal, describe, quants
from llm_gallery.quants.members import Weight, members
from llm_gallery.quants.mixes import ALIASES, MIXES
from llm_gallery.quants.model import ModelFacts, model_facts
from llm_gallery.quants.rule import BLOCKS, types

LLAMA_8B = {
    "IQ1_S": "2.0042", "IQ1_M": "2.1460", "IQ2_XXS": "2.3824", "IQ2_XS": "2.5882", "IQ2_S": "2.7403",
    "IQ2_M": "2.9294", "IQ3_XXS": "3.2548", "IQ3_XS": "3.4977", "IQ3_S": "3.6606", "IQ3_M": "3.7628",
    "Q2_K_S": "2.9697", "Q2_K": "3.1593", "Q3_K_S": "3.6429", "Q3_K_M": "3.9960", "Q3_K_L": "4.2979",
    "Q4_K_S": "4.6672", "Q4_K_M": "4.8944", "Q5_K_S": "5.5704", "Q5_K_M": "5.7036", "Q6_K": "6.5633",
    "Q8_0": "8.5008", "F16": "16.0005",
}  # fmt: skip
"""Bits a weight of Llama 3.1 8B with an importance matrix, by tools/quantize/README.md of llama.cpp."""
SMALL = ModelFacts("llama", layers=16, experts=0, grouping=4, of_70b=False)
EIGHT = SMALL._replace(experts=8)


def found(
    mix: str, model: ModelFacts = SMALL, *, columns: int = 256, tied: bool = False
) -> dict[str, str]:
    """Types of a small model of 16 layers."""
    ends = ("attn_v", "attn_k", "attn_q", "attn_output", "ffn_down", "ffn_up", "ffn_gate")
    names = [f"blk.{layer}.{end}.weight" for layer in range(16) for end in ends]
    names += ["token_embd.weight"] + ["output.weight"] * (not tied)
    weights = [Weight(name, (512, columns), "BF16") for name in names]
    weights.append(Weight("output_norm.weight", (columns,), "F32"))
    return types(members(weights, model), model, mix)


@pytest.mark.parametrize("mix", LLAMA_8B)
def test_bits_a_weight_are_those_of_llama_cpps_table(mix: str) -> None:
    size = quants("llama-3.1-8b", imatrix=mix == "IQ3_XXS").mix(mix)
    assert f"{size.bits_per_weight:.4f}" == LLAMA_8B[mix]


def test_a_mix_by_hand() -> None:
    """Of 16 layers the first two, the last two and every third between have more bits."""
    held = found("Q4_K_M")
    more = {0, 1, 4, 7, 10, 13, 14, 15}
    for layer in range(16):
        for end in ("attn_v", "ffn_down"):
            assert held[f"blk.{layer}.{end}.weight"] == ("Q6_K" if layer in more else "Q4_K")
    assert held["output.weight"] == "Q6_K"
    assert held["token_embd.weight"] == held["blk.3.attn_k.weight"] == "Q4_K"
    assert held["output_norm.weight"] == "F32"


def test_a_tied_embedding_has_the_types_of_an_output() -> None:
    assert found("Q4_0", tied=True)["token_embd.weight"] == "Q6_K"
    assert found("Q4_0")["token_embd.weight"] == "Q4_0"


def test_eight_experts_and_seventy_billion_have_rules_of_their_own() -> None:
    assert found("Q4_K_M", EIGHT)["blk.5.attn_v.weight"] == "Q8_0"
    assert found("Q4_K_M", EIGHT)["blk.5.attn_k.weight"] == "Q8_0"
    assert found("Q4_K_M", EIGHT)["blk.5.attn_output.weight"] == "Q5_K"
    assert found("IQ2_S", EIGHT)["blk.5.attn_k.weight"] == "Q4_K"
    assert found("Q4_K_S", SMALL._replace(of_70b=True))["blk.9.attn_v.weight"] == "Q5_K"
    assert found("Q3_K_M", SMALL._replace(architecture="falcon"))["blk.3.ffn_down.weight"] == "Q3_K"
    keys = {"general.architecture": "llama", "llama.block_count": 80, "llama.attention.head_count": [64, 64], "llama.attention.head_count_kv": 8}  # fmt: skip
    assert model_facts(keys) == ModelFacts("llama", 80, 0, 8, of_70b=True)


@pytest.mark.parametrize(
    ("mix", "columns", "expected"),
    [("Q4_K_S", 96, "Q5_0"), ("Q6_K", 96, "Q8_0"), ("IQ4_XS", 96, "IQ4_NL"), ("Q6_K", 80, "F16"), ("Q8_0", 80, "F16"), ("Q2_0", 96, "Q4_0")],
)  # fmt: skip
def test_rows_that_no_block_divides_fall_back(mix: str, columns: int, expected: str) -> None:
    assert found(mix, columns=columns)["blk.8.attn_q.weight"] == expected


def test_where_llama_quantize_stops_is_refused() -> None:
    with pytest.raises(
        Refusal, match="a row of 96 isn't whole blocks of Q1_0, expected a multiple of 128"
    ):
        found("Q1_0", columns=96)
    with pytest.raises(Refusal, match='"blk.7.ffn_down.weight" is in none of 7 layers'):
        found("Q8_0", EIGHT._replace(layers=7))


def test_every_mix_has_a_type_and_every_alias_a_mix() -> None:
    assert set(MIXES.values()) <= BLOCKS.keys()
    assert set(ALIASES.values()) <= MIXES.keys()
    with pytest.raises(Refusal, match='"q9" is no mix of llama-quantize, expected one of F32'):
        quants("llama-3.1-8b").mix("q9")
    assert quants("llama-3.1-8b").mix("q4_k").name == "Q4_K_M"


def test_plain_data_is_the_contract() -> None:
    made = quants("mixtral-8x7b").to_json()
    assert made["version"] == "llama.cpp 0c1e570"
    assert [mix["name"] for mix in made["mixes"]] == [*MIXES]
    assert all(mix["bytes"] > 0 and sum(mix["types"].values()) for mix in made["mixes"])
    ordered = [
        mix["bytes"] for mix in made["mixes"] if mix["name"] in ("Q8_0", "Q6_K", "Q4_K_M", "Q2_K")
    ]
    assert all(larger > smaller for larger, smaller in pairwise(ordered))


def test_a_described_architecture_has_no_config_to_convert() -> None:
    with pytest.raises(Refusal, match="expected its config"):
        quants(describe("llama-3.1-8b"))
