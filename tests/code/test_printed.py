"""A printed file reads a checkpoint: of its names, in its dtypes and shards, and says what one lacks; `run` executes it on arrays."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from llm_gallery import Refusal, catalog, describe, miniature, run, tensors
from llm_gallery.architecture.block import Architecture, Block, Tensor, children, walk
from llm_gallery.code.file import at_once, printed
from llm_gallery.running.given import stored
from llm_gallery.running.random_weights import integers
from tests.code.checkpoints import halved, written
from tests.code.executed import Printed, isolated
from tests.sample import dozen, first, sample

TOKENS = [3, 14, 15, 92, 65, 35, 89, 79]
CLOSE = 1e-13
"""Of the largest score: both compute the same in float64, but for the order in which packed rows lie."""
CONFIGS = {entry.id: entry.config for entry in catalog()}
REFUSED = (
    "deepseek-v4.1-flash",
    "internlm3-8b",
    "qwen-7b",
)
"""What of the catalog can't be printed; named, so that nothing is described before the first test."""
STORED = ("jetmoe-8b", "zamba2-7b", "llada-8b", "longcat-flash-lite-68.5b-a3b")
"""With experts below one another, what layers share, a text that is read whole, and shards of a table."""
PRINTABLE = sorted({*CONFIGS} - {*REFUSED})
EACH = pytest.mark.parametrize(
    "model", first(PRINTABLE, dozen()[::2], {*PRINTABLE} - {*sample()}), scope="module"
)


@cache
def small(model: str) -> Architecture:
    return describe(miniature(CONFIGS[model]))


@lru_cache(maxsize=1)
def text(model: str) -> str:
    """Its file, which the tests of one model read one after the other."""
    return printed(small(model), model)


def weights(architecture: Architecture, dtype: Any = np.float64) -> dict[str, Any]:
    draw, whole = np.random.default_rng(5), integers(architecture.root)

    def drawn(tensor: Tensor) -> Any:
        if tensor.name in whole:
            return whole[tensor.name]
        return (draw.normal(size=tensor.shape) * (tensor.shape or (1,))[-1] ** -0.5).astype(dtype)

    return {each.name: drawn(each) for each in stored(architecture.root)}


def tokens(architecture: Architecture) -> list[int]:
    return [token % architecture.root.number("vocabulary") for token in TOKENS]


def greedy(
    architecture: Architecture, held: Mapping[str, Any], given: list[int], count: int
) -> list[int]:
    """The likeliest tokens, as `run` scores them, all of the text anew for each."""
    read = list(given)
    for _ in range(count):
        read.append(int(run(architecture, held, read)[0][-1].argmax()))
    return read[len(given) :]


@pytest.mark.parametrize("model", sorted({*dozen(), *STORED} - {*REFUSED}))
def test_it_scores_and_generates_from_a_checkpoint_as_from_memory(
    model: str, tmp_path: Path
) -> None:
    architecture = small(model)
    held, given = weights(architecture), tokens(architecture)
    written(tmp_path, held)
    file = Printed(text(model))
    read = file.weights(tmp_path)
    wanted = run(architecture, held, given)[0]
    most = CLOSE * np.abs(wanted).max()
    assert wanted.std() > 0.01 * np.abs(wanted).max()
    assert np.abs(file.scores(read, given) - wanted).max() < most
    if at_once(architecture.root):
        assert "generate" not in file.names  # nothing follows from one place to the next
        return
    assert np.abs(file.scores(read, given[:3], given[3:]) - wanted).max() < 10 * most
    assert np.abs(file.scores(read, *([one] for one in given)) - wanted).max() < 10 * most
    assert file.generated(read, given, 4) == greedy(architecture, held, given, 4)


class Noting(dict[str, Any]):
    """Arrays that note which were asked for."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        super().__init__(held)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)


@EACH
def test_it_reads_every_array_of_the_language_model(model: str, tmp_path: Path) -> None:
    """Of experts it reads those that were chosen, of layers those that a text doesn't pass by."""
    architecture = small(model)
    written(tmp_path, weights(architecture))
    file = Printed(text(model))
    noting = Noting(file.names["checkpoint"](tmp_path))
    file.scores(file.names["Weights"](noting), tokens(architecture))
    apart = [
        below
        for path, block in walk(architecture.root)
        if block.stands_apart or block.kind == "exit_gate" or not block.used
        for below, _ in ([(path, block)] if path else children(path, block))
    ]
    experts = [path for path, block in walk(architecture.root) if block.copies > 1]
    beside = (*(f"{path}." for path in apart), *(f"{path}." for path in experts))
    missed = {name for name in noting.keys() - noting.asked if not name.startswith(beside)}
    assert not missed


@pytest.mark.parametrize("model", ["llama-3-8b", "qwen3-0.6b", "gpt-oss-20b"])
def test_shards_and_half_precision_are_read(model: str, tmp_path: Path) -> None:
    """The first half of each float32, in three shards, untied, tied and stacked: as `run` on the same numbers."""
    architecture = small(model)
    exact = weights(architecture, np.float32)
    bits = {name: halved(held) for name, held in exact.items()}
    written(tmp_path, bits, shards=3)
    held = {name: (one.astype(np.uint32) << 16).view(np.float32) for name, one in bits.items()}
    file = Printed(printed(architecture, model))
    scores = file.scores(file.weights(tmp_path), TOKENS)
    assert scores.dtype == np.float32
    wanted = run(architecture, held, TOKENS)[0]
    assert np.abs(scores - wanted).max() < 1e-6 * np.abs(wanted).max()


def test_matrices_of_eight_bits_are_read(tmp_path: Path) -> None:
    """A byte is a sign, four bits of exponent and three of fraction; 128 by 128 numbers share a scale."""
    draw = np.random.default_rng(3)
    bits = draw.integers(0, 127, (200, 300)).astype(np.uint8) | draw.choice(
        [0, 128], (200, 300)
    ).astype(np.uint8)
    scales = draw.uniform(0.5, 2, (2, 3)).astype(np.float32)
    written(tmp_path, {"a.weight": bits, "a.weight_scale_inv": scales})
    file = Printed(printed(small("deepseek-v3"), "", float8=True))
    read = file.weights(tmp_path).at("a")["weight"]
    for row, column in ((0, 0), (127, 127), (128, 128), (199, 299), (5, 256)):
        byte = int(bits[row, column])
        exponent, fraction = byte >> 3 & 15, byte & 7
        size = (8 + fraction) / 8 * 2.0 ** (exponent - 7) if exponent else fraction / 8 * 2.0**-6
        sign = -1 if byte & 128 else 1
        assert read[row, column] == np.float32(sign * size) * scales[row // 128, column // 128]


def test_scales_of_other_blocks_are_refused(tmp_path: Path) -> None:
    """MiMo V2 Flash's keys have scales of their own, whose rows end where another part's begin."""
    bits, scales = np.zeros((200, 300), np.uint8), np.ones((3, 3), np.float32)
    written(tmp_path, {"a.weight": bits, "a.weight_scale_inv": scales})
    file = Printed(printed(small("deepseek-v3"), "", float8=True))
    with pytest.raises(ValueError, match=r"a.weight: \(3, 3\) scales, not one a block of 128"):
        file.weights(tmp_path).at("a")["weight"]


def test_half_floats_are_widened(tmp_path: Path) -> None:
    file = Printed(printed(small("llama-3-8b"), ""))
    written(tmp_path, {"a": np.array([1.5, -2], np.float16)})
    read = file.weights(tmp_path)["a"]
    assert read.dtype == np.float32
    assert read.tolist() == [1.5, -2]


@pytest.mark.parametrize("several", [False, True])
def test_it_runs_by_itself(several: bool, tmp_path: Path) -> None:
    """As a program, by an interpreter that can't see this package: ids in, ids out, to where the text ends."""
    architecture = small("gemma-3-27b")
    held = weights(architecture)
    written(tmp_path, held, shards=2)
    wanted = greedy(architecture, held, TOKENS, 6)
    program = tmp_path / "gemma.py"
    program.write_text(printed(architecture, "gemma-3-27b"))

    def said(**config: Any) -> list[int]:
        (tmp_path / "config.json").write_text(json.dumps(config))
        command = isolated(program, tmp_path, TOKENS)
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        return [int(word) for word in ran.stdout.split()]

    last = next(token for token in wanted[1:] if token != wanted[0])
    ending = [95, last] if several else last
    stated: dict[str, Any] = {"eos_token_id": ending}
    assert said(**stated) == wanted[: wanted.index(last)]
    assert said(text_config=stated) == wanted[: wanted.index(last)]
    if several:
        endless = said(model_type="gemma3")
        assert len(endless) == 32
        assert endless[:6] == wanted


def test_a_text_that_is_read_whole_is_scored_at_every_place(tmp_path: Path) -> None:
    """As a program: the likeliest token of each place, as `run` scores them, and later tokens change earlier places."""
    architecture = small("llada-8b")
    held = weights(architecture)
    written(tmp_path, held)
    program = tmp_path / "llada.py"
    program.write_text(printed(architecture, "llada-8b"))
    command = isolated(program, tmp_path, TOKENS)
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    scores = run(architecture, held, TOKENS)[0]
    assert [int(word) for word in said] == scores.argmax(axis=-1).tolist()
    assert np.abs(run(architecture, held, TOKENS[:-1])[0] - scores[:-1]).max() > 0.01


@pytest.mark.parametrize("model", REFUSED)
def test_what_cant_run_is_refused(model: str) -> None:
    with pytest.raises(Refusal, match="can't run yet: ."):
        printed(describe(model), model)


def test_what_nothing_computes_with_is_refused() -> None:
    made = describe(miniature(CONFIGS["llama-3-8b"]))

    def odd(block: Block) -> Block:
        inside = tuple(odd(part) for part in block.inside)
        own = {**block.settings, "mirrored": True} if block.kind == "attention" else block.settings
        return replace(block, inside=inside, settings=own)

    with pytest.raises(Refusal, match=r"nothing computes with attention\.mirrored"):
        printed(replace(made, root=odd(made.root)), "")


def ended(folder: Path, *, at_all_places: bool = False) -> str:
    """What a printed file says, as a program, of a folder whose checkpoint it can't run."""
    model = "llada-8b" if at_all_places else "qwen3-0.6b"
    program = folder / "printed.py"
    program.write_text(printed(small(model), model))
    ran = subprocess.run(isolated(program, folder, TOKENS), capture_output=True, text=True)
    assert ran.returncode == 1
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"{folder}: ")
    assert line.endswith("; give the checkpoint of this model's release")
    return line.removeprefix(f"{folder}: ").rpartition("; ")[0]


def test_what_a_checkpoint_lacks_is_said_in_a_line(tmp_path: Path) -> None:
    """No file, no tensors, other names, another dtype, another shape, a token that is none."""
    architecture = small("qwen3-0.6b")
    held = weights(architecture)
    assert "No such file" in ended(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    first = "model.embed_tokens.weight"
    assert ended(tmp_path) == f"{first} isn't among its tensors, of which the first are none"
    written(tmp_path, {name.removeprefix("model."): array for name, array in held.items()})
    names = sorted(name.removeprefix("model.") for name in held)
    found = f"{first} isn't among its tensors, of which the first are {', '.join(names[:3])}"
    assert ended(tmp_path) == found
    written(tmp_path, {**held, first: np.ones(held[first].shape, np.uint8)})
    assert ended(tmp_path) == f"{first} is stored as F8_E4M3, expected BF16, F16, F32, F64"
    written(tmp_path, {**held, first: held[first][:, 1:]})
    assert "shapes" in ended(tmp_path)
    written(tmp_path, {**held, first: held[first][:1]})
    assert "out of bounds" in ended(tmp_path)


def test_a_file_that_reads_a_text_whole_says_it_too(tmp_path: Path) -> None:
    said = ended(tmp_path, at_all_places=True)
    assert said.endswith(" isn't among its tensors, of which the first are none")


@pytest.mark.parametrize(
    ("model", "saved", "ours"),
    [
        ("deepseek-v4-flash", "model.embed_tokens.weight", "embed.weight"),
        ("deepseek-v4-flash", "model.hc_head.hc_fn", "hc_head_fn"),
        ("deepseek-v4-flash", "model.layers.0.attn.norm.weight", "layers.0.attn.kv_norm.weight"),
        ("kimi-linear-48b-a3b", "model.layers.0.block_sparse_moe.up_proj", "model.layers.0.mlp.up_proj"),
        ("kimi-k2.5", "language_model.model.blocks.0.x", "language_model.model.layers.0.x"),
        ("olmo-hybrid-7b", "model.layers.0.attention_layer_norm.weight", "model.layers.0.input_layernorm.weight"),
    ],
)  # fmt: skip
def test_names_that_transformers_saves_are_the_releases(model: str, saved: str, ours: str) -> None:
    """And the release's own stay as they are."""
    file = Printed(printed(small(model), model))
    assert file.names["released"](saved) == file.names["released"](ours) == ours
    names = [tensor.name for tensor in tensors(small(model)) if tensor.tied_to is None]
    assert [file.names["released"](name) for name in names] == names
