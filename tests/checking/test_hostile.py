"""Checkpoints made to break their reader: reported, or refused in one line, soon and within bounded memory."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from llm_gallery import check
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.cli import main
from tests.checkpoint_headers import Tensors, entries, write
from tests.gguf_files import header
from tests.hostile_headers import CONFIG, HELD, INDEX, KEYS, LISTED, fault, judged
from tests.odd_configs import well_said


@pytest.mark.parametrize("part", range(4))
def test_changed_headers_are_reported_or_refused(part: int) -> None:
    """Some of what `python -m tests.hostile_headers` tries."""
    assert [problem for seed in range(part * 75, part * 75 + 75) if (problem := fault(seed))] == []


def test_a_search_finds_what_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise LookupError

    monkeypatch.setattr("tests.hostile_headers.check", failing)
    assert fault(1).startswith("LookupError")


def test_headers_cut_at_every_byte(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    small = dict([*HELD.items()][:2])
    whole = write(tmp_path / "model.safetensors", entries(small)).read_bytes()
    for size in range(8 + int.from_bytes(whole[:8], "little")):
        file = tmp_path / "cut.safetensors"
        file.write_bytes(whole[:size])
        judged(file)
    head = header(KEYS, LISTED)
    for size in range(len(head)):
        file = tmp_path / "cut.gguf"
        file.write_bytes(head[:size])
        judged(file)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("\x1b[31m", "has a header with the name"),
        ("\u202egnp", "has a header with the name"),
        ("\ud800", "has a header with the name"),
        ("a." * 500_000, "of 1,000,000 letters, expected printable ones and at most 1,024"),
    ],
)
def test_names_that_no_terminal_shows_are_refused(name: str, said: str, tmp_path: Path) -> None:
    held: Tensors = {name: ("BF16", (2, 2))}
    with pytest.raises(Refusal) as refused:
        check(write(tmp_path / "x.safetensors", entries(held)))
    assert said in str(refused.value)
    well_said(str(refused.value))


@pytest.mark.parametrize(
    ("dtype", "shape"), [("\x1b[31m", [1]), ("B" * 25, [1]), ("U8", [2**62, 2]), ("U8", [-1])]
)
def test_types_and_shapes_that_none_has_are_refused(
    dtype: str, shape: list[int], tmp_path: Path
) -> None:
    held = {"a": {"dtype": dtype, "shape": shape, "data_offsets": [0, 1]}}
    with pytest.raises(Refusal, match='whose entry "a" is an object with 3 keys, expected dtype'):
        check(write(tmp_path / "x.safetensors", json.dumps(held).encode(), 1))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "m" * 300 + ".safetensors", "a/b.safetensors"]
)
def test_an_index_that_names_what_no_file_is_called(name: str, tmp_path: Path) -> None:
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {"a": name}}))
    with pytest.raises(Refusal, match="expected the name of a file beside it"):
        check(tmp_path)


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo.safetensors")
    (tmp_path / "zero.safetensors").symlink_to("/dev/zero")
    (tmp_path / "folder.safetensors").mkdir()
    names = [f"{name}.safetensors" for name in ("fifo", "zero", "folder")]
    (tmp_path / INDEX).write_text(json.dumps({"weight_map": {name: name for name in names}}))
    with pytest.raises(Refusal, match="is no regular file, expected a checkpoint in safetensors"):
        check(tmp_path)
    os.mkfifo(tmp_path / "x.gguf")
    with pytest.raises(Refusal, match="is no regular file, expected a GGUF file"):
        check(tmp_path / "x.gguf")


PROGRAM = """
import resource, sys
from llm_gallery.cli import main
code = main(["check", sys.argv[1]])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(code, usage.ru_maxrss, usage.ru_utime, file=sys.stderr)
"""


def large(kind: str) -> bytes:
    """Text of a header that takes as much as it may."""
    match kind:
        case "deep":
            return b'{"a":' * 100_000
        case "nested lists":
            return b'{"a":' + b"[" * 9_000_000
        case "empty lists":
            return b'{"a":[' + b"[]," * 2_400_000 + b"[]]}"
        case "one text":
            return b'{"__metadata__":{"a":"' + b"x" * 20_000_000 + b'"}}'
    draw = random.Random(34)
    shapes = ((draw.randrange(9), draw.randrange(9)) for _ in range(20_000))
    return json.dumps(entries({f"{i}.{i}.w": ("U8", s) for i, s in enumerate(shapes)})).encode()


@pytest.mark.parametrize("kind", ["deep", "nested lists", "empty lists", "one text", "many names"])
def test_a_large_header_takes_seconds_and_bounded_memory(kind: str, tmp_path: Path) -> None:
    file = write(tmp_path / "x.safetensors", large(kind), 0)

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(file)],
        capture_output=True,
        text=True,
        preexec_fn=limited,
        timeout=120,
    )
    *said, last = ran.stderr.splitlines()
    code, _, seconds = last.split()
    assert (code in ("1", "3"), len(said)) == (True, 1), ran.stderr
    assert float(seconds) < 10  # a bound on the order of growth, not on the machine


@pytest.mark.parametrize(
    "place", ["m" * 300, "m" * 300 + "/x.safetensors", "m" * 300 + f"/{INDEX}", "x\0.gguf"]
)
def test_a_path_that_the_system_refuses(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in ("check", "facts"):
        assert main([command, f"{tmp_path}/{place}"]) == 3
        assert "can't be read (" in capsys.readouterr().err


def test_a_folder_that_cannot_be_listed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def closed(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(
        Refusal, match=r"can't be read \(permission denied\), expected a checkpoint"
    ):
        check(tmp_path)
