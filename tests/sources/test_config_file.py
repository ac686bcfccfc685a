"""Configs on disk: what is read, and what real files hold that JSON's grammar doesn't."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import config_file


def test_a_file_and_its_folder_say_the_same(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"model_type": "llama"}')
    assert config_file.read(file) == config_file.read(tmp_path) == {"model_type": "llama"}


def test_infinity_is_read(tmp_path: Path) -> None:
    """Nemotron's `time_step_limit` ends in Infinity."""
    found = config_file.parse(b'{"time_step_limit": [0.0, Infinity]}', "it")
    assert found["time_step_limit"][1] == math.inf


def test_a_byte_order_mark_is_no_fault() -> None:
    assert config_file.parse(b'\xef\xbb\xbf{"a": 1}', "it") == {"a": 1}


@pytest.mark.parametrize(
    "text", ['{"a": 1, "a": 1}', '{"x": {"a": 1, "a": 2}}', '[{"a": 1, "b": 2, "a": 3}]']
)
def test_a_key_twice_is_refused_at_any_depth(text: str) -> None:
    with pytest.raises(Refusal, match='it states "a" twice'):
        config_file.parse(text.encode(), "it")


def test_quantization_lists_of_real_files_are_within_the_limits() -> None:
    """NVFP4 configs name each quantized layer: 3 MB."""
    names = ",".join(
        f'"model.layers.{i}.mlp.experts.up_proj": {{"bits": 4}}' for i in range(48_000)
    )
    data = f'{{"model_type": "llama", "layers": {{{names}}}}}'.encode()
    assert len(data) > 2_500_000
    assert len(config_file.parse(data, "it")["layers"]) == 48_000


def test_sixty_levels_are_read_and_seventy_refused() -> None:
    inner = b"[" * 60 + b"]" * 60
    assert config_file.parse(b'{"a": ' + inner + b"}", "it")
    with pytest.raises(Refusal, match="more than 64 deep"):
        config_file.parse(b'{"a": ' + b"[" * 70 + b"]" * 70 + b"}", "it")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything: the system's answer is played."""

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = tmp_path / "config.json"
    file.write_text("{}")
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(Refusal, match="can't be read \\(permission denied\\)"):
        config_file.read(file)


@pytest.mark.parametrize("path", ["a" * 5000, "a\0b", "/proc/self/mem/x", "\ud800"])
def test_impossible_paths_are_refused(path: str) -> None:
    with pytest.raises(Refusal) as refused:
        config_file.read(Path(path))
    assert str(refused.value).isprintable()


def test_devices_are_refused_unread() -> None:
    with pytest.raises(Refusal, match="no regular file"):
        config_file.read(Path("/dev/zero"))
