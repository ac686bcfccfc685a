"""Checkpoints on disk: which files of a folder are one, and what of them is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import checkpoint
from tests.checkpoint_headers import Tensors, entries, folder, write

HELD: Tensors = {f"layers.{i}.weight": ("BF16", (2, 2)) for i in range(6)}
INDEX = "model.safetensors.index.json"
FIRST, SECOND = (f"model-0000{i}-of-00002.safetensors" for i in (1, 2))


def test_a_folder_its_index_and_its_file_say_the_same(tmp_path: Path) -> None:
    shards, one = folder(tmp_path / "s", HELD, shards=2), folder(tmp_path / "one", HELD)
    read = [checkpoint.read(p) for p in (shards, shards / INDEX, one, one / "model.safetensors")]
    assert [{(t.name, t.shape) for t in found.tensors} for found in read] == [
        {(name, shape) for name, (_, shape) in HELD.items()}
    ] * 4
    assert not any(found.faults for found in read)
    assert [*read[0].files] == [FIRST, SECOND]


def _unlisted(place: Path) -> None:
    placed = json.loads((place / INDEX).read_text())
    del placed["weight_map"]["layers.0.weight"]
    (place / INDEX).write_text(json.dumps(placed))


def _swapped(place: Path) -> None:
    placed = json.loads((place / INDEX).read_text())
    placed["weight_map"]["layers.0.weight"] = SECOND
    (place / INDEX).write_text(json.dumps(placed))


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "absent": (lambda p: (p / SECOND).unlink(), f"1 file that the index names is missing: {SECOND}; download it"),
    "no index": (lambda p: (p / INDEX).unlink(), f"{INDEX} is missing beside its shards, and programs find no shard without it; download it"),
    "pointer": (lambda p: (p / SECOND).write_text("version https://git-lfs.github.com/spec/v1\n"), "is a pointer of Git LFS and not the file itself"),
    "unlisted": (_unlisted, f'the index doesn\'t name "layers.0.weight" of {FIRST}; download it again'),
    "swapped": (_swapped, f'{SECOND} lacks "layers.0.weight", which is in {FIRST} that the index says it holds; download both again'),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_files_is_said(name: str, tmp_path: Path) -> None:
    place = folder(tmp_path / "s", HELD, shards=2)
    breaking, said = FAULTS[name]
    breaking(place)
    (fault,) = checkpoint.read(place).faults
    assert said in fault


def test_a_shard_that_its_name_counts_is_missed(tmp_path: Path) -> None:
    place = folder(tmp_path / "s", HELD, shards=2)
    (place / INDEX).unlink()
    (place / FIRST).unlink()
    assert f"1 file that the names of the others count is missing: {FIRST}; download it" in (
        checkpoint.read(place).faults
    )


def test_other_weights_beside_shards_are_named(tmp_path: Path) -> None:
    place = folder(tmp_path / "s", HELD, shards=2)
    write(place / "consolidated.safetensors", entries(HELD))
    (place / "training_args.bin").write_bytes(b"")
    assert checkpoint.read(place).beside == ("consolidated.safetensors",)


@pytest.mark.parametrize(
    "name", ["../x.safetensors", "/x.safetensors", "x.bin", "a\\x.safetensors"]
)
def test_an_index_names_files_beside_it_only(name: str, tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {"a": name}}))
    with pytest.raises(Refusal, match="expected the name of a file beside it"):
        checkpoint.read(tmp_path)


def test_what_is_pickled_is_never_read(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x02c__main__\nboom\n.")
    for place in (tmp_path, tmp_path / "pytorch_model.bin"):
        with pytest.raises(Refusal, match="is a pickled checkpoint, which may run any code"):
            checkpoint.read(place)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"holds no weights, expected model\.safetensors"):
        checkpoint.read(tmp_path)
