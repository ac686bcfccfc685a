"""Headers of safetensors: what is read, and what of a broken file is said."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources.safetensors import read_header
from tests.checkpoint_headers import entries, write

HELD = entries({"a.weight": ("BF16", (2, 3)), "b.0.c": ("F32", (4,))})


def test_a_header_lists_tensors(tmp_path: Path) -> None:
    header = read_header(write(tmp_path / "x.safetensors", HELD))
    assert [tuple(tensor) for tensor in header.tensors] == [
        ("a.weight", "BF16", (2, 3), 12, "x.safetensors"),
        ("b.0.c", "F32", (4,), 16, "x.safetensors"),
    ]
    assert header.faults == ()


def changed(name: str, **keys: Any) -> dict[str, Any]:
    return {**HELD, name: {**HELD[name], **keys}}


@pytest.mark.parametrize(
    ("header", "data", "said"),
    [
        (HELD, 20, "x.safetensors ends after {} bytes, expected {}; download it again"),
        (HELD, 30, "x.safetensors has 2 bytes after its last tensor, expected none; download it again"),
        (
            changed("b.0.c", data_offsets=[8, 24]),
            24,
            'x.safetensors gives "b.0.c" bytes that another tensor has, from 8 on; download it again',
        ),
        (
            changed("b.0.c", data_offsets=[16, 32]),
            32,
            'x.safetensors has 4 bytes before "b.0.c" that are no tensor\'s; download it again',
        ),
        (
            changed("b.0.c", shape=[5]),
            28,
            'x.safetensors gives "b.0.c" 16 bytes, expected 20 for 5 of F32; download it again',
        ),
    ],
)  # fmt: skip
def test_offsets_that_contradict_are_faults(
    tmp_path: Path, header: dict[str, Any], data: int, said: str
) -> None:
    file = write(tmp_path / "x.safetensors", header, data)
    size = file.stat().st_size
    assert read_header(file).faults == (said.format(f"{size:,}", f"{size + 8:,}"),)


def test_a_name_twice_is_a_fault(tmp_path: Path) -> None:
    text = json.dumps({"a": HELD["a.weight"], "b": HELD["a.weight"]}).replace('"b"', '"a"')
    found = read_header(write(tmp_path / "x.safetensors", text.encode(), 12))
    assert found.faults == ('x.safetensors lists "a" twice; download it again',)


def test_a_file_cut_anywhere_is_told_so(tmp_path: Path) -> None:
    whole = write(tmp_path / "x.safetensors", HELD).read_bytes()
    end = 8 + int.from_bytes(whole[:8], "little")
    for size in range(len(whole)):
        file = tmp_path / "cut.safetensors"
        file.write_bytes(whole[:size])
        if size >= end:
            assert "ends after" in read_header(file).faults[0]
            continue
        with pytest.raises(Refusal) as refused:
            read_header(file)
        words = str(refused.value)
        assert words.endswith("download it again"), words
        if size > 8:
            assert f"ends in its header, after {size:,} bytes, expected {end:,};" in words


def test_mutated_files_are_read_or_refused(tmp_path: Path) -> None:
    whole = write(tmp_path / "x.safetensors", HELD).read_bytes()
    draw = random.Random(34)
    refused = 0
    for _ in range(3_000):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data) - 28)] = draw.choice(
                b'\x00\xff{}[]",:019eE-' + bytes([draw.randrange(256)])
            )
        file = tmp_path / "mutated.safetensors"
        file.write_bytes(data)
        try:
            read_header(file)
        except Refusal:
            refused += 1
    assert 500 < refused < 3_000


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty, expected a checkpoint in safetensors; download it again"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS and not the file itself, expected a checkpoint in safetensors; run `git lfs pull`"),
        (b"GGUF\x03\0\0\0" + bytes(40), "is a GGUF file"),
        (b"\xff" * 8 + b"{}", "states a header of 18,446,744,073,709,551,615 bytes, expected a checkpoint in safetensors"),
        (b"\x04" + bytes(7) + b"{..}", "has a header that is no JSON, expected one object of tensors"),
        (b"\x0a" + bytes(7) + b'{"a": [1]}', 'has a header whose entry "a" is a list of 1 value, expected dtype, shape'),
        ((100_000).to_bytes(8, "little") + b'{"a":' * 20_000, "has a header that is no JSON"),
        ((9_000_000).to_bytes(8, "little") + b'{"a":[' + b"[]," * 2_999_998, "has a header of more than 5,000,000 values"),
    ],
)  # fmt: skip
def test_what_is_no_header_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "x.safetensors"
    file.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read_header(file)
    assert said in str(refused.value)
