"""Headers of GGUF: what is read, and what of a broken file is said."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from llm_gallery import check
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.cli import main
from llm_gallery.sources import gguf
from llm_gallery.sources.gguf import Many
from tests.gguf_files import half, header, write

KEYS = {
    "general.architecture": "llama",
    "llama.block_count": 2,
    "x.ratio": 0.5,
    "x.switch": True,
    "x.layers": [1, 2, 3],
    "tokenizer.ggml.tokens": ["a", "", "b" * 300],
}
TENSORS = {
    "token_embd.weight": half(4, 256),
    "blk.0.ffn_up.weight": (12, (3, 512), 864),
    "blk.1.ffn_up.weight": (39, (2, 64), 68),
}


@pytest.mark.parametrize("version", [2, 3])
def test_a_header_is_read(version: int, tmp_path: Path) -> None:
    stored = gguf.read(write(tmp_path / "x.gguf", KEYS, TENSORS, version))
    assert [tuple(tensor) for tensor in stored.tensors] == [
        ("token_embd.weight", "F16", (4, 256), 2048, "x.gguf"),
        ("blk.0.ffn_up.weight", "Q4_K", (3, 512), 864, "x.gguf"),
        ("blk.1.ffn_up.weight", "MXFP4", (2, 64), 68, "x.gguf"),
    ]
    assert stored.metadata == {**KEYS, "tokenizer.ggml.tokens": Many(3), "version": version}
    assert stored.faults == ()


def test_strings_across_pieces_are_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm_gallery.sources.header_bytes.PIECE", 7)
    file = write(tmp_path / "x.gguf", {"t": ["word" * i for i in range(40)], "n": 7}, TENSORS)
    stored = gguf.read(file)
    assert stored.metadata == {"t": Many(40), "n": 7, "version": 3}
    assert len(stored.tensors) == 3


def test_a_file_cut_anywhere_is_told_so(tmp_path: Path) -> None:
    whole = write(tmp_path / "x.gguf", KEYS, TENSORS).read_bytes()
    end, file = len(header(KEYS, TENSORS)), tmp_path / "cut.gguf"
    for size in range(4, len(whole) - 28, 3):
        file.write_bytes(whole[:size])
        if size >= end:
            (fault,) = gguf.read(file).faults
            assert fault.startswith(f"cut.gguf ends after {size:,} bytes, expected ")
            continue
        with pytest.raises(Refusal, match=f"ends in its header, after {size:,} bytes, expected at"):
            gguf.read(file)


def test_mutated_files_are_read_or_refused(tmp_path: Path) -> None:
    head = header(KEYS, TENSORS)
    file, draw, refused = tmp_path / "mutated.gguf", random.Random(34), 0
    for _ in range(2_000):
        data = bytearray(head)
        for _ in range(draw.randint(1, 4)):
            data[draw.randrange(len(data))] = draw.choice([0, 1, 9, 127, 255, draw.randrange(256)])
        file.write_bytes(data + bytes(64))
        try:
            gguf.read(file)
        except Refusal:
            refused += 1
    assert 500 < refused < 2_000


HEAD = b"GGUF" + struct.pack("<I", 3)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty, expected a GGUF file; check the file"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a pointer of Git LFS and not the file itself, expected a GGUF file; run `git lfs pull`"),
        (b"GGUF" + struct.pack(">I", 3) + bytes(40), "is a GGUF file of version 3 for big-endian machines, expected little-endian"),
        (b"GGUF" + struct.pack("<I", 1) + bytes(40), "is a GGUF file of version 1, expected 2 or 3"),
        (HEAD + struct.pack("<QQ", 2**60, 0), "states 1,152,921,504,606,846,976 tensors, expected at most 100,000"),
        (HEAD + struct.pack("<QQ", 0, 2**60), "keys, expected at most 65,536"),
        (HEAD + struct.pack("<QQQ", 0, 1, 2**40), "has a key of 1,099,511,627,776 bytes at byte 32 of its header, expected at most 1,024"),
        (HEAD + struct.pack("<QQQcIIQ", 0, 1, 1, b"k", 9, 8, 2**61), "ends in its header, after 49 bytes, expected more than there can be"),
        (HEAD + struct.pack("<QQQcIIQ", 0, 1, 1, b"k", 9, 9, 1), "has a list of type 9 under \"k\""),
        (HEAD + struct.pack("<QQQcI", 0, 1, 1, b"k", 13), "has the key \"k\" of type 13"),
    ],
)  # fmt: skip
def test_what_is_no_header_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "x.gguf"
    file.write_bytes(data)
    with pytest.raises(Refusal) as refused:
        gguf.read(file)
    assert said in str(refused.value)


def _split(folder: Path, count: int) -> list[Path]:
    names = [*TENSORS]
    return [
        write(
            folder / f"x-{number + 1:05}-of-{count:05}.gguf",
            {**(KEYS if number == 0 else {}), "split.count": count, "split.tensors.count": 3},
            {name: TENSORS[name] for name in names[number::count]},
        )
        for number in range(count)
    ]


def test_files_that_are_split_are_read_together(tmp_path: Path) -> None:
    for file in _split(tmp_path, 3):
        stored = gguf.read(file)
        assert {tensor.name for tensor in stored.tensors} == {*TENSORS}
        assert (stored.metadata["llama.block_count"], stored.faults) == (2, ())


def test_a_part_that_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = _split(tmp_path, 3)
    files[1].unlink()
    said = "1 file of 3 missing: x-00002-of-00003.gguf; download it"
    assert gguf.read(files[0]).faults == (said,)
    assert main(["check", str(files[0])]) == 1
    assert said in capsys.readouterr().out


def test_a_whole_gguf_is_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "x.gguf", {**KEYS, "general.architecture": "unheard"}, TENSORS)
    report = check(file)
    assert [(s.name, s.bytes, s.parameters) for s in report.by_type] == [
        ("F16", 2048, 1024),
        ("Q4_K", 864, 1536),
        ("MXFP4", 68, 128),
    ]
    assert main(["check", str(file)]) == 3
    assert report.verdict == "not compared"
