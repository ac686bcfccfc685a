"""The terms by which a page says how a model runs: those of the engines, for every split, mix and type of cache offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.catalog.dropped import run
from llm_gallery.catalog.load import find
from llm_gallery.catalog.quants import conversion_of, half_type
from llm_gallery.catalog.run_splits import key, splits, words
from llm_gallery.catalog.run_terms import COUNTS, MIXES, run_terms
from llm_gallery.catalog.source import stored_gguf
from llm_gallery.conversion.skeleton import write
from llm_gallery.engines.registry import NAMES, engine
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
from llm_gallery.quants.mixes import PACKED
from tests.sample import dozen, first

FIRST = "gemma-3-27b"
FEW = ("gemma-3n-e2b", "zamba2-2.7b")
"""Models of the sample that are gone through each time."""


def subject(model: str) -> Subject:
    found = find(model)
    assert found.entry is not None
    return Subject(
        found.name,
        found.architecture,
        dict(found.entry.config),
        repository=found.entry.repository or "",
    )


def offered(name: str, *, mixture: bool) -> dict[str, Split]:
    """The splits that the page offers of an engine, by their short names."""
    return {
        key(split): split
        for count in COUNTS
        for split in splits(engine(name), count, mixture=mixture)
    }


@pytest.mark.parametrize("model", first(dozen(), FEW))
def test_terms_are_the_engines_own(model: str) -> None:
    """Weights and terms of every rank, in every mix and split that is offered."""
    held = subject(model)
    told = run_terms(held)
    assert [one["name"] for one in told["engines"]] == list(NAMES)
    for said in told["engines"]:
        if "refused" in said:
            assert len(said["refused"]) > 20
            continue
        used = engine(said["name"])
        terms = [Term._make([*one[:5], bool(one[5]), *one[6:]]) for one in said["terms"]]
        known = offered(said["name"], mixture=told["mixture"])
        for shared in said["splits"]:
            if "refused" in shared:
                continue
            split = known[shared["key"]]
            for weights, ranks in zip(said["weights"], shared["weights"], strict=True):
                placed = used.placed(held, weights["name"], used.caches[0], split)
                assert ranks == [rank.weights for rank in placed]
            for cache, ranks in zip(said["caches"], shared["terms"], strict=True):
                placed = used.placed(held, said["weights"][0]["name"], cache, split)
                kept = [tuple(terms[at] for at in rank) for rank in ranks]
                assert kept == [rank.terms for rank in placed]


def test_a_release_in_mxfp4_is_offered_as_it_is() -> None:
    """Beside the mixes of every model; of one in 16 bits that mix isn't."""

    def mixes(model: str) -> set[str]:
        (said,) = (
            told for told in run_terms(subject(model))["engines"] if told["name"] == "llama.cpp"
        )
        return {weights["name"] for weights in said["weights"]}

    assert mixes("gpt-oss-20b") == {*MIXES, PACKED}
    assert mixes("llama-3.2-1b") == {*MIXES}


def test_splits_in_short_and_in_words() -> None:
    vllm, llama = engine("vllm"), engine("llama.cpp")
    both = [(key(split), words(split)) for split in splits(vllm, 4, mixture=True)]
    assert both == [
        ("tp4dp1", "tensor 4"),
        ("tp4dp1ep", "tensor 4, experts over all"),
        ("tp2dp2", "tensor 2 × data 2"),
        ("tp2dp2ep", "tensor 2 × data 2, experts over all"),
        ("tp1dp4", "data 4"),
        ("tp1dp4ep", "data 4, experts over all"),
    ]
    assert [key(split) for split in splits(vllm, 3, mixture=True)] == []
    assert [words(split) for split in splits(llama, 3, mixture=True)] == ["layers over 3"]
    assert [words(split) for split in splits(llama, 1, mixture=True)] == ["whole"]


def test_a_command_has_room_for_what_a_reader_chooses() -> None:
    told = {one["name"]: one for one in run_terms(subject(FIRST))["engines"]}
    (alone, *_) = told["llama.cpp"]["splits"]
    assert "-{weights}.gguf -c {total} -np {sequences} " in alone["commands"][0]
    two = next(one for one in told["vllm"]["splits"] if one["key"] == "tp1dp2")
    assert "--max-model-len {context} --max-num-seqs {each}" in two["commands"][0]


def own_file(folder: Path) -> Path:
    """GPT-2 XL in 16 bits as a GGUF, with a hole for its weights."""
    found, file = find("gpt2-xl"), folder / "own.gguf"
    write(file, conversion_of(found), found.name, half_type(found))
    return file


def test_a_file_is_counted_by_its_own_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gguf = own_file(tmp_path)
    monkeypatch.chdir(tmp_path)
    stored = stored_gguf(gguf)
    assert stored is not None
    found = run([gguf.name])
    (llama, *others) = found["engines"]
    (weights,) = llama["weights"]
    assert (weights["name"], weights["bytes"]) == ("file", sum(t.bytes for t in stored.tensors))
    assert "own.gguf" in llama["splits"][0]["commands"][0]
    vllm = next(one for one in others if one["name"] == "vllm")
    assert "is a GGUF" in vllm["refused"]
    (gguf.parent / "no.gguf").write_bytes(b"nothing")
    assert "no.gguf" in run(["no.gguf"])["refused"]
