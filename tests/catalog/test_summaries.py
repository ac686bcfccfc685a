"""What entries say in a sentence is true: each number in it is one of the model's, or of a model that it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache as once

import pytest

from llm_gallery.analysis.concepts import concepts
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.block import Block, layers, walk
from llm_gallery.catalog.load import Model, find
from llm_gallery.catalog.load import models as load_models
from llm_gallery.figure.kit.text import width
from tests.sample import drawings, models

ROOM, SIZE = 1120.0, 15.5
"""Px of one line in a figure 1,200 px wide, and of its type."""
NAMES = (
    *(
        "GPT-2",
        "Llama 2 7B",
        "Llama 3",
        "Llama 3 70B",
        "Mamba-2",
        "MiMo-V2-Flash",
        "MiniMax-Text-01",
    ),
    *(
        "Mistral 7B",
        "Nemotron 3 Nano",
        "OLMo 2",
        "OLMo 3",
        "Qwen2",
        "Qwen2.5 3B",
        "Qwen3",
        "Qwen3 235B",
    ),
)
"""What is named beside models of the catalog."""
WORDS = dict(
    zip(
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        map(str, range(2, 11)),
        strict=True,
    )
)
SHORTER = {
    ("deepseek-v4.1-flash", "197B"): "196.61B",
    ("longcat-2.0", "135B"): "134.98B",
    ("longcat-flash-lite-68.5b-a3b", "31B"): "31.41B",
    ("qwen3.8-flash-next-125b-a6b", "51B"): "51.20B",
}
"""Numbers that are rounded in words, with what they stand for."""


@once
def known() -> tuple[Model, ...]:
    """The catalog."""
    return load_models()


@once
def numbers(identifier: str) -> frozenset[str]:
    """All that a sentence may say of a model in digits."""
    model = next(model for model in known() if model.id == identifier)
    return frozenset(_numbers(model.architecture.root))


def _numbers(root: Block) -> Iterator[str]:
    counts = parameters(root)
    yield from (short(n) for n in (counts.total, counts.active, counts.lookup))
    yield binary(cache(root).bytes_per_token)
    facts: dict[str, set[float]] = {}
    for _, block in walk(root):
        for name, fact in block.facts.items():
            if isinstance(fact.value, (int, float)) and not isinstance(fact.value, bool):
                facts.setdefault(name, set()).add(fact.value)
    for values in facts.values():
        yield from map(_written, values)
    stacked = layers(root)
    yield _written(len(stacked))
    yield from map(_written, _counts(stacked))
    for _, block in walk(root):
        yield from _derived(block, root.number("width"))
    passes = max(facts.get("passes", {1}))
    yield _written(len(stacked) * passes)


def _counts(stacked: Sequence[Block]) -> Iterator[int]:
    """Layers that have a kind of block, or one with a fact, and those of the others that have its kind."""
    has: Counter[tuple[str, ...]] = Counter()
    for layer in stacked:
        found: set[tuple[str, ...]] = set()
        for _, block in walk(layer):
            found.add((block.kind,))
            found.update((block.kind, name) for name in block.facts)
            found.update((block.kind, name, str(f.value)) for name, f in block.facts.items())
        has.update(found)
    for key, count in has.items():
        yield count
        yield has[key[:1]] - count


def _derived(block: Block, stream: int) -> Iterator[str]:
    """What follows from a block's facts and the width of the stream."""
    if block.kind == "attention" and "kv_heads" in block.facts:
        yield _written(block.number("heads") / block.number("kv_heads"))
        yield _written(block.number("heads") * block.number("head_dim") / stream)
    if block.kind == "mlp" and "inner" in block.facts:
        yield _written(block.number("inner") / stream)
    if block.kind == "latent_attention":
        yield _written(block.number("kv_rank") + block.number("rope_dim"))
    if block.is_mixture and (idle := block.value("identity_experts")):
        yield _written(block.number("experts") + int(str(idle)))


def _written(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,g}"


def without_names(summary: str) -> str:
    """A sentence without the models that it names."""
    for name in sorted({*NAMES, *(m.name for m in known())}, key=len, reverse=True):
        summary = re.sub(rf"\b{re.escape(name)}(?!\d)", "", summary)
    return summary


def said(summary: str) -> Iterator[str]:
    """The numbers of a sentence, in digits or words, but for those in names."""
    summary = without_names(summary)
    yield from re.findall(r"\d[\d,.]*\d[BTMK]?(?: KiB)?|\d+[BTMK]?(?: KiB)?", summary)
    yield from re.findall(rf"\b(?:{'|'.join(WORDS)})\b", summary.lower())


def wrong(model: Model, summary: str) -> list[str]:
    """Numbers of a sentence that neither the model has nor one that the sentence names."""
    named = [other for other in known() if re.search(rf"\b{re.escape(other.name)}\b", summary)]
    true = numbers(model.id).union(*(numbers(other.id) for other in named))
    return [
        number
        for number in said(summary)
        if SHORTER.get((model.id, number), WORDS.get(number, number)) not in true
    ]


@pytest.mark.parametrize("name", drawings())
def test_numbers_are_the_models(name: str) -> None:
    model = find(name)
    assert model.entry is not None
    assert wrong(model, model.entry.summary) == []


def test_a_wrong_number_is_found() -> None:
    model = next(model for model in known() if model.id == "gemma-3-27b")
    assert model.entry is not None
    summary = model.entry.summary
    assert "10 of 62" in summary
    assert wrong(model, summary.replace("10 of 62", "11 of 62")) == ["11"]
    assert wrong(model, summary.replace("1,024", "1,023")) == ["1,023"]


RANKS = re.compile(
    r"\b(?!rest\b|test\b)\w+est\b|\b\w+er than\b|\b(?:half|twice) (?:as|the|of the|its)\b(?! half)|"
    r"\b(?:first|only|most|more|least|less|fewer|unlike|where others|usual|larger|smaller|longer|shorter|wider)\b"
)
"""Words that rank a model among others: another model makes them false."""


@pytest.mark.parametrize("name", models())
def test_it_ranks_nothing(name: str) -> None:
    """Ling mini 2.0 was "the smallest of its line" while Ling 3.0 Tiny has half its parameters."""
    entry = find(name).entry
    assert entry is not None
    assert RANKS.findall(entry.summary.lower()) == []


TERMS = {
    r"\bQK norm": "qk-norm",
    r"\bALiBi": "alibi",
    r"\bMLA\b|latent attention": "multi-head-latent-attention",
    r"\bNoPE\b": "nope",
    r"\bsinks?\b": "attention-sinks",
    r"[Aa]ttention and MLP (?:run )?in parallel": "parallel-block",
    r"[Aa]ttention softcap|softcaps on attention": "attention-softcap",
    r"logit softcap": "logit-softcap",
    r"\bMQA\b": "multi-query-attention",
    r"\bGQA\b": "grouped-query-attention",
    r"[Mm]ulti-head attention": "multi-head-attention",
    r"[Ss]liding window|[Ll]ocal attention": "sliding-window-attention",
    r"\bDeltaNet": "gated-deltanet",
    r"\bMamba-2": "mamba-2",
    r"\bMamba\b(?!-2)": "mamba",
    r"[Mm]ulti-token": "multi-token-prediction",
    r"(?<!-)\b[Ss]parse attention": "sparse-attention",
    r"[Bb]lock-sparse": "block-sparse-attention",
    r"[Cc]hunked": "chunked-attention",
    r"\bSwiGLU\b": "swiglu",
    r"[Ss]quared[ -]ReLU": "relu-squared",
    r"per-layer embeddings": "per-layer-embeddings",
    r"(?<!no )\bshared (?:expert|ones?)\b": "shared-expert",
    r"(?<!un)\btied\b": "tied-embeddings",
    r"\b[Ll]ooped\b": "looped-depth",
}
"""Mechanisms as the field calls them, and the concept that a model which is said to have one has."""


@pytest.mark.parametrize("name", models())
def test_it_has_what_is_named(name: str) -> None:
    model = find(name)
    assert model.entry is not None
    told = without_names(model.entry.summary)
    have = concepts(model.architecture.root)
    assert {c for words, c in TERMS.items() if re.search(words, told)} - {*have} == set()


WINDOW = re.compile(r"window of ([\d,]+)(?: with [^;]*?)? in (\d+)")
EXPERTS = re.compile(r"(\d+|one|six) of (\d+) (?:routed |fine-grained )?experts run")


@pytest.mark.parametrize("name", models())
def test_its_layers_and_experts_are_counted(name: str) -> None:
    """So many layers have a window of that size, and so many of so many experts run."""
    model = find(name)
    assert model.entry is not None
    stacked = layers(model.architecture.root)
    windows = Counter(
        window
        for layer in stacked
        for window in {b.value("window") for _, b in walk(layer) if "window" in b.facts}
    )
    for window, count in WINDOW.findall(model.entry.summary):
        assert windows[int(window.replace(",", ""))] == int(count)
    mixtures = {
        (str(b.value("used")), str(b.value("experts")))
        for layer in stacked
        for _, b in walk(layer)
        if b.is_mixture
    }
    for used, experts in EXPERTS.findall(model.entry.summary):
        assert (({"one": "1"} | WORDS).get(used, used), experts) in mixtures


@pytest.mark.parametrize("name", models())
def test_it_fits_one_line(name: str) -> None:
    model = find(name)
    assert model.entry is not None
    summary = model.entry.summary
    assert summary.endswith(".")
    assert len(summary) <= 110
    assert width(summary, SIZE) <= ROOM
