"""mlx-lm: what its caches keep, what its conversions weigh, and what is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, find, models
from llm_gallery.engines import mlx
from llm_gallery.engines.device import Device, asked_device
from llm_gallery.engines.engine import Start
from llm_gallery.engines.mlx_weights import loaded, weights
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import reserved
from tests.odd_values import ODD

GIB, MIB = 2**30, 2**20
SHORT, LONG = 9, 9_000
TRUTH = Path(__file__).with_name("mlx.tsv")
MORE = {"apertus-70b": 320}
"""Bytes of constants that mlx-lm holds beside the model's tensors."""


def subject(model: str, **changed: object) -> Subject:
    found = find(model)
    return Subject(found.name, found.architecture, {**found.config, **changed})


def bytes_of(model: str, length: int, kind: str = "bf16") -> int:
    return reserved(mlx.terms(subject(model), kind, ALONE), length)


@cache
def truth() -> dict[str, list[str]]:
    lines = TRUTH.read_text("utf-8").splitlines()[1:]
    return {model: numbers for model, *numbers in (line.split("\t") for line in lines)}


def test_gemma_keeps_windows_in_rings() -> None:
    """Gemma 3 27B: 52 rings of 1,024 tokens, 10 caches; 16 heads of 128, keys and values of 2 bytes."""
    ring, whole = mlx.terms(subject("gemma-3-27b"), "bf16", ALONE)
    assert (ring.layers, whole.layers) == (52, 10)
    assert ring.bytes(65_536) == 416 * MIB
    assert whole.bytes(65_536) == 5_120 * MIB
    assert bytes_of("gemma-3-27b", 65_536) == 5_536 * MIB


def test_a_cache_grows_by_256_tokens() -> None:
    token = 32 * 8 * 2 * 128 * 2
    assert bytes_of("llama-3-8b", 1) == 256 * token
    assert bytes_of("llama-3-8b", 256) == 256 * token
    assert bytes_of("llama-3-8b", 257) == 512 * token
    assert bytes_of("llama-3-8b", 8_192) == GIB


def test_a_ring_ends_with_its_window() -> None:
    """gpt-oss-20b: windows of 128 tokens, half a step; 12 layers of each, 8 heads of 64."""
    token = 12 * 8 * 2 * 64 * 2
    assert bytes_of("gpt-oss-20b", 1_000) == (128 + 1_024) * token


def test_what_is_kept_of_a_latent() -> None:
    """512 + 64 numbers in DeepSeek V3; with an indexer its key of 128, and as many zeros; in V2 16 heads of 192 + 128."""
    assert bytes_of("deepseek-v3", 32_768) == 61 * 32_768 * 576 * 2
    assert bytes_of("deepseek-v3.2", 32_768) == 61 * 32_768 * (576 + 2 * 128) * 2
    assert bytes_of("deepseek-v2-lite", 4_096) == 27 * 4_096 * 16 * (192 + 128) * 2


def test_what_is_kept_of_a_state() -> None:
    """Qwen3-Next: 32 matrices of 128 × 128 in 32 bits, three inputs of 8,192 channels; 12 layers of 2 heads of 256."""
    states = 36 * (32 * 128 * 128 * 4 + 3 * 8_192 * 2)
    assert bytes_of("qwen3-next-80b-a3b", 131_072) == states + 12 * 131_072 * 2 * 2 * 256 * 2


def test_the_last_inputs_of_all_convolutions_of_a_layer_are_a_row() -> None:
    """OLMo Hybrid: 24 layers, in each three convolutions of 2,880, 2,880 and 5,760 channels; LFM2: one of 2,048 in 10."""
    names = {
        model: [
            (t.label, t.layers, t.unit)
            for t in mlx.terms(subject(model), "bf16", ALONE)
            if not t.step
        ]
        for model in ("olmo-hybrid-7b", "lfm2-1.2b")
    }
    state = 24 * 30 * 192 * 96 * 4
    assert names["olmo-hybrid-7b"] == [
        ("Gated DeltaNet", 24, state),
        ("Gated DeltaNet, last inputs", 24, 24 * 3 * 11_520 * 2),
    ]
    assert names["lfm2-1.2b"] == [("LIV convolution, last inputs", 10, 10 * 2 * 2_048 * 2)]


def test_a_chunk_and_the_step_by_which_it_grows() -> None:
    """Llama 4 Scout: 36 layers with chunks of 8,192 tokens, 12 without; 8 heads of 128."""
    cell = 8 * 2 * 128 * 2
    assert bytes_of("llama-4-scout", 8_192) == 48 * 8_192 * cell
    assert bytes_of("llama-4-scout", 16_384) == (36 * (8_192 + 256) + 12 * 16_384) * cell


@pytest.mark.parametrize("model", ["mistral-7b-v0.1", "gemma-2-9b", "starcoder2-15b"])
def test_windows_that_its_file_has_no_rings_for(model: str) -> None:
    """Every token is kept, as of a model without windows."""
    limits = [term.limit for term in mlx.terms(subject(model), "bf16", ALONE)]
    assert limits == [None] * len(limits)


def test_a_ring_where_the_config_lists_layers() -> None:
    listed = subject("mistral-7b-v0.1", layer_types=["sliding_attention"] * 32)
    (term,) = mlx.terms(listed, "bf16", ALONE)
    assert term.limit == 4_096


def test_quantized_caches() -> None:
    """A scale and a bias of 16 bits for 64 numbers: 68 bytes or 36."""
    numbers = 32 * 8_192 * 8 * 2 * 128
    assert bytes_of("llama-3-8b", 8_192, "int8") == numbers // 64 * 68
    assert bytes_of("llama-3-8b", 8_192, "int4") == numbers // 64 * 36
    assert bytes_of("falcon-h1-7b", 8_192, "int8") == bytes_of("falcon-h1-7b", 8_192)


@pytest.mark.parametrize("model", [*truth()])
def test_its_own_classes_agree(model: str) -> None:
    """Its models built of the catalog's configs, with random weights that are never computed."""
    asked, own = subject(model), truth()[model]
    after = [reserved(mlx.terms(asked, "bf16", ALONE), length) for length in (SHORT, LONG)]
    held = [own[0], own[1]]
    quantized = _bytes_or_none(model, SHORT, "int8")
    assert [n for n, said in zip(after, held, strict=True) if said != "-"] == _numbers(held)
    assert ([] if quantized is None else [quantized]) == _numbers(own[2:3])
    if own[3] != "-":
        weighs = [sum(t.bytes for t in loaded(asked, name)) for name in weights(asked)]
        assert [n + MORE.get(model, 0) for n in weighs] == _numbers(own[3:])


def _numbers(said: list[str]) -> list[int]:
    return [int(number) for number in said if number != "-"]


def _bytes_or_none(model: str, length: int, kind: str) -> int | None:
    try:
        return bytes_of(model, length, kind)
    except Refusal:
        return None


def test_every_model_of_the_catalog_is_counted_or_refused_by_name() -> None:
    said = [_refusal(model) for model in models()]
    refused = [(name, why) for name, why in said if why]
    assert (len(said) - len(refused), len(refused)) == (187, 86)
    assert all(name in why and "mlx-lm 0.32.2" in why for name, why in refused)


def _refusal(model: Model) -> tuple[str, str]:
    try:
        mlx.check(Subject(model.name, model.architecture, dict(model.config)), ALONE)
    except Refusal as refusal:
        return model.name, str(refusal)
    return model.name, ""


@settings(derandomize=True, max_examples=60)
@given(st.sampled_from([*truth()]), st.integers(1, 2**20), st.integers(1, 2**20))
def test_what_is_kept_grows_with_the_context(model: str, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert 0 < bytes_of(model, shorter) <= bytes_of(model, longer)


def refusals() -> Iterator[tuple[str, str, str]]:
    yield (
        "hunyuan-large-389b",
        "bf16",
        "Hunyuan-Large 389B has KV-sharing GQA under mlx-lm 0.32.2, expected layers with keys of their own; use --with ideal",
    )
    yield (
        "gemma-3-27b",
        "int8",
        "Gemma 3 27B has sliding-window GQA under mlx-lm 0.32.2, whose ring can't be quantized, expected a cache of 16 bits; use --cache bf16",
    )
    yield (
        "deepseek-v3",
        "int8",
        "DeepSeek V3 has MLA under mlx-lm 0.32.2, whose latent can't be quantized, expected a cache of 16 bits; use --cache bf16",
    )
    yield (
        "phi-2",
        "int4",
        "Phi-2 has MHA under mlx-lm 0.32.2, whose heads aren't whole groups of 64, expected a cache of 16 bits; use --cache bf16",
    )
    yield (
        "gla-1.3b",
        "bf16",
        'GLA 1.3B is of model type "gla", expected one that mlx-lm 0.32.2 has a file for; use --with llama.cpp or --with ideal',
    )


@pytest.mark.parametrize(("model", "kind", "message"), list(refusals()))
def test_refusals(model: str, kind: str, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        mlx.terms(subject(model), kind, ALONE)
    assert str(refused.value) == message


@settings(derandomize=True, max_examples=100)
@given(ODD, ODD, ODD)
def test_a_strangers_config_is_counted_or_refused(
    kind: object, classes: object, own: object
) -> None:
    odd = subject("llama-3-8b", model_type=kind, architectures=classes, text_config=own)
    with contextlib.suppress(Refusal):
        assert mlx.terms(odd, "bf16", ALONE)
    renamed = subject("llama-3-8b", architectures=classes, text_config=own, quantization_config=own)
    with contextlib.suppress(Refusal):
        assert weights(renamed) == ("bf16", "8-bit", "6-bit", "4-bit")


def test_one_device_of_apples() -> None:
    with pytest.raises(Refusal, match="8 devices are to share the model, expected 1"):
        mlx.check(subject("llama-3-8b"), Split(tensor=8))
    with pytest.raises(Refusal, match=r"the device is .*4090, expected one of Apple's"):
        mlx.usable(asked_device("rtx-4090")[1])
    own = Device(id="own", name="Own", memory=48 * GIB, bandwidth=0)
    assert mlx.usable(own) == 47 * GIB
    assert mlx.usable(asked_device("m4-max-64gb")[1]) == 47 * GIB


def test_weights_that_are_packed_in_a_way_that_is_not_known() -> None:
    with pytest.raises(Refusal, match="are packed by compressed-tensors, expected some"):
        weights(subject("kimi-k2.5"))
    with pytest.raises(Refusal, match="are of bailing_moe_v3, expected some"):
        weights(subject("ling-3.0-flash"))


def test_experts_of_gpt_oss_stay_packed() -> None:
    """17 bytes for 32 numbers, in every conversion; the released file of 13.76 GB."""
    assert sum(t.bytes for t in loaded(subject("gpt-oss-20b"), "bf16")) == 13_761_264_768


def test_the_lines_that_start_it() -> None:
    start = Start(weights="4-bit", context=8_192, sequences=1, cache="int8", split=ALONE)
    asked = Subject("Llama 3 8B", find("llama-3-8b").architecture, repository="meta-llama/Llama-3")
    assert mlx.command(asked, start) == (
        "mlx_lm.convert --hf-path meta-llama/Llama-3 --mlx-path mlx_model --dtype bfloat16 -q --q-bits 4 && "
        "mlx_lm.server --model mlx_model --kv-bits 8 --quantized-kv-start 0"
    )
