"""A GGUF beside what its own keys describe: every fault is found under GGUF's names, and nothing else is called one."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from math import prod
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import check, describe, facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.cli import main
from llm_gallery.conversion import converted
from llm_gallery.conversion.converted import conversions
from tests.gguf_files import Tensors, half, write

LLAMA, QWEN, LATENT = "llama-3.1-8b", "qwen3-0.6b", "deepseek-v2-lite"


@cache
def conversion(model: str) -> tuple[dict[str, Any], Tensors]:
    """Keys and tensors of a model of the catalog, in 16 bits."""
    found = find(model)
    made = converted(found.architecture, found.config)
    return dict(made.keys), {tensor.name: half(*tensor.shape) for tensor in made.tensors}


def wrote(
    folder: Path, model: str, change: Callable[[Tensors], Tensors] = lambda held: held
) -> Path:
    """A file of a model, changed."""
    keys, tensors = conversion(model)
    return write(folder / "model.gguf", keys, change(dict(tensors)))


@pytest.mark.parametrize("model", [LLAMA, QWEN, LATENT, "gpt-oss-20b", "qwen3-next-80b-a3b", "gemma-3-270m"])  # fmt: skip
def test_what_its_keys_describe_is_whole(model: str, tmp_path: Path) -> None:
    report = check(wrote(tmp_path, model))
    assert report.verdict == "whole", report.text()
    counted = facts(model)["parameters"]
    drafts = counted["multi_token_prediction"] if "next" in model else 0
    assert report.parameters == report.described == counted["total"] + drafts


CHANGES: dict[str, tuple[Callable[[Tensors], Tensors], dict[str, str]]] = {
    "missing": (lambda t: {n: v for n, v in t.items() if "ffn_up" not in n}, {"missing": "blk.{0-27}.ffn_up.weight"}),
    "reshaped": (lambda t: {**t, "blk.3.ffn_up.weight": half(1024, 3072)}, {"reshaped": "blk.3.ffn_up.weight"}),
    "surplus": (lambda t: {**t, "blk.3.ffn_extra.weight": half(3)}, {"surplus": "blk.3.ffn_extra.weight"}),
    "a tower": (lambda t: {**t, "v.blk.0.attn_q.weight": half(3)}, {"surplus": "v.blk.0.attn_q.weight"}),
    "factors": (lambda t: {**t, "rope_freqs.weight": half(64)}, {"extra": "rope_freqs.weight"}),
}  # fmt: skip
LISTS = ("missing", "reshaped", "surplus", "vocabulary", "undescribed", "tied", "extra")


@pytest.mark.parametrize("name", CHANGES)
def test_a_difference_is_found_and_no_other(name: str, tmp_path: Path) -> None:
    change, found = CHANGES[name]
    report = check(wrote(tmp_path, QWEN, change))
    said = {key: lines[0].names for key in LISTS if (lines := getattr(report.lines, key))}
    assert said == found
    assert report.whole == (name == "factors")


def test_a_tower_that_the_keys_state_is_not_described(tmp_path: Path) -> None:
    keys, tensors = conversion(QWEN)
    towered = {**keys, "qwen3.vision.block_count": 1}
    held = {**tensors, "v.blk.0.attn_q.weight": half(3)}
    report = check(write(tmp_path / "model.gguf", towered, held))
    assert (report.verdict, [part.name for part in report.but_for]) == ("whole but for", ["v"])
    assert not check(write(tmp_path / "b.gguf", towered, held | {"blk.0.stray": half(3)})).whole


def test_older_conversions_are_whole(tmp_path: Path) -> None:
    """Keys and values of all heads in one matrix, as files had them before April 2025."""
    found = find(LATENT)
    _, before = conversions(found.architecture, found.config)
    tensors = {tensor.name: half(*tensor.shape) for tensor in before.tensors}
    assert "blk.0.attn_kv_b.weight" in tensors
    report = check(write(tmp_path / "x.gguf", before.keys, tensors))
    assert report.verdict == "whole", report.text()


def test_a_module_that_drafts_may_be_left_out(tmp_path: Path) -> None:
    keys, tensors = conversion("qwen3-next-80b-a3b")
    rest = {name: held for name, held in tensors.items() if not name.startswith("blk.48.")}
    assert len(rest) < len(tensors)
    assert check(write(tmp_path / "x.gguf", keys, rest)).verdict == "whole"


def test_another_number_of_tokens_is_a_fault(tmp_path: Path) -> None:
    keys, tensors = conversion(QWEN)
    listed = {**keys, "tokenizer.ggml.tokens": ["a", "b"]}
    report = check(write(tmp_path / "x.gguf", listed, tensors))
    assert not report.whole
    assert report.faults == (
        "token_embd.weight has 151,936 rows, expected 2, as many as tokens are listed; download it again",
    )


def test_a_vocabulary_alone_is_said_to_be_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, _ = conversion(QWEN)
    listed = {**keys, "tokenizer.ggml.tokens": ["a", "b"]}
    assert main(["check", str(write(tmp_path / "x.gguf", listed, {}))]) == 3
    assert (
        "holds keys and a vocabulary, and no tensors, expected weights" in capsys.readouterr().err
    )


def test_a_folder_of_one_gguf_is_that_model(tmp_path: Path) -> None:
    wrote(tmp_path, QWEN)
    write(tmp_path / "mmproj-model.gguf", {"general.architecture": "clip"}, {})
    assert check(tmp_path).whole
    assert facts(tmp_path)["parameters"] == facts(QWEN)["parameters"]
    write(tmp_path / "other.gguf", {"general.architecture": "llama"}, {})
    with pytest.raises(Refusal) as refused:
        check(tmp_path)
    said = f"{tmp_path} holds model.gguf, other.gguf, expected one model; give one of the files"
    assert str(refused.value) == said


def test_what_no_key_says_is_a_warning(tmp_path: Path) -> None:
    assert describe(wrote(tmp_path, LLAMA)).warnings == (
        "the file's keys don't say by which factors its context is extended: they are the values of rope_freqs.weight; "
        "the config.json of its model does",
    )
    bytes_of = sum(2 * prod(shape) for _, shape, _ in conversion(LLAMA)[1].values())
    assert check(tmp_path).bytes == bytes_of
