"""What call-outs say of well-known models, as a stranger reads it: what is new, against what, under which condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from llm_gallery.analysis.alternation import Ratio, alternation
from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.block import layers
from llm_gallery.catalog.load import find
from llm_gallery.concepts import concepts as described
from llm_gallery.figure import Heading
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.rows import Tower
from llm_gallery.figure.tower.words import amount, tokens
from tests.figure import generated
from tests.figure.tower.tower_gates import of_rows
from tests.sample import first

SEEDS, SHARE = range(5000), 20
STARTS = range(0, len(SEEDS), SHARE)
WHOLE = STARTS[::32]
"""Shares that CI takes, about half a minute of the quarter of an hour that all take."""


def rows(name: str) -> Tower:
    model = find(name)
    return tower(model.architecture, model.heading)


def tags(made: Tower) -> list[str]:
    inside = [b.new for s in made.storeys for r in s.branches for b in r.blocks if b.new]
    return [*inside, *filter(None, (made.stream_tag, made.loop_tag))]


@pytest.mark.parametrize(
    ("name", "tag", "called"),
    [
        ("gemma-3-27b", "NEW 5 : 1", "Local to global: 5 : 1 was 1 : 1 in Gemma 2 27B"),
        (
            "gemma-3-270m",
            "NEW MQA",
            "Multi-query attention: 4 × less KV cache at 32K than with MHA",
        ),
        (
            "muse-glimmer-30b",
            "NEW 2,048 window",
            "Window: 2,048 tokens, was 4,096 in EXAONE 4.0 32B",
        ),
        ("jamba-v0.1-52b", "NEW hybrid", "State to attention: 7 : 1 no attention in Mamba 2.8B"),
        (
            "deepseek-v3.2-exp",
            "NEW DSA",
            "Sparse attention: All 61 layers read the top 2,048 tokens",
        ),
        (
            "deepseek-v3",
            "NEW router bias",
            "Bias-balanced routing: 58 of 61 layers keep experts evenly busy, without a loss",
        ),
        (
            "deepseek-v2",
            "NEW MLA",
            "Multi-head latent attention: 71 × less KV cache than with 128-head MHA",
        ),
        (
            "deepseek-v4-pro",
            "NEW mHC",
            "Compressed attention: 6.3 × less cache at 1M than an entry a token",
        ),
        (
            "gpt-oss-120b",
            "NEW sinks",
            "Sliding-window attention: 18 of 36 layers read only the last 128 tokens",
        ),
        (
            "gpt-j-6b",
            "NEW parallel block",
            "Parallel block: All 28 layers run attention and MLP side by side",
        ),
        ("ouro-2.6b-thinking", "NEW loop", "Looped depth: 192 layers deep: 48 run 4 times"),
    ],
)
def test_what_is_new(name: str, tag: str, called: str) -> None:
    made = rows(name)
    assert tag in tags(made)
    call = made.calls[0]
    assert f"{call.name}: {call.number} {call.words}" == called


def test_hyper_connections_are_called_by_their_constraint() -> None:
    assert "NEW HC" in tags(rows("hy4-preview-770b-a49b"))
    assert "NEW mHC" in tags(rows("glm-5.3-flash"))


def test_where_no_ancestor_is_known_nothing_is_new() -> None:
    model = find("gemma-3-27b")
    made = tower(model.architecture, Heading(name="A stranger's"))
    assert (tags(made), made.against, made.calls[0].new) == ([], "", False)


@pytest.mark.parametrize(
    ("name", "local", "states", "window"),
    [
        ("gemma-3-27b", Ratio(5, 1), None, 1024),
        ("qwen3-next-80b-a3b", None, Ratio(3, 1), 0),
        ("nemotron-3-nano-30b-a3b", None, Ratio(23, 6), 0),  # no unit repeats: all are counted
        ("mistral-7b-v0.1", None, None, 4096),
        ("deepseek-v4-pro", None, None, 0),
        ("zamba2-2.7b", None, Ratio(5, 1), 0),
        ("llama-3-8b", None, None, 0),
    ],
)
def test_how_layers_take_turns(
    name: str, local: Ratio | None, states: Ratio | None, window: int
) -> None:
    found = alternation(find(name).architecture.root)
    assert (found.local, found.states, found.window) == (local, states, window)


def test_a_ratio_differs_from_half_as_much_again() -> None:
    assert Ratio(3, 1).differs(Ratio(2, 1))
    assert Ratio(2, 1).differs(Ratio(3, 1))
    assert not Ratio(5, 1).differs(Ratio(4, 1))


def test_numbers_as_people_say_them() -> None:
    said = [amount(n) for n in (999_800_000_000, 671_026_419_200, 37_600_000_000, 595_776_512)]
    assert said == ["1.00T", "671B", "37.6B", "596M"]
    long = [tokens(n) for n in (131_072, 128_000, 1_048_576, 1_024_000, 512, 10_485_760, 202_752)]
    assert long == ["128K", "128K", "1M", "1M", "512", "10M", "198K"]


def test_ends_and_source() -> None:
    model = find("llama-3-8b")
    made = tower(model.architecture, model.heading, address="https://example.org/gallery/")
    assert (made.read, made.given) == ("token ids", "next token")
    assert made.source.startswith("example.org/gallery ")
    assert rows("llama-3-8b").source.startswith("LLM Architecture Gallery ")
    assert rows("llada-8b").given == "each token"
    assert rows("diffusiongemma-26b-a4b").given == "each token of a canvas"
    assert rows("deepseek-v3").against == "NEW: not in DeepSeek V2"


def test_every_concept_that_tells_is_counted() -> None:
    """Whatever may be tagged says more of itself than that layers have it."""
    known = described()
    named = {one for one in known if known[one].new.rank is not None or known[one].new.tag}
    states = {one for one in named if (had := known[one].had) is not None and had.group == "state"}
    streams = {one for one in named if known[one].new.rank == "stream"}
    stated = {one for one in named if known[one].new.counted or known[one].new.changes}
    saving = {one for one in named if (saves := known[one].saves) is not None and saves.than}
    assert named - states - streams - stated - saving - {"looped-depth"} == set()


@pytest.mark.parametrize("start", first(STARTS, WHOLE[:1], {*STARTS} - {*WHOLE}))
def test_made_up_models(start: int) -> None:
    """Each against the one before it, as if that were its ancestor: the gates hold, and every layer is told once."""
    assert [*_faulty(start)] == []


def _faulty(start: int) -> Iterator[tuple[int, object]]:
    before = generated.architecture(max(0, start - 1)).root
    for seed in range(start, start + SHARE):
        made = generated.architecture(seed)
        heading = replace(
            generated.heading(seed),
            ancestor="Some Model 7B-A2B",
            inherited=frozenset(concepts(before)),
            alternation=alternation(before),
        )
        told = tower(made, heading)
        if faults := of_rows(told):
            yield seed, faults
        if sorted(n for s in told.storeys for n in s.layers) != [*range(len(layers(made.root)))]:
            yield seed, "layers"
        before = made.root
