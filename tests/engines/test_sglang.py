"""SGLang: what a sequence takes of its pools, which share of memory is left to them, and what is refused."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, find, models
from llm_gallery.engines import sglang
from llm_gallery.engines.device import Device, asked_device
from llm_gallery.engines.engine import Start
from llm_gallery.engines.released import released
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import reserved
from tests.odd_values import ODD

GIB, MIB = 2**30, 2**20
COUNTED = (
    "llama-3-8b",
    "gemma-3-27b",
    "gpt-oss-20b",
    "deepseek-v3",
    "deepseek-v3.2",
    "mimo-v2-flash",
)


def subject(model: str, **changed: object) -> Subject:
    found = find(model)
    return Subject(found.name, found.architecture, {**found.config, **changed})


def bytes_of(model: str, length: int, kind: str = "bf16", ranks: int = 1) -> int:
    return reserved(sglang.terms(subject(model), kind, Split(tensor=ranks)), length)


def device(mebibytes: int, maker: str = "NVIDIA") -> Device:
    return Device(id="own", name="Own", memory=mebibytes * MIB, bandwidth=0, maker=maker)


def share(model: str, mebibytes: int, ranks: int = 1) -> int:
    """Bytes that are left to weights and pools."""
    own = device(mebibytes)
    return sglang.usable(own) - sglang.left(own, subject(model), Split(tensor=ranks))


def test_a_token_at_a_time() -> None:
    token = 32 * 8 * 2 * 128
    assert bytes_of("llama-3-8b", 8_191) == 8_191 * token * 2
    assert bytes_of("llama-3-8b", 8_191, "fp8") == 8_191 * token


def test_ranks_divide_heads_and_never_latents() -> None:
    """Llama 3 8B has 8 heads of keys and values: on 16 ranks each has one."""
    assert bytes_of("llama-3-8b", 1_000, ranks=8) * 8 == bytes_of("llama-3-8b", 1_000)
    assert bytes_of("llama-3-8b", 1_000, ranks=16) * 8 == bytes_of("llama-3-8b", 1_000)
    latents = 61 * 1_000 * (512 + 64) * 2
    assert bytes_of("deepseek-v3", 1_000) == bytes_of("deepseek-v3", 1_000, ranks=8) == latents


def test_windows_without_a_pool_keep_every_token() -> None:
    """Gemma 3 27B has none: 62 layers, 16 heads of 128."""
    assert bytes_of("gemma-3-27b", 65_536) == 62 * 65_536 * 16 * 2 * 128 * 2


def test_a_pool_of_windows_has_four_tokens_for_five() -> None:
    """gpt-oss-20b: 12 layers with a window, 12 without; 8 heads of 64. MiMo's windows have more heads than its others."""
    token = 12 * 8 * 2 * 64 * 2
    assert bytes_of("gpt-oss-20b", 100_000) == (100_000 + 80_000) * token
    of_window, of_all = 8 * (192 + 128) * 2, 4 * (192 + 128) * 2
    assert bytes_of("mimo-v2-flash", 5_000) == 39 * 4_000 * of_window + 9 * 5_000 * of_all


def test_an_indexer_keeps_fp8_with_scales_in_pages() -> None:
    """DeepSeek V3.2: 576 numbers of 2 bytes, and 128 bytes with a scale of 4; 1,000 tokens take 16 pages of 64."""
    assert bytes_of("deepseek-v3.2", 1_000) == 61 * 1_024 * (576 * 2 + 132)


@pytest.mark.parametrize(
    ("mebibytes", "left"),
    [
        (16_384, 512 + 3_072 + 128 + 16 + 8 * 42),
        (24_564, 512 + 6_144 + 128 + 96 + 8 * 50),
        (46_068, 512 + 6_144 + 128 + 64 + 8 * 50),
        (81_559, 512 + 12_288 + 128 + 512 + 8 * 58),
        (143_771, 512 + 12_288 + 128 + 512 + 8 * 58),
        (183_359, 512 + 24_576 + 128 + 1_024 + 8 * 74),
    ],
)
def test_the_share_that_its_rule_leaves(mebibytes: int, left: int) -> None:
    """In thousandths: a chunk's tokens, 1.5 MiB each, ranks, graphs of sequences and of prompts."""
    thousandths = round(1_000 * Fraction(mebibytes - left, mebibytes))
    assert share("llama-3-8b", mebibytes) == mebibytes * MIB * thousandths // 1_000


def test_more_ranks_latents_and_towers_leave_less() -> None:
    """On 143,771 MiB: 8 ranks have larger graphs, latents take 1.5 GiB for those of prompts, and a tower has none of these."""
    memory = 143_771
    ranks = round(1_000 * (1 - Fraction(512 + 12_288 + 1_024 + 1_024 + 464, memory)))
    latent = round(1_000 * (1 - Fraction(512 + 12_288 + 1_024 + 1_024 + 1_536, memory)))
    tower = round(1_000 * (1 - Fraction(512 + 12_288 + 1_024 + 1_024, memory)))
    depth = Fraction(
        24 * 1_152**2, 24 * 1_024**2
    )  # its config calls layers otherwise: 24 stand for them
    smaller = Fraction(95, 100) * (1 - (depth - 1) / 10)
    assert share("llama-3-8b", memory, 8) == memory * MIB * ranks // 1_000
    assert share("deepseek-v3", memory, 8) == memory * MIB * latent // 1_000
    seen = int(memory * MIB * Fraction(tower, 1_000) * smaller) - 100 * MIB
    assert share("qwen3-vl-235b-a22b", memory, 8) == seen


def test_maps_from_a_latent_are_held_twice() -> None:
    (rank,) = sglang.placed(subject("deepseek-v2-lite"), "bf16", "bf16", ALONE)
    weights = sum(tensor.bytes for tensor in released(subject("deepseek-v2-lite"), "bf16"))
    assert rank.weights == weights + 27 * 16 * (128 + 128) * 512 * 2


def test_every_model_of_the_catalog_is_counted_or_refused_by_name() -> None:
    said = [_refusal(model) for model in models()]
    refused = [(name, why) for name, why in said if why]
    assert (len(said) - len(refused), len(refused)) == (156, 117)
    assert all(name in why and "SGLang 0.5.23" in why for name, why in refused)


def _refusal(model: Model) -> tuple[str, str]:
    try:
        sglang.check(Subject(model.name, model.architecture, dict(model.config)), ALONE)
    except Refusal as refusal:
        return model.name, str(refusal)
    return model.name, ""


@settings(derandomize=True, max_examples=60)
@given(st.sampled_from(COUNTED), st.integers(1, 2**20), st.integers(1, 2**20))
def test_what_is_taken_grows_with_the_context(model: str, one: int, other: int) -> None:
    shorter, longer = sorted((one, other))
    assert 0 < bytes_of(model, shorter) <= bytes_of(model, longer)


def refusals() -> Iterator[tuple[str, str, str]]:
    yield (
        "qwen3-next-80b-a3b",
        "bf16",
        "Qwen3-Next 80B-A3B has Gated DeltaNet under SGLang 0.5.23, expected a mixer without states: theirs have a share of "
        "the memory (mamba_full_memory_ratio), whatever a sequence needs; use --with vllm",
    )
    yield (
        "falcon-7b",
        "bf16",
        'Falcon 7B is of class "FalconForCausalLM", expected one that SGLang 0.5.23 has; use --with vllm or --with ideal',
    )
    yield (
        "deepseek-v3.2",
        "fp8",
        "DeepSeek V3.2 has sparse MLA under SGLang 0.5.23, whose scales depend on the kernels of the device, expected "
        "a cache of 16 bits; use --cache bf16",
    )
    yield (
        "gemma-4-e2b",
        "bf16",
        "Gemma 4 E2B has sliding-window KV-sharing MQA under SGLang 0.5.23, expected layers with keys of their own; use "
        "--with vllm",
    )
    yield (
        "lfm2-1.2b",
        "bf16",
        "LFM2 1.2B has GQA under SGLang 0.5.23, expected it once in every layer; use --with vllm",
    )


@pytest.mark.parametrize(("model", "kind", "message"), list(refusals()))
def test_refusals(model: str, kind: str, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        sglang.terms(subject(model), kind, ALONE)
    assert str(refused.value) == message


@settings(derandomize=True, max_examples=100)
@given(ODD, ODD, ODD)
def test_a_strangers_config_is_counted_or_refused(
    classes: object, depth: object, width: object
) -> None:
    with contextlib.suppress(Refusal):
        assert sglang.terms(subject("llama-3-8b", architectures=classes), "bf16", ALONE)
    tower = {"num_hidden_layers": depth, "hidden_size": width}
    seen = subject("qwen3-vl-235b-a22b", vision_config=tower)
    assert (
        0 < sglang.usable(device(81_559)) - sglang.left(device(81_559), seen, ALONE) < 81_559 * MIB
    )


def test_what_is_not_known_of_ranks_and_devices() -> None:
    with pytest.raises(Refusal, match="--dp 8 --ep is given, expected --tp alone"):
        sglang.check(subject("deepseek-v3"), Split(tensor=1, data=8, experts=True))
    with pytest.raises(Refusal, match="10 key-value heads, expected a number that 8 ranks divide"):
        sglang.check(subject("phi-4"), Split(tensor=8))
    with pytest.raises(Refusal, match="expected a GPU that SGLang runs on; use --with mlx"):
        sglang.usable(asked_device("m4-max-64gb")[1])


def test_the_line_that_starts_it() -> None:
    start = Start(weights="bf16", context=8_192, sequences=1, cache="fp8", split=Split(tensor=2))
    asked = Subject("Llama 3 8B", find("llama-3-8b").architecture, repository="meta-llama/Llama-3")
    assert sglang.command(asked, start) == (
        "python -m sglang.launch_server --model-path meta-llama/Llama-3 --context-length 8192 --tp-size 2 "
        "--kv-cache-dtype fp8_e4m3"
    )
