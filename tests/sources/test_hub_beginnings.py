"""A file of which only the header is here says what the whole file says, whatever it holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import checkpoint, gguf, hub_beginnings
from llm_gallery.sources.hub_beginnings import FIRST, of_gguf, of_safetensors
from llm_gallery.sources.hub_ranges import Piece
from llm_gallery.sources.other_kinds import HEAD
from llm_gallery.sources.stored import Stored
from tests import gguf_files

SAFE = b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"b":{"dtype":"U8","shape":[2],"data_offsets":[16,18]}}'
SAFE = len(SAFE).to_bytes(8, "little") + SAFE + bytes(18)
GGUF = gguf_files.header(
    {"general.architecture": "llama", "llama.block_count": 2, "tokens": ["a", "bc"], "types": [1, 2]},
    {"a.weight": gguf_files.half(3, 32), "b.weight": gguf_files.half(32)},
) + bytes(600)  # fmt: skip


class Held:
    """A file that gives its parts, and counts them."""

    def __init__(self, data: bytes) -> None:
        self.data, self.given = data, 0

    def piece(self, file: str, start: int, count: int) -> Piece:
        """As the Hub gives them."""
        part = self.data[start : start + count]
        self.given += len(part)
        return Piece(part, len(self.data))


def said(read: Callable[[], Stored]) -> Stored | str:
    try:
        return read()
    except Refusal as refusal:
        return str(refusal)


def same(data: bytes, name: str) -> None:
    """Compares both ways to read a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(data)
        of_format = gguf if name.endswith(".gguf") else checkpoint
        whole = said(lambda: of_format.read(file))
        held = Held(data)
        begun = of_gguf(held, name, file) if of_format is gguf else of_safetensors(held, name)
        assert begun.size == len(data)
        file.write_bytes(begun.data)
        assert said(lambda: of_format.read(file, {name: begun.size})) == whole


def changed(whole: bytes) -> st.SearchStrategy[bytes]:
    """A file with some of its bytes replaced, and cut somewhere."""
    at = st.integers(0, len(whole) - 1)
    changes = st.lists(st.tuples(at, st.integers(0, 255)), max_size=3)

    def apply(changes: list[tuple[int, int]], end: int) -> bytes:
        data = bytearray(whole)
        for place, value in changes:
            data[place] = value
        return bytes(data[:end])

    return st.builds(apply, changes, st.integers(0, len(whole)) | st.just(len(whole)))


@given(changed(SAFE) | st.binary(max_size=700))
def test_safetensors_say_the_same(data: bytes) -> None:
    same(data, "x.safetensors")


@given(changed(GGUF))
def test_ggufs_say_the_same(data: bytes) -> None:
    same(data, "x.gguf")


@pytest.mark.parametrize("length", [1, 1000, 99_991, 99_992, 99_993, 300_000])
def test_a_header_of_any_length_is_asked_for_and_no_more(length: int) -> None:
    text = b"{" + b" " * (length - 1)
    data = length.to_bytes(8, "little") + text + bytes(500_000)
    held = Held(data)
    assert of_safetensors(held, "x").data == data[: max(HEAD, 8 + length)]
    assert held.given == max(FIRST, 8 + length)


def test_pieces_of_a_gguf_end_with_its_header(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_beginnings, "PIECE", 64)
    held = Held(GGUF)
    header = max(HEAD, len(GGUF) - 600)  # what tells the kind of a file is always read
    assert of_gguf(held, "x.gguf", Path("x.gguf")).data == GGUF[:header]
    assert header <= held.given < header + 64
