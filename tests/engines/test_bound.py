"""The bound counted on paper: for decoding, for reading, on several ranks, and the band of real runs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.catalog.load import find
from llm_gallery.engines.bound import (
    Weights,
    band,
    bandwidth_alone,
    decoding,
    peak,
    reading,
    speed,
    text_speed,
    unbounded,
    weights_read,
    wide,
)
from llm_gallery.engines.compute import step_flops, text_flops
from llm_gallery.engines.device import Device
from llm_gallery.engines.ideal import ENGINE
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.request import Request
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject

RATE = 1008 * 10**9
CARD = Device(id="card", name="Card", memory=24 << 30, bandwidth=RATE)
PEAKS = {"fp32": 80, "bf16": 160, "fp16": 330, "fp8": 660, "int8": 661, "fp4": 1300}
FAST = Device(id="fast", name="Fast", memory=80 << 30, bandwidth=RATE, peak=PEAKS)
EMBEDDING = Loaded("embedding", 1000, read=False)
BODY = Loaded("body", 6000)
EXPERTS = Loaded("experts", 64_000, "experts", copies=64, used=6)


def asked(
    model: str, context: int, *, sequences: int = 1, split: Split = ALONE, device: Device = CARD
) -> Request:
    """A request of a model of the catalog in 16 bits."""
    found = find(model)
    return Request(
        subject=Subject(found.name, found.architecture, found.config),
        engine=ENGINE,
        device=device,
        split=split,
        cache="f16",
        context=context,
        sequences=sequences,
    )


def test_an_untied_embedding_is_not_read() -> None:
    stored, embedding = 2 * 8_030_261_248, 2 * 128_256 * 4096
    loaded = (Loaded("embedding", embedding, read=False), Loaded("rest", stored - embedding))
    assert speed(loaded, asked("llama-3-8b", 0)) == Fraction(RATE, 15_009_849_344)
    at_depth = speed(loaded, asked("llama-3-8b", 8192))
    assert at_depth == Fraction(RATE, 15_009_849_344 + 2**30)


def test_gemma_as_a_file_of_four_bits_at_65536_tokens() -> None:
    # Tied: the embedding is the head. 10 layers read all tokens, 52 the window without the token itself.
    loaded = (Loaded("Q4_K_M", 16_540_125_824),)
    cached = 10 * 8192 * 65_536 + 52 * 8192 * 1023
    found = speed(loaded, asked("gemma-3-27b", 65_536))
    assert found == Fraction(RATE, 16_540_125_824 + cached)
    assert found is not None
    assert round(found) == 45


def test_released_weights_are_read_but_for_the_embedding() -> None:
    request = asked("llama-3-8b", 0)
    loaded = ENGINE.loaded(request.subject, "bf16")
    assert weights_read(loaded, ALONE) == Weights(
        Fraction(15_009_849_344), Fraction(15_009_849_344)
    )


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        ("gemma-3-27b", 0),  # tied
        ("qwen3-30b-a3b", 0),
        ("deepseek-v2-lite", 0),
        ("longcat-flash-560b", 0),  # whose routers may choose no expert
        ("mamba2-2.7b", 0),
        ("gemma-3n-e4b", 35 * 256),  # a row of a table in each layer
    ],
)
def test_what_is_read_are_the_active_parameters_but_for_rows_of_tables(
    model: str, rows: int
) -> None:
    subject = asked(model, 0).subject
    counted = parameters(subject.root)
    embedding = 0 if subject.root.value("tied") else counted.embedding
    read = weights_read(ENGINE.loaded(subject, "bf16"), ALONE).chain
    assert read == 2 * (counted.active_least - embedding - rows)


def test_a_step_of_many_reads_weights_and_the_fewest_experts_once() -> None:
    loaded = (EMBEDDING, BODY, EXPERTS)
    read, cached = 6000 + 6 * 1000, 100 * 131_072
    for count in (1, 3, 200):
        step = decoding(loaded, asked("llama-3-8b", 100, sequences=count))
        assert step.bandwidth == Fraction(read + count * cached, RATE)
        assert step.speed == count / step.bandwidth


def test_operations_bound_many_sequences() -> None:
    request = asked("llama-3-8b", 9, sequences=5, device=FAST)
    step = decoding((BODY,), request, "bf16")
    assert step.compute == Fraction(5 * step_flops(request.subject.root, 10), 330)
    assert step.seconds == step.compute
    assert step.speed == 5 / step.compute


def test_a_text_takes_its_operations_or_its_weights() -> None:
    request = asked("llama-3-8b", 50, device=FAST)
    text = reading((BODY,), request, "bf16")
    assert text.compute == Fraction(text_flops(request.subject.root, 50), 330)
    assert text.bandwidth == Fraction(6000, RATE)
    assert text.speed == 50 / text.compute
    assert text_speed((BODY,), request, "bf16") == text.speed
    alone = reading((BODY,), asked("llama-3-8b", 50))
    assert (alone.compute, alone.speed) == (None, 50 * Fraction(RATE, 6000))


def test_a_device_without_peak_is_bounded_by_its_bandwidth_alone() -> None:
    request = asked("llama-3-8b", 50)
    assert text_speed((BODY,), request, "bf16") is None
    assert speed((BODY,), request, "bf16") is not None
    assert bandwidth_alone(request, "bf16") == (
        "No peak of Card is known for such numbers: its bandwidth alone bounds it."
    )
    assert bandwidth_alone(asked("llama-3-8b", 50, device=FAST), "bf16") == ""
    assert bandwidth_alone(asked("llada-8b", 50), "bf16") == ""


def test_ranks_share_operations() -> None:
    split = Split(tensor=2, data=3)
    request = asked("llama-3-8b", 50, device=FAST, split=split)
    root = request.subject.root
    assert reading((BODY,), request, "bf16").compute == Fraction(text_flops(root, 50), 330 * 6)
    assert decoding((BODY,), request, "bf16").compute == Fraction(step_flops(root, 51), 330 * 6)


@pytest.mark.parametrize(
    ("tensor", "split", "chain", "mean"),
    [
        (BODY, Split(tensor=4), 1500, 1500),
        (BODY, Split(data=4), 6000, 6000),
        (BODY, Split(layers=4), 6000, 1500),
        (BODY._replace(share="whole"), Split(tensor=4), 6000, 6000),
        (BODY._replace(share="pairs", pairs=2), Split(tensor=4), 3000, 3000),
        (BODY._replace(share="pairs", pairs=8), Split(tensor=4), 1500, 1500),
        (EXPERTS, Split(tensor=4), 1500, 1500),
        (EXPERTS, Split(tensor=4, experts=True), 2000, 1500),
        (EXPERTS, Split(tensor=2, data=4, experts=True), 1000, 750),
        (EXPERTS._replace(used=0), Split(tensor=4, experts=True), 0, 0),
        (EMBEDDING, Split(tensor=4), 0, 0),
    ],
)
def test_ranks_share_weights(tensor: Loaded, split: Split, chain: int, mean: int) -> None:
    assert weights_read((tensor,), split) == Weights(Fraction(chain), Fraction(mean))


def test_groups_read_their_own_sequences() -> None:
    cached = 100 * 131_072
    step = decoding((BODY,), asked("llama-3-8b", 100, sequences=8, split=Split(data=4)))
    assert step.bandwidth == Fraction(6000 + 2 * cached, RATE)
    few = decoding((BODY,), asked("llama-3-8b", 100, sequences=1, split=Split(data=4)))
    assert few.bandwidth == Fraction(6000 + cached, RATE)


def test_layers_on_several_devices_help_several_sequences_alone() -> None:
    body, split = BODY._replace(bytes=10**12), Split(layers=2)
    single = decoding((body,), asked("llama-3-8b", 100, split=split))
    cached = 100 * 131_072
    assert single.bandwidth == Fraction(10**12 + cached, RATE)
    many = decoding((body,), asked("llama-3-8b", 100, sequences=10**6, split=split))
    assert many.bandwidth == Fraction(10**12 // 2 + 10**6 * cached // 2, RATE)


def test_a_model_that_writes_several_tokens_at_once_has_no_bound() -> None:
    said = "It writes several tokens at a step, so that bytes of a step bound no token."
    for model in ("diffusiongemma-26b-a4b", "llada-8b"):
        assert unbounded(find(model).architecture) == said
        assert speed((BODY,), asked(model, 10)) is None
        assert text_speed((BODY,), asked(model, 10, device=FAST), "bf16") is None
    assert not unbounded(find("llama-3-8b").architecture)


def test_a_model_of_patches_has_no_bound() -> None:
    patched = Block("model", inside=(Block("patching"),))
    assert unbounded(Architecture("blt", patched)) == (
        "It runs its layers for patches, and how many bytes a patch has depends on the text."
    )


def test_a_device_of_which_nothing_is_known_bounds_nothing() -> None:
    unknown = Device(id="x", name="X", memory=1, bandwidth=0)
    assert speed((BODY,), asked("llama-3-8b", 10, device=unknown)) is None


@pytest.mark.parametrize(
    ("weights", "cache", "rate"),
    [("bf16", "f16", 330), ("F16", "bf16", 330), ("bf16", "fp8", 1300), ("Q4_K_M", "f16", 1300)],
)
def test_the_peak_is_the_largest_that_the_numbers_could_use(
    weights: str, cache: str, rate: int
) -> None:
    assert peak(FAST, weights, cache) == rate
    assert peak(CARD, weights, cache) is None


def test_a_peak_of_16_bits_bounds_no_packed_weights() -> None:
    old = replace(FAST, peak={"fp16": 125})
    assert peak(old, "F16", "f16") == 125
    assert peak(old, "Q4_K_M", "f16") is None
    assert peak(replace(FAST, peak={"int8": 233}), "F16", "f16") is None


def test_a_release_of_packed_weights_takes_the_largest_peak() -> None:
    request = asked("gpt-oss-20b", 5, sequences=10**9, device=FAST)
    step = decoding((BODY,), request, "F16")
    assert step.compute == Fraction(10**9 * step_flops(request.subject.root, 6), 1300)


def test_numbers_of_16_bits_are_those_of_a_release_that_is_not_packed() -> None:
    found = asked("llama-3-8b", 1).subject
    assert wide(found, "BF16")
    assert not wide(found, "Q8_0")
    assert not wide(replace(found, config={"quantization_config": {}}), "BF16")
    assert not wide(replace(found, config={"text_config": {"quantization_config": {}}}), "BF16")


@given(
    st.sampled_from(["gemma-3-27b", "deepseek-v3.2", "qwen3-next-80b-a3b", "llama-3-8b"]),
    st.integers(0, 200_000),
    st.integers(1, 500),
    st.sampled_from([ALONE, Split(tensor=8), Split(data=8, experts=True), Split(layers=3)]),
)
def test_depth_only_slows_and_a_batch_only_speeds(
    model: str, depth: int, sequences: int, split: Split
) -> None:
    loaded = (BODY._replace(bytes=10**10), EXPERTS._replace(bytes=10**10))
    here = speed(loaded, asked(model, depth, sequences=sequences, split=split, device=FAST))
    deeper = speed(loaded, asked(model, depth + 1, sequences=sequences, split=split, device=FAST))
    more = speed(loaded, asked(model, depth, sequences=sequences + 1, split=split, device=FAST))
    assert here is not None
    assert deeper is not None
    assert more is not None
    assert deeper <= here <= more


def test_the_band_is_of_quantiles_between_neighbours() -> None:
    tenths = [Fraction(n, 10) for n in (9, 1, 5, 3, 7)]
    assert band(tenths) == tuple(Fraction(n, 100) for n in (14, 30, 50, 70, 86))
    assert band([Fraction(1, 3)]) == (Fraction(1, 3),) * 5
    assert band([]) == ()
