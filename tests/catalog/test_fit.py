"""Whether a model fits: the cases that the field gets wrong, by hand, and what is refused."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import Refusal, fit
from llm_gallery.catalog.fit_report import at_most, contexts, gib
from llm_gallery.catalog.load import model
from llm_gallery.cli import main
from llm_gallery.sources import checkpoint
from tests.checkpoint_headers import described, folder

GIB = 2**30


def test_gemma_on_a_card_of_24_gb() -> None:
    """Ten layers keep all tokens and 52 a window and a batch: 8,192 bytes a token and layer."""
    found = fit("gemma-3-27b", on="rtx-4090", context=65_536, quant="Q4_K_M")
    assert found.fits
    assert found.weights_bytes == 16_540_125_824  # 15.40 GiB
    assert found.cache_bytes == 8_192 * (10 * 65_536 + 52 * 1_536)
    assert found.spare_bytes == (24_564 - 1_024) * 2**20 - 16_540_125_824 - found.cache_bytes
    assert found.longest_context == 91_392
    assert found.most_sequences == 1
    assert found.verdict == "Q4_K_M holds 65,536 tokens with 1.97 GiB to spare."
    assert found.tokens_per_second_at_most is not None
    assert at_most(Fraction(found.tokens_per_second_at_most)) == "45"
    whole = fit("gemma-3-27b", on="rtx-4090", quant="Q4_K_M", cache="q8_0")
    assert (whole.fits, whole.longest_context) == (True, 131_072)


def test_the_largest_mix_that_fits_is_the_verdict() -> None:
    found = fit("gemma-3-27b", on="rtx-4090")
    assert found.row.weights == "IQ3_M"
    sizes = [row.stored for row in found.rows]
    assert sizes == sorted(sizes, reverse=True)
    assert [row.fits for row in found.rows] == sorted(row.fits for row in found.rows)
    named = fit("gemma-3-27b", on="rtx-4090", quant="q4_k")
    assert (named.row.weights, named.row in named.rows) == ("Q4_K_M", True)
    none = fit("gemma-3-27b", memory="4GiB")
    assert not none.fits
    assert none.assumptions[0] == "No mix fits: this is the smallest; --quant names another."
    assert not any("--quant" in said for said in named.assumptions)
    # Smaller ones are for weights that were trained to few values.
    assert none.row.weights == "IQ1_S"
    assert {row.weights for row in none.rows[none.rows.index(none.row) + 1 :]} == {"Q1_0"}


@pytest.mark.parametrize("model", ["gpt-oss-20b", "kimi-k3"])
def test_experts_that_are_released_packed_stay_so(model: str) -> None:
    """llama-quantize makes no other type of them, unless it is told to."""
    for memory in ("8GiB", "9999GiB"):
        found = fit(model, memory=memory)
        assert found.row.weights == "MXFP4_MOE"
        said = "Experts are released in MXFP4, which llama.cpp's converter keeps."
        assert said in found.assumptions
    own = fit(model, memory="9999GiB", file_bytes=found.row.stored * 9 // 10)
    assert own.assumptions[0].endswith("as they do those of MXFP4_MOE.")
    other = fit(model, memory="9999GiB", quant="Q8_0")
    assert other.assumptions[-2].endswith("Q8_0 of them with --allow-requantize alone.")
    assert not any("MXFP4" in said for said in fit("qwen3-30b-a3b", memory="80GiB").assumptions)


def test_a_hybrid_on_a_laptop() -> None:
    """48 of 64 GiB may be wired: f16 lacks some, q8_0 doesn't."""
    asked: dict[str, Any] = {"on": "m4-max-64gb", "context": 131_072, "quant": "Q4_K_M"}
    plain, packed = (fit("qwen3-next-80b-a3b", **asked, cache=c) for c in ("f16", "q8_0"))
    states = 36 * (4 * 32 * 128 * 128 + 4 * 3 * 8_192)
    assert plain.cache_bytes == 12 * 131_072 * 2_048 + states  # 3.07 GiB
    assert packed.cache_bytes == 12 * 131_072 * 2_048 * 34 // 64 + states
    assert (plain.fits, packed.fits) == (False, True)
    assert plain.spare_bytes == 47 * GIB - plain.weights_bytes - plain.cache_bytes


def test_latents_are_on_every_rank() -> None:
    """Of tensor parallelism each rank keeps all sequences' latents, of data parallelism its own."""
    asked: dict[str, Any] = {"on": "8xh200", "engine": "vllm", "context": 32_768, "sequences": 64}
    tensor, data = fit("deepseek-v3", **asked, tp=8), fit("deepseek-v3", **asked, dp=8, ep=True)
    each = 61 * (512 + 64) * 2 * 32_768
    assert (tensor.fits, tensor.cache_bytes) == (False, 64 * each)
    assert (data.fits, data.cache_bytes) == (True, 8 * each)
    assert data.weights_bytes > tensor.weights_bytes
    assert data.most_sequences == 8 * ((data.spare_bytes + 8 * each) // each)


def test_what_isn_t_said_is_assumed_and_said() -> None:
    several = fit("deepseek-v3", on="8xh200")
    assert several.request.engine.name == "vllm"
    assert several.assumptions[:4] == (
        "The engine is vLLM, as for several.",
        "The context is the model's own, 131,072 tokens.",
        "Keys and values are stored as bf16.",
        "Tensor parallelism is 8, data parallelism 1.",
    )
    longer = fit("llama-3-8b", memory="24GiB", context=16_384, cache="q8_0", engine="llama.cpp")
    assert longer.assumptions[:3] == (
        "The mix is the largest that fits; --quant names another.",
        "The model's own context is 8,192 tokens; more is asked for.",
        "No bandwidth is given (--bandwidth), so that nothing says how fast it is at best.",
    )
    assert longer.tokens_per_second_at_most is None


def test_a_mix_that_takes_a_matrix_says_so() -> None:
    said = "llama-quantize makes IQ2_XS with an importance matrix alone, which changes few types."
    assert said in fit("gpt2-xl", on="rtx-4090", quant="IQ2_XS").assumptions
    assert not any("matrix" in line for line in fit("gpt2-xl", on="rtx-4090").assumptions)


def test_a_file_of_ones_own_wins(tmp_path: Path) -> None:
    """By its bytes alone they are shared as in the nearest mix, by its header as that says."""
    found = fit("llama-3-8b", on="rtx-3090", file_bytes=4_920_000_000)
    assert found.row.weights == "Q4_K_M"
    assert 0 <= 4_920_000_000 - found.row.stored < 300
    assert found.verdict.startswith("The file of 4,920,000,000 bytes holds 8,192 tokens")
    named = fit("llama-3-8b", on="rtx-3090", file_bytes=4_920_000_000, quant="Q5_K_M")
    assert named.assumptions[0] == "Tensors share the bytes of the file as they do those of Q5_K_M."
    assert main(["tensors", "gpt2-xl", "--format", "gguf", "-o", str(tmp_path / "own.gguf")]) == 0
    own = fit(tmp_path / "own.gguf", on="rtx-3090")
    assert [row.weights for row in own.rows] == ["file"]
    assert own.row.stored == sum(tensor.bytes for tensor in own.row.loaded)
    assert own.verdict.startswith("The file holds 1,024 tokens")
    with pytest.raises(Refusal, match=r"^own is a file of your own, .*; leave --file-bytes out$"):
        fit(tmp_path / "own.gguf", on="rtx-3090", file_bytes=10**9)


def test_a_checkpoint_of_ones_own_wins(tmp_path: Path) -> None:
    """Its bytes are those that its headers say; one that isn't all there is refused."""
    held = described("gpt2-xl")
    place = folder(tmp_path / "own", held, "gpt2-xl")
    found = fit(place, on="rtx-3090", engine="vllm")
    assert found.row.stored == sum(tensor.bytes for tensor in checkpoint.read(place).tensors)
    assert fit(place, on="rtx-3090").request.engine.name == "llama.cpp"
    torn = folder(tmp_path / "torn", held, "gpt2-xl", shards=2)
    next(torn.glob("model-00002*")).unlink()
    with pytest.raises(Refusal, match=r"; run llm-gallery check on it$"):
        fit(torn, on="rtx-3090", engine="vllm")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {},
            "no device is given, expected one: --on rtx-4090, --on 8xh200, or --memory 24GiB --bandwidth 1008GB/s",
        ),
        (
            {"on": "rtx-4090", "memory": "24GiB"},
            'a device is given ("rtx-4090") and its memory or bandwidth too, expected one of both; leave one out',
        ),
        (
            {"on": "rtx-4090", "engine": "ollama"},
            'the engine is "ollama", expected one of llama.cpp, vllm, mlx, sglang, ideal; name it with --with',
        ),
        (
            {"on": "rtx-4090", "cache": "int3"},
            'the cache is "int3", expected one of f16, q8_0, q4_0, q5_1, q5_0, q4_1, iq4_nl, bf16, f32 for llama.cpp',
        ),
        (
            {"on": "rtx-4090", "context": 0},
            "0 tokens of the context (-n) are asked for, expected 1 to 16,777,216; give a number among these",
        ),
        (
            {"on": "rtx-4090", "sequences": 5000},
            "5,000 sequences (-b) are asked for, expected 1 to 4,096; give a number among these",
        ),
        (
            {"on": "rtx-4090", "sequences": 2.5},
            "2.5 sequences (-b) are asked for, expected a whole number; give one",
        ),
        (
            {"on": "rtx-4090", "tp": 2},
            "llama.cpp spreads whole layers over devices, expected neither --tp nor --dp nor --ep; leave them out, or use "
            "--with vllm",
        ),
        (
            {"on": "8xh200", "tp": 3},
            "--tp 3 is given for 8 devices, expected a number that divides 8; leave --tp out, or give one",
        ),
        (
            {"on": "8xh200", "dp": 0},
            "--dp 0 is given for 8 devices, expected a number that divides 8; leave --dp out, or give one",
        ),
        (
            {"on": "8xh200", "tp": 2, "dp": 2},
            "--tp 2 and --dp 2 are given for 8 devices, expected numbers whose product is 8; leave one of them out",
        ),
        (
            {"on": "8xh200"},
            "Phi-4 has 10 key-value heads, expected a number that 8 ranks divide; use --tp 1 or 2",
        ),
        (
            {"on": "m4-max-64gb", "engine": "vllm"},
            "M4 Max, 64 GB is of Apple, on whose devices vLLM doesn't run, expected another; name one with --on, or another "
            "engine with --with",
        ),
        (
            {"on": "rtx-4090", "file_bytes": 0},
            "0 bytes of the file (--file-bytes) are asked for, expected 1 to 1,000,000,000,000,000; give a number among "
            "these",
        ),
        (
            {"on": "m4-max-64gb", "file_bytes": 10**9, "quant": "int3", "engine": "mlx"},
            'the weights are "int3", expected one of bf16, 8-bit, 6-bit, 4-bit for mlx-lm; name one with --quant',
        ),
        (
            {"on": "rtx-4090", "engine": "vllm", "quant": "Q4_K_M"},
            'Phi-4 is asked for in "Q4_K_M", expected bf16: so it is loaded; leave --quant out',
        ),
        (
            {"memory": "1GiB"},
            "a device of 1GiB has 1,073,741,824 bytes, expected more than the 1,073,741,824 that llama.cpp leaves to what it "
            "computes; give a device with more memory",
        ),
    ],
)
def test_refusals(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=f"^{re.escape(said)}$"):
        fit("phi-4", **asked)


def test_a_model_without_a_longest_context_asks_for_one() -> None:
    said = "xLSTM 7B states no longest context, expected one; give it with -n 8192"
    with pytest.raises(Refusal, match=re.escape(said)):
        fit("xlstm-7b", on="rtx-4090")


def test_an_architecture_alone_is_refused() -> None:
    """Its config says how the weights are packed: 671 B parameters aren't 1,342 GB."""
    said = "deepseek_v3 is given without its config, expected that too"
    with pytest.raises(Refusal, match=f"^{said}: it says how weights are stored; "):
        fit(model("deepseek-v3").architecture, on="8xh200")


def test_numbers_are_as_people_read_them() -> None:
    assert [at_most(Fraction(n, 100)) for n in (4_599, 1_049, 994, 4)] == ["46", "10", "9.9", "0.0"]
    assert [gib(GIB * n // 4) for n in (-5, 0, 6)] == ["-1.25", "0.00", "1.50"]
    assert [gib(n) for n in (-1, 1)] == ["> -0.01", "< 0.01"]


def test_columns_end_with_the_models_own_context() -> None:
    asked = fit("gemma-3-27b", on="rtx-4090", context=1_000).request
    assert contexts(asked) == [1_000, 8_192, 16_384, 32_768, 65_536, 131_072]
    short = fit("gpt2-xl", on="rtx-4090").request
    assert contexts(short) == [1_024]
