"""llama.cpp: what slots keep, which mixes there are, which device holds what, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.engines import llama_cpp
from llm_gallery.engines.device import Device
from llm_gallery.engines.engine import Start
from llm_gallery.engines.fit import row
from llm_gallery.engines.llama_weights import loaded, mixes, needs_matrix
from llm_gallery.engines.placed import Room
from llm_gallery.engines.request import Request
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import reserved
from llm_gallery.quants.mixes import MIXES

GIB, MIB = 2**30, 2**20
CARD = Device(id="card", name="Card", memory=24_564 * MIB, bandwidth=1_008 * 10**9)


def subject(model: str) -> Subject:
    found = find(model)
    return Subject(found.name, found.architecture, found.config)


def room(model: str, cache: str, mix: str = "Q4_K_M") -> Room:
    ranks = llama_cpp.placed(subject(model), mix, cache, ALONE)
    return Room(ranks, llama_cpp.usable(CARD), llama_cpp.in_flight(CARD))


def test_how_far_gemma_goes_on_a_card_of_24_gib() -> None:
    """15.40 GiB of weights, its tied embedding among them."""
    (rank,) = room("gemma-3-27b", "f16").ranks
    assert f"{rank.weights / GIB:.2f}" == "15.40"
    assert room("gemma-3-27b", "f16").longest(1, 131_072) == 91_392
    assert room("gemma-3-27b", "q8_0").longest(1, 131_072) == 131_072


def test_a_window_keeps_those_of_a_batch_too() -> None:
    """Gemma 3 27B: 52 layers with a window of 1,024, 10 without; 16 heads of 128, keys and values of 2 bytes."""
    windowed, whole = llama_cpp.terms(subject("gemma-3-27b"), "f16", ALONE)
    cell = 16 * 2 * 128 * 2
    assert (windowed.layers, whole.layers) == (52, 10)
    assert windowed.bytes(100_000) == 52 * (1_024 + 512) * cell
    assert windowed.bytes(1_000) == 52 * 1_024 * cell
    assert whole.bytes(100_000) == 10 * 100_096 * cell


def test_memory_that_is_shared_holds_the_embedding_too() -> None:
    """Qwen3-Next on 48 GiB: 44.99 GiB of a device's tensors, an embedding of 0.16, 3.07 or 1.67 of cache, 1 of margin."""
    mac = Device(id="mac", name="Mac", memory=48 * GIB, bandwidth=546 * 10**9, shared=True)
    spare = {}
    for device in (mac, replace(mac, shared=False)):
        for cache in ("f16", "q8_0"):
            asked = Request(
                subject=subject("qwen3-next-80b-a3b"),
                engine=llama_cpp.ENGINE,
                device=device,
                split=ALONE,
                cache=cache,
                context=131_072,
            )
            spare[device.shared, cache] = f"{row(asked, 'Q4_K_M').spare() / GIB:.2f}"
    assert spare == {
        (True, "f16"): "-1.23",
        (True, "q8_0"): "0.18",
        (False, "f16"): "-1.06",
        (False, "q8_0"): "0.34",
    }


def test_blocks_of_a_cache() -> None:
    """q8_0 has 34 bytes for 32 numbers, q4_0 has 18."""
    whole = {
        kind: llama_cpp.terms(subject("llama-3.1-8b"), kind, ALONE)[0].bytes(256)
        for kind in ("f16", "q8_0", "q4_0", "q5_1", "f32")
    }
    elements = 32 * 256 * 8 * 2 * 128
    assert whole == {
        "f16": 2 * elements,
        "q8_0": 34 * elements // 32,
        "q4_0": 18 * elements // 32,
        "q5_1": 24 * elements // 32,
        "f32": 4 * elements,
    }


def test_states_have_32_bits_and_lack_the_last_input() -> None:
    """Qwen3-Next: 32 matrices of 128 x 128, and 3 inputs of 8,192 channels of a convolution over 4."""
    states, attention = llama_cpp.terms(subject("qwen3-next-80b-a3b"), "q8_0", ALONE)
    assert (states.layers, attention.layers) == (36, 12)
    assert states.bytes(1) == states.bytes(10**6) == 36 * 4 * (32 * 128 * 128 + 3 * 8_192)
    assert states.dtype == "f32"


def test_latents_are_keys_alone() -> None:
    """DeepSeek V3: a latent of 512 and a rotated key of 64."""
    (latents,) = llama_cpp.terms(subject("deepseek-v3"), "f16", ALONE)
    assert latents.bytes(256) == 61 * 256 * 2 * (512 + 64)


def test_the_embedding_stays_on_the_host_where_it_is_not_the_head_too() -> None:
    for model, on_host in (
        ("llama-3.1-8b", {"token_embd.weight"}),
        ("gemma-3-27b", set()),
        ("gemma-3n-e2b", {"per_layer_token_embd.weight"}),
        ("gpt2-xl", {"position_embd.weight"}),
    ):
        tensors = loaded(subject(model), "Q8_0")
        assert {tensor.name for tensor in tensors if tensor.on_host} == on_host
        assert {tensor.name for tensor in tensors if not tensor.read} == on_host


def test_experts_are_read_by_as_many_as_run() -> None:
    stacks = [t for t in loaded(subject("qwen3-30b-a3b"), "Q4_K_M") if t.copies > 1]
    assert len(stacks) == 48 * 3
    assert {(tensor.copies, tensor.used) for tensor in stacks} == {(128, 8)}


def test_layers_that_draft_are_not_loaded() -> None:
    """Qwen3-Next's file has 49 layers; the last one drafts."""
    tensors = loaded(subject("qwen3-next-80b-a3b"), "Q4_K_M")
    assert {t.name.split(".")[1] for t in tensors if t.name.startswith("blk.")} == {
        *map(str, range(48))
    }


def test_some_mixes_take_an_importance_matrix() -> None:
    model = subject("llama-3.1-8b")
    assert mixes(model) == tuple(MIXES)
    taking = [mix for mix in ("IQ2_XS", "IQ1_S", "Q4_K_M", "Q8_0") if needs_matrix(model, mix)]
    assert taking == ["IQ2_XS", "IQ1_S"]


def test_devices_hold_whole_layers() -> None:
    """62 layers and the output on three devices: 21 of these 63 each."""
    model, alone = subject("gemma-3-27b"), llama_cpp.placed
    ranks = alone(model, "Q4_K_M", "f16", Split(layers=3))
    assert [sum(term.layers for term in rank.terms) for rank in ranks] == [21, 21, 20]
    (whole,) = alone(model, "Q4_K_M", "f16", ALONE)
    assert sum(rank.weights for rank in ranks) == whole.weights
    assert sum(reserved(rank.terms, 5_000) for rank in ranks) == reserved(whole.terms, 5_000)
    assert ranks[2].weights > ranks[0].weights  # its embedding is the head, on the last


@pytest.mark.parametrize(
    ("split", "option"),
    [(Split(tensor=2), "--tp"), (Split(data=2), "--dp"), (Split(experts=True), "--ep")],
)
def test_other_splits_are_refused(split: Split, option: str) -> None:
    with pytest.raises(Refusal) as refused:
        llama_cpp.check(subject("llama-3.1-8b"), split)
    assert str(refused.value) == (
        f"{option} is given, expected none: llama.cpp puts whole layers on each device (--split-mode layer); "
        f"leave {option} out, or use --with vllm"
    )


def test_more_devices_than_layers_are_refused() -> None:
    model = subject("llama-3.1-8b")
    llama_cpp.check(model, Split(layers=33))
    with pytest.raises(Refusal) as refused:
        llama_cpp.check(model, Split(layers=34))
    assert str(refused.value) == (
        "there are 34 devices, expected at most 33: llama.cpp puts whole layers on each; name fewer with --on"
    )


def test_what_it_does_not_know_is_refused() -> None:
    def said(model: str, cache: str = "f16") -> str:
        with pytest.raises(Refusal) as refused:
            llama_cpp.terms(subject(model), cache, ALONE)
        return str(refused.value)

    assert said("gla-1.3b").startswith(
        'model_type is "gla", whose conversion to GGUF isn\'t mapped here, expected '
    )
    assert said("llama-3.1-8b", "fp8") == (
        'the cache is "fp8", expected one of f16, q8_0, q4_0, q5_1, q5_0, q4_1, iq4_nl, bf16, f32: what llama.cpp\'s '
        "--cache-type-k takes; name it with --cache"
    )
    assert said("phi-2", "q8_0") == (
        "MHA has heads of 80 channels, expected a number that 32 divides: llama.cpp keeps q8_0 in blocks of so many; "
        "use --cache f16"
    )


def test_the_line_to_paste() -> None:
    start = Start(weights="Q4_K_M", context=8_192, sequences=4, cache="q8_0", split=ALONE)
    assert llama_cpp.command(subject("gemma-3-27b"), start) == (
        "llama-server -m Gemma-3-27B-Q4_K_M.gguf -c 32768 -np 4 -ngl 99 -fa on -ctk q8_0 -ctv q8_0"
    )
    start = Start(weights="Q4_K_M", context=8_192, sequences=1, cache="f16", split=ALONE)
    assert llama_cpp.command(subject("llama-3.1-405b"), start).endswith(
        "-c 8192 -np 1 -ngl all -fa on"
    )
