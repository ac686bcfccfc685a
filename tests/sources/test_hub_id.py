"""What a word can name on the Hub, and what is a path or an address."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery import check, describe
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources.hub_id import HubId, parsed, refuse_address
from llm_gallery.sources.place import is_path

NAMES = {
    "Qwen/Qwen3-0.6B": HubId("Qwen/Qwen3-0.6B"),
    "Qwen/Qwen3-0.6B@main": HubId("Qwen/Qwen3-0.6B", "main"),
    "Qwen/Qwen3-0.6B@refs/pr/1": HubId("Qwen/Qwen3-0.6B", "refs/pr/1"),
    "a/b:Q4_K_M": HubId("a/b", variant="Q4_K_M"),
    "a/b:Q4_K_M@v1": HubId("a/b", "v1", variant="Q4_K_M"),
    "a/b/c.gguf": HubId("a/b", file="c.gguf"),
    "a/b/Q8_0/c-00001-of-00002.gguf@v1": HubId("a/b", "v1", "Q8_0/c-00001-of-00002.gguf"),
    "a/b/consolidated.safetensors": HubId("a/b", file="consolidated.safetensors"),
}


@pytest.mark.parametrize("word", NAMES)
def test_a_name_is_parsed_and_written_as_it_was(word: str) -> None:
    assert parsed(word) == NAMES[word]
    assert str(NAMES[word]) == word
    assert not is_path(word)


@pytest.mark.parametrize(
    "word",
    [
        "C:\\models\\x", "C:/models/x", "C:/models", "models\\x", "models\\x\\y.gguf", "./a/b", "~/a", "/a/b", "a/b/c",
        "a/b.gguf", "a/model.safetensors", "a/config.json", "../b",
    ],
)  # fmt: skip
def test_a_path_is_no_name(word: str) -> None:
    assert parsed(word) is None or "\\" in word
    assert is_path(word)


@pytest.mark.parametrize("word", ["", "gpt2", "a/b@", "a/b:", "a/b@../c", "a/../c.gguf", "a/b@x y"])
def test_other_words_are_no_name(word: str) -> None:
    assert parsed(word) is None


def test_a_wrong_name_in_a_folder_that_is_here_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    monkeypatch.chdir(tmp_path)
    assert is_path("models/qwen/file.gguf")
    assert not is_path("others/qwen/file.gguf")


@pytest.mark.parametrize("word", ["C:\\models\\x", "models\\x"])
def test_a_path_of_windows_is_refused_as_a_path(word: str) -> None:
    with pytest.raises(Refusal) as raised:
        describe(word)
    assert str(raised.value) == (
        f"{word} doesn't exist, expected a config.json or a folder that holds one; check the path"
    )


@given(st.text(st.sampled_from("ab./:@-_\\C 1\n\0é"), max_size=20))
def test_whatever_is_a_name_is_written_as_it_was(word: str) -> None:
    named = parsed(word)
    assert named is None or str(named) == word
    assert named is None or ".." not in word


@pytest.mark.parametrize(
    ("address", "given"),
    [
        ("https://huggingface.co/Qwen/Qwen3-0.6B", "give Qwen/Qwen3-0.6B"),
        ("https://huggingface.co/Qwen/Qwen3-0.6B/tree/main", "give Qwen/Qwen3-0.6B"),
        ("https://hf.co/a/b/blob/v1.0/config.json", "give a/b@v1.0"),
        ("https://huggingface.co/a/b/blob/refs%2Fpr%2F1/config.json", "give a/b@refs/pr/1"),
        ("https://huggingface.co/a/b/resolve/main/x/c.gguf?d=1", "give a/b/x/c.gguf"),
        ("huggingface.co/a/b", "give a/b"),
        ("hf.co/a/b", "give a/b"),
        ("hf://a/b", "give a/b"),
        ("https://example.org/a", "download what stands there, and give its path"),
    ],
)
def test_an_address_is_refused_with_the_name_to_give(address: str, given: str) -> None:
    words = f'"{address}" is an address, expected a path or a Hub id; {given}'
    for asked in (describe, check, refuse_address):
        with pytest.raises(Refusal) as raised:
            asked(address)
        assert str(raised.value) == words


def test_the_address_of_a_data_set_is_refused() -> None:
    with pytest.raises(Refusal) as raised:
        describe("https://huggingface.co/datasets/a/b")
    assert str(raised.value) == (
        '"https://huggingface.co/datasets/a/b" is the address of a dataset, expected a model; give a model\'s Hub id'
    )


def test_a_model_of_the_catalog_has_no_weights() -> None:
    with pytest.raises(Refusal) as raised:
        check("qwen3-0.6b")
    assert str(raised.value) == (
        '"qwen3-0.6b" is a model of the catalog, which has no weights, expected a path or a Hub id; give Qwen/Qwen3-0.6B-Base'
    )
