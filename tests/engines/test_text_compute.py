"""Operations of a text, summed in a few evaluations: equal to the sum over all its positions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.parts import facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.engines import compute
from llm_gallery.engines.compute import step_flops, text_flops, work_until
from llm_gallery.mechanisms import MECHANISMS
from tests.analysis.small import DELTA, EXPERTS, small

SIZE = st.integers(1, 9)
LAST = st.integers(0, 260)
ATTENTION = Block("attention", facts=facts(heads=3, kv_heads=1, head_dim=2, position="none"))
COMPRESSED = Block("compressed_attention", facts=facts(heads=2, head_dim=3))
INDEXER = Block("indexer", facts=facts(heads=2, head_dim=3))


def _brute(block: Block, last: int) -> int:
    work = MECHANISMS[block.kind].work
    return sum(work(block, position) for position in range(1, last + 1))


def _with(block: Block, *inside: Block, **more: int) -> Block:
    return replace(block, facts={**block.facts, **facts(**more)}, inside=inside)


@st.composite
def _attention(draw: st.DrawFn) -> Block:
    match draw(st.sampled_from(["all", "window", "chunk", "tokens", "pools", "blocks", "means"])):
        case "window":
            return _with(ATTENTION, window=draw(st.integers(1, 300)))
        case "chunk":
            more = draw(st.sampled_from([{}, {"window": 7}, {"selected": 9}]))
            return _with(ATTENTION, chunk=draw(st.integers(1, 40)), **more)
        case "tokens":
            return _with(ATTENTION, INDEXER, selected=draw(st.integers(1, 300)))
        case "pools":
            inside = _with(INDEXER, pooled=draw(SIZE))
            return _with(ATTENTION, inside, selected=draw(st.integers(1, 100)))
        case "blocks":
            size = draw(SIZE)
            inside = _with(INDEXER, block_size=size)
            return _with(ATTENTION, inside, selected=size * draw(st.integers(1, 20)))
        case "means":
            return _with(
                ATTENTION,
                sparse_from=draw(st.integers(1, 60)),
                sparse_block=draw(st.integers(1, 3)),
                sparse_blocks=draw(st.integers(1, 60)),
                sparse_means=draw(st.integers(1, 60)),
                sparse_every=draw(st.integers(1, 2)),
            )
    return ATTENTION


@st.composite
def _entries(draw: st.DrawFn) -> Block:
    said = {"window": draw(st.integers(1, 60)), "ratio": draw(SIZE)}
    chooses = {"selected": draw(st.integers(1, 40))} if draw(st.booleans()) else {}
    return _with(COMPRESSED, **said, **chooses)


@st.composite
def _index(draw: st.DrawFn) -> Block:
    pooled = {"pooled": draw(SIZE)} if draw(st.booleans()) else {}
    few = {"candidates": draw(st.integers(1, 60))} if draw(st.booleans()) else {}
    return _with(INDEXER, **pooled, **few)


@settings(max_examples=300)
@given(st.one_of(_attention(), _entries(), _index()), LAST)
def test_the_sum_is_that_of_all_positions(block: Block, last: int) -> None:
    assert work_until(block, last) == _brute(block, last)


@pytest.mark.parametrize(
    "patterns", [{}, {"sparse_patterns": 3, "sparse_seen": 2}], ids=["of each nth", "of stretches"]
)
def test_blocks_by_place_are_summed(patterns: dict[str, int]) -> None:
    block = _with(ATTENTION, sparse_block=3, sparse_local=2, sparse_stride=4, **patterns)
    assert [work_until(block, last) for last in range(90)] == [
        _brute(block, last) for last in range(90)
    ]


def test_a_text_is_read_without_scores_and_but_for_the_last_layer() -> None:
    # Of two layers, the second runs for the last token alone: the others leave only keys and values in it.
    root = small("llama").root
    layer = 2 * (64 + 32 + 32 + 64) + 2 * 3 * 8 * 6
    scores = 4 * 2 * 4
    head = 2 * 10 * 8
    last = head + 2 * (layer + 4 * scores)
    assert text_flops(root, 4) == 3 * layer + (1 + 2 + 3) * scores + last
    assert step_flops(root, 4) == last == flops_per_token(root, 4)


def test_layers_that_borrow_run_for_the_last_token() -> None:
    root = find("gemma-3n-e4b").architecture.root
    assert text_flops(root, 1000) < 1000 * flops_per_token(root, 1) * 20 // 35


def test_routers_may_choose_no_expert() -> None:
    root = find("longcat-flash-560b").architecture.root
    assert step_flops(root, 9) < flops_per_token(root, 9)
    assert step_flops(find("deepseek-v3").architecture.root, 9) == flops_per_token(
        find("deepseek-v3").architecture.root, 9
    )


def test_a_loop_runs_its_first_pass_whole() -> None:
    root = find("ouro-2.6b-thinking").architecture.root
    body = step_flops(root, 1)
    assert 3 * body < 4 * (text_flops(root, 2) - step_flops(root, 2)) < 4 * body


def test_states_take_the_same_at_every_position() -> None:
    root = small("qwen3_next", **EXPERTS, **DELTA).root
    assert text_flops(root, 30) - step_flops(root, 30) == 29 * (
        text_flops(root, 2) - step_flops(root, 2)
    )


def test_a_mixer_whose_growth_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compute, "GROWING", {})
    with pytest.raises(Refusal) as refused:
        work_until(ATTENTION, 5)
    assert str(refused.value) == (
        "the work of NoPE MQA grows with the text, expected a mixer of which is known how; "
        "this model has no bound for reading yet"
    )
