"""The Hub, played by a server on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_gallery.extras import Missing
from llm_gallery.sources import hub
from tests.sources.stand_in import Repository, environment
from tests.sources.stand_in import hub as hub_of

CONFIG = b'{"model_type": "llama", "hidden_size": 64}'
ASK = "from llm_gallery.sources import hub; import sys; print(hub.read(sys.argv[1]))"


HELD = {
    "good/model": Repository({"config.json": CONFIG}),
    "huge/model": Repository({"config.json": CONFIG}, size=10**9),
    "gated/model": Repository({}, status=403, code="GatedRepo"),
    "empty/model": Repository({}),
    "gguf/model": Repository({"model-Q4_K_M.gguf": b"GGUF"}),
    "params/model": Repository({"params.json": b'{"dim": 64, "n_layers": 2}'}),
    "adapter/model": Repository({"adapter_config.json": b'{"peft_type": "LORA"}'}),
}


@pytest.fixture
def address() -> Iterator[str]:
    with hub_of(HELD) as said:
        yield said


def asked(repository: str, address: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Reads in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", ASK, repository],
        env=environment(address, home),
        capture_output=True,
        text=True,
    )


def test_a_repository_is_read_and_kept(address: str, tmp_path: Path) -> None:
    first = asked("good/model", address, tmp_path)
    assert first.stdout == "{'model_type': 'llama', 'hidden_size': 64}\n", first.stderr
    nowhere = asked("good/model", "http://127.0.0.1:9", tmp_path)  # the discard port: no answer
    assert nowhere.stdout == first.stdout, nowhere.stderr


@pytest.mark.parametrize(
    ("repository", "words"),
    [
        ("absent/model", "isn't on the Hub, or is private"),
        ("gated/model", "asks for its terms to be accepted"),
        ("empty/model", "has no config.json"),
        (
            "gguf/model",
            "has no config.json, expected a repository with a config.json; check the name, or give the model that it was made of, as GGUF files are",
        ),
        ("huge/model", "has a config.json of 1,000,000,000 bytes"),
    ],
)
def test_what_the_hub_refuses(repository: str, words: str, address: str, tmp_path: Path) -> None:
    ran = asked(repository, address, tmp_path)
    kind, _, message = ran.stderr.splitlines()[-1].partition(": ")
    assert kind.startswith("llm_gallery.")
    assert message.startswith(f"{repository} {words}")


@pytest.mark.parametrize(
    ("repository", "config"),
    [
        ("params/model", "{'dim': 64, 'n_layers': 2}"),
        ("adapter/model", "{'peft_type': 'LORA'}"),
    ],
)
def test_a_config_under_another_name(
    repository: str, config: str, address: str, tmp_path: Path
) -> None:
    assert asked(repository, address, tmp_path).stdout == f"{config}\n"


def test_no_network(tmp_path: Path) -> None:
    ran = asked("good/model", "http://127.0.0.1:9", tmp_path)
    assert "the Hub is out of reach and was not read before" in ran.stderr.splitlines()[-1]


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(Missing) as raised:
        hub.read("good/model")
    assert str(raised.value) == (
        "good/model is no model of the catalog and no path; reading it from the Hub needs "
        'huggingface_hub, which isn\'t installed: pip install "llm-architecture-gallery[hub]"'
    )


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        ("deepseek-ai/DeepSeek-V3", True),
        ("mistralai/Mistral-7B-v0.1", True),
        ("gpt2-xl", False),
        ("a/b/c", False),
        ("../x", False),
        ("a/..", False),
        ("a/b\n", False),
        ("", False),
    ],
)
def test_what_can_be_a_repository(text: str, can_be: bool) -> None:
    assert hub.is_repository(text) is can_be
