"""Models over ranks: bytes of the rank with most, what doesn't divide, and that what is offered instead does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pytest

from llm_gallery import Refusal
from llm_gallery.catalog.load import model
from llm_gallery.engines import division
from llm_gallery.engines.division import alike, check
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.released import released, released_dtypes
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from tests.sample import models

GIB = 2**30
H200 = 143_771 * 2**20


def subject(name: str, **config: Any) -> Subject:
    """A model of the catalog, with other keys in its config."""
    found = model(name)
    return Subject(found.name, found.architecture, {**found.config, **config})


def loaded(asked: Subject) -> tuple[Loaded, ...]:
    return released(asked, released_dtypes(asked)[0])


def rank_bytes(held: Iterable[Loaded], split: Split) -> int:
    return division.rank_bytes(alike(held), split)


def refusal(name: str, split: Split, **config: Any) -> str:
    with pytest.raises(Refusal) as refused:
        check(subject(name, **config), split)
    return str(refused.value)


RANKS = (6, 12, 64)
FOUR = Split(2, 2)
SPREAD = Split(2, 2, experts=True)


@pytest.mark.parametrize(
    ("tensor", "split", "expected"),
    [
        (Loaded("norm", 100, "whole"), Split(8), 100),
        (Loaded("up", 100), ALONE, 100),
        (Loaded("up", 100), Split(8), 13),
        (Loaded("up", 100), FOUR, 50),
        (Loaded("up", 100), Split(1, 8), 100),
        (Loaded("k", 80, "pairs", pairs=2), Split(8), 40),
        (Loaded("k", 80, "pairs", pairs=8), Split(4), 20),
        (Loaded("up", 1000, "experts", copies=10), Split(1, 1, experts=True), 1000),
        (Loaded("up", 1000, "experts", copies=10), FOUR, 250),
        (Loaded("up", 1000, "experts", copies=10), SPREAD, 300),
        (Loaded("up", 2880 * 10, "experts", copies=10, inner=2880), ALONE, 2880 * 10),
        (Loaded("up", 2880 * 10, "experts", copies=10, inner=2880), Split(2), 1472 * 10),
        (Loaded("up", 2880 * 10, "experts", copies=10, inner=2880), Split(2, 4), 384 * 10),
        (Loaded("up", 2880 * 10, "experts", copies=10, inner=2880), SPREAD, 2880 * 3),
        (Loaded("up", 2880 * 10, "experts", copies=10, inner=2048), Split(8), 2880 * 10 // 8),
        (Loaded("up", 100, "shared"), FOUR, 50),
        (Loaded("up", 100, "shared"), SPREAD, 100),
        (Loaded("up", 100, "shared"), Split(2, experts=True), 50),
        (Loaded("up", 100, "shared"), Split(1, 2, experts=True), 100),
        (Loaded("head", 100 * 8, vocabulary=100), ALONE, 128 * 8),
        (Loaded("head", 100 * 8, vocabulary=100), Split(4), 128 * 2),
        (Loaded("head", 128 * 8, vocabulary=128), Split(4), 128 * 2),
        (Loaded("table", 100, on_host=True), ALONE, 0),
    ],
)
def test_what_the_rank_with_most_holds(tensor: Loaded, split: Split, expected: int) -> None:
    assert rank_bytes([tensor], split) == expected
    assert rank_bytes([tensor, Loaded("norm", 7, "whole")], split) == expected + 7


def test_deepseek_v3_on_eight_devices() -> None:
    """Tensor parallelism keeps all latents on each; with data parallelism each keeps those of its own sequences."""
    asked = subject("deepseek-v3")
    whole, latents, usable = loaded(asked), 61 * 576 * 2 * 32_768, H200 * 92 // 100
    by_tensor, by_data = Split(8), Split(1, 8, experts=True)
    for split in (by_tensor, by_data):
        check(asked, split)
    shares = {share: sum(t.bytes for t in whole if t.share == share) for share in ("whole", "divided", "experts", "shared")}  # fmt: skip
    padding = 0  # 129,280 rows are a multiple of 64
    assert rank_bytes(whole, by_tensor) == 85_140_130_848
    assert rank_bytes(whole, by_data) == (
        shares["whole"] + shares["divided"] + shares["shared"] + shares["experts"] // 8 + padding
    )
    assert usable - rank_bytes(whole, by_tensor) < by_tensor.sequences(64) * latents
    assert usable - rank_bytes(whole, by_data) > by_data.sequences(64) * latents


@pytest.mark.parametrize("name", models())
def test_no_byte_is_lost_and_what_is_offered_works(name: str) -> None:
    asked = subject(name)
    try:
        held = loaded(asked)
    except Refusal:
        return
    total = sum(tensor.bytes for tensor in held)
    assert rank_bytes(held, ALONE) - total == sum(
        tensor.bytes // tensor.vocabulary * (-tensor.vocabulary % 64)
        for tensor in held
        if tensor.vocabulary
    )
    check(asked, ALONE)
    mixture = any(tensor.share == "experts" for tensor in held)
    for experts in (False, True)[: 1 + mixture]:
        before = rank_bytes(held, ALONE)
        for ranks in (2, 4, 8, 16):
            now = rank_bytes(held, Split(ranks, 1, experts))
            assert now <= before
            assert ranks * now >= total
            before = now
        for ranks in RANKS:
            works_or_offers(asked, Split(ranks, 1, experts))
            works_or_offers(asked, Split(2, ranks // 2, experts))


def works_or_offers(asked: Subject, split: Split) -> None:
    """A split that works, or one for which others are named that do."""
    try:
        check(asked, split)
    except Refusal as refused:
        message = str(refused)
        if message.endswith("that is known to divide; use --tp 1"):
            check(asked, split._replace(tensor=1, data=1))
            return
        offers = offered(message, split)
        assert offers
        for offer in offers:
            assert offer.tensor * offer.data == split.ranks
            check(asked, offer)


def offered(message: str, split: Split) -> list[Split]:
    """The splits that a refusal names."""
    found = []
    for words in re.split(r", | or ", message.rpartition("; use ")[2]):
        numbers = [int(number) for number in re.findall(r"\d+", words)]
        tensor = numbers[0] if numbers else split.tensor
        data = numbers[1] if len(numbers) > 1 else split.ranks // tensor
        found.append(Split(tensor, data, split.experts or "--ep" in words))
    return found


@pytest.mark.parametrize(
    ("name", "split", "why"),
    [
        ("phi-4", Split(8), "Phi-4 has 10 key-value heads, expected a number that 8 ranks divide; use --tp 1 or 2"),
        ("phi-4", Split(4, 2), "Phi-4 has 10 key-value heads, expected a number that 4 ranks divide; use --tp 1 --dp 8 or --tp 2 --dp 4"),
        ("phi-4", Split(5), "Phi-4 has 100,352 rows of its padded vocabulary, expected a number that 5 ranks divide; use --tp 1"),
        ("phi-4", Split(2, experts=True), "Phi-4 has no experts, expected some to spread over ranks; leave out --ep"),
        ("mixtral-8x7b", Split(3), "Mixtral 8x7B has 32,000 rows of its padded vocabulary, expected a number that 3 ranks divide; use --tp 1 --ep"),
        ("minimax-m2.5", Split(16), "MiniMax M2.5 has 1,536 channels inside each expert in blocks of 128, expected a number that 16 ranks divide; use --ep"),
        ("minimax-m2.5", Split(2, 8), "MiniMax M2.5 has 1,536 channels inside each expert in blocks of 128, expected a number that 16 ranks divide; use --ep"),
        ("nemotron-h-56b", Split(16), "Nemotron-H 56B has 8 groups of Mamba-2, expected a number that 16 ranks divide; use --tp 1, 2, 4 or 8"),
        ("rwkv-7-2.9b", Split(2), "RWKV-7 2.9B has RWKV-7, expected a mixer that is known to divide; use --tp 1"),
    ],
)  # fmt: skip
def test_what_doesnt_divide_is_refused(name: str, split: Split, why: str) -> None:
    assert refusal(name, split) == why


def test_a_tower_that_doesnt_divide_is_refused() -> None:
    tower = {"num_attention_heads": 6, "model_type": "siglip_vision_model"}
    assert refusal("gemma-3-27b", Split(4), vision_config=tower) == (
        "Gemma 3 27B has 6 heads in its vision tower, expected a number that 4 ranks divide; use --tp 1 or 2"
    )


def test_experts_of_gpt_oss_are_padded_on_each_rank() -> None:
    held = loaded(subject("gpt-oss-20b"))
    packed = [tensor for tensor in held if tensor.inner]
    assert {tensor.inner for tensor in packed} == {2880}
    assert {tensor.name.rpartition(".")[2] for tensor in packed} == {"gate_up_proj", "down_proj"}
    assert rank_bytes(packed, Split(4)) * 2880 == 768 * sum(tensor.bytes for tensor in packed)
    assert not any(tensor.inner for tensor in loaded(subject("deepseek-v3")))


def test_towers_of_transformers_arent_divided() -> None:
    """Gemma 4's of 12 heads: each of 8 ranks holds it whole."""
    asked = subject("gemma-4-e4b")
    check(asked, Split(8))
    towers = [t for t in loaded(asked) if "tower" in t.name]
    assert rank_bytes(towers, Split(8)) == sum(t.bytes for t in towers) > 0


def test_deepseek_v3_over_32_ranks() -> None:
    """As https://github.com/vllm-project/vllm/issues/12256 found out."""
    assert refusal("deepseek-v3", Split(32)) == (
        "DeepSeek V3 has 18,432 channels inside an MLP in blocks of 128, expected a number that 32 ranks divide; "
        "use --tp 16 --ep"
    )


def test_groups_of_whole_numbers_stay_whole_but_in_experts() -> None:
    asked = {"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": 128}}
    assert refusal("qwen2.5-72b", Split(2), **asked) == (
        "Qwen2.5 72B has 29,568 channels inside an MLP in blocks of 128, expected a number that 2 ranks divide; use --tp 1"
    )
    check(subject("qwen2.5-72b"), Split(2))
    check(subject("qwen3-30b-a3b", **asked), Split(4))


def test_experts_in_blocks_stay_whole() -> None:
    """Qwen3's 1,536 over 8 ranks are 192, which blocks of 128 don't divide."""
    asked = {"quantization_config": {"quant_method": "fp8", "weight_block_size": [128, 128]}}
    assert refusal("qwen3-235b-a22b", Split(8), **asked) == (
        "Qwen3 235B-A22B has 1,536 channels inside each expert in blocks of 128, expected a number that 8 ranks divide; "
        "use --ep"
    )
    check(subject("qwen3-235b-a22b"), Split(8))
    check(subject("qwen3-235b-a22b", **asked), Split(8, experts=True))
    check(subject("qwen3-235b-a22b", **asked), Split(4))


def test_pairs_are_copied_beyond_their_number() -> None:
    check(subject("qwen3-30b-a3b"), Split(16))
    asked = loaded(subject("qwen3-30b-a3b"))
    keys = [tensor for tensor in asked if tensor.share == "pairs"]
    assert {tensor.pairs for tensor in keys} == {4}
    assert (
        rank_bytes(keys, Split(16)) == rank_bytes(keys, Split(4)) == sum(t.bytes for t in keys) // 4
    )
