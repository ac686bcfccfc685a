"""What a step reads of a cache: counted on paper, held against what attention sees and against what is kept."""

from __future__ import annotations

from operator import attrgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.engines import llama_cpp, mlx, reading, vllm
from llm_gallery.engines.engine import Engine
from llm_gallery.engines.keeping import keepings, runs
from llm_gallery.engines.reading import CACHES, SEEN, ReadingRow, read_at, reading_rows
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import reserved
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms.attended import attended
from llm_gallery.mechanisms.bits import bytes_of
from tests import sample
from tests.analysis.small import DELTA, EXPERTS, LATENT, small

DEPTHS = (0, 1, 100, 511, 512, 1023, 1024, 2047, 2048, 4096, 8191, 8192, 8193, 100_000)
WINDOWED = {("llama.cpp", "laguna-m.1")}
"""Models that an engine runs with windows that they don't have, so that it reads less than they need."""
TOKEN = 2 * 4 * 2  # bytes of a key and a value of one head of 4, in one layer


def test_a_dense_model_reads_all_that_it_keeps() -> None:
    rows = reading_rows(find("llama-3-8b").architecture.root, "bf16")
    assert rows == (ReadingRow("GQA", 32 * 8 * 2 * 128 * 2),)
    assert read_at(rows, 8192) == 2**30


def test_a_window_is_read_without_the_token_itself() -> None:
    local, whole = reading_rows(find("gemma-3-27b").architecture.root, "f16")
    assert local == ReadingRow("sliding-window GQA", 52 * 16 * 2 * 128 * 2, limit=1023)
    assert whole == ReadingRow("GQA", 10 * 16 * 2 * 128 * 2)
    assert read_at((local, whole), 65_536) == 425_984 * 1023 + 81_920 * 65_536


def test_a_chunk_begins_anew() -> None:
    said = {"num_local_experts": 2, "attention_chunk_size": 5, "no_rope_layers": [1, 1]}
    rows = reading_rows(small("llama4_text", **said).root, "bf16")
    assert [read_at(rows, depth) for depth in (0, 4, 5, 7)] == [0, 8 * TOKEN, 0, 4 * TOKEN]


def test_sparse_attention_reads_what_it_chooses_and_the_indexers_keys() -> None:
    latent, index = reading_rows(find("deepseek-v3.2").architecture.root, "bf16")
    assert latent == ReadingRow("sparse MLA", 61 * 576 * 2, limit=2047)
    assert index == ReadingRow("indexer", 61 * 128 // 2)


def test_compressed_attention_reads_window_entries_and_pooled_keys() -> None:
    rows = reading_rows(find("deepseek-v4-flash").architecture.root, "bf16")
    assert rows == (
        ReadingRow("sliding-window MQA", 2 * 512 * 2, limit=127),
        ReadingRow("CSA", 21 * 512 * 2, limit=127),
        ReadingRow("compressed stream", 21 * 512 * 2, step=4, limit=511),
        ReadingRow("indexer", 21 * 128 // 2, step=4),
        ReadingRow("HCA", 20 * 512 * 2, limit=127),
        ReadingRow("compressed stream", 20 * 512 * 2, step=128),
    )


def test_pools_have_a_key_each_whatever_the_reference_keeps() -> None:
    rows = reading_rows(find("glm-5.3-flash").architecture.root, "bf16")
    assert ReadingRow("indexer", 11 * 128 // 2, step=4) in rows


def test_states_are_read_once_in_16_bits_whatever_the_depth() -> None:
    rows = reading_rows(small("qwen3_next", **EXPERTS, **DELTA).root, "bf16")
    convolved, state = (2 * 3 + 10) * 3, 2 * 3 * 5  # three taps of the past
    assert read_at(rows, 0) == 2 * (convolved + state)
    assert read_at(rows, 7) - read_at(rows, 0) == 7 * TOKEN


def test_a_borrowed_cache_counts_once() -> None:
    root = find("gemma-3n-e4b").architecture.root
    assert read_at(reading_rows(root, "bf16"), 500) == cache(root).at(500)


@pytest.mark.parametrize(
    ("name", "token"), [("bf16", 131_072), ("Q8_0", 69_632), ("q4_0", 36_864), ("fp8", 65_536)]
)
def test_a_token_in_each_type(name: str, token: int) -> None:
    assert read_at(reading_rows(find("llama-3-8b").architecture.root, name), 1) == token


def test_ranks_read_their_heads_and_all_latents() -> None:
    dense = find("llama-3-8b").architecture.root
    assert read_at(reading_rows(dense, "bf16", Split(tensor=4)), 1) == 131_072 // 4
    assert read_at(reading_rows(dense, "bf16", Split(tensor=16)), 1) == 131_072 // 8
    latent = find("deepseek-v3").architecture.root
    assert reading_rows(latent, "bf16", Split(tensor=8)) == reading_rows(latent, "bf16")
    state = find("mamba2-2.7b").architecture.root
    assert read_at(reading_rows(state, "bf16", Split(tensor=8)), 9) * 8 == read_at(
        reading_rows(state, "bf16"), 9
    )


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        reading_rows(find("llama-3-8b").architecture.root, "q9")
    assert str(refused.value) == (
        f'the cache type is "q9", expected one of {", ".join(CACHES)}; name one of these'
    )


def test_a_mixer_that_is_not_known_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SEEN", {})
    with pytest.raises(Refusal) as refused:
        reading_rows(find("llama-3-8b").architecture.root, "bf16")
    assert str(refused.value) == (
        "GQA keeps something of each token, expected a mixer of which is known what a step reads; "
        "this model has no bound yet"
    )


@pytest.mark.parametrize("name", sample.models())
def test_no_step_reads_more_than_is_kept_or_seen(name: str) -> None:
    root = find(name).architecture.root
    rows, kept = reading_rows(root, "bf16"), cache(root)
    assert all(read_at(rows, depth) <= kept.at(depth) for depth in DEPTHS)
    for keeping in keepings(root):
        block = keeping.block
        if block.attends and not block.reads_entries and keeping.growing:
            seen = SEEN[block.kind](keeping)
            row = ReadingRow("", 1, seen.step, seen.limit, seen.chunk)
            others = [attended(block, depth + 1) - 1 for depth in DEPTHS]
            assert all(row.at(d) <= other for d, other in zip(DEPTHS, others, strict=True))
            if not {"selected", "sparse_from"} & block.facts.keys():
                assert [row.at(depth) for depth in DEPTHS] == others


@pytest.mark.parametrize("name", sample.models())
@pytest.mark.parametrize(
    "engine", [vllm.ENGINE, llama_cpp.ENGINE, mlx.ENGINE], ids=attrgetter("name")
)
def test_no_step_reads_more_than_an_engine_keeps(name: str, engine: Engine) -> None:
    found = find(name)
    subject = Subject(found.name, found.architecture, found.config)
    for kind in engine.caches:
        try:
            made = engine.terms(subject, kind, ALONE)
        except Refusal:
            continue
        rows = reading_rows(subject.root, kind)
        enough = all(read_at(rows, depth) <= reserved(made, depth) for depth in DEPTHS)
        assert enough is ((engine.name, name) not in WINDOWED)


@pytest.mark.parametrize("name", sample.models())
def test_what_is_read_is_of_all_that_is_kept_and_run(name: str) -> None:
    root = find(name).architecture.root
    kept, found = cache(root), keepings(root)
    assert 2 * sum(k.layers * k.growing for k in found) == kept.bytes_per_token
    assert sum(k.layers * bytes_of(n, d) for k in found for n, d in k.states) == kept.state_bytes
    work = sum(run.times * MECHANISMS[run.block.kind].work(run.block, 5000) for run in runs(root))
    least = flops_per_token(root, 5000)
    assert 2 * work <= least
    assert 2 * work == least or _varies(root)


def _varies(root: Block) -> bool:
    return any("identity_experts" in run.block.facts for run in runs(root))


@given(
    st.sampled_from(["llama", "mistral", "deepseek_v3"]),
    st.integers(1, 40),
    st.integers(0, 80),
    st.sampled_from(sorted(CACHES)),
)
def test_deeper_is_never_less(model_type: str, window: int, depth: int, name: str) -> None:
    more = LATENT if model_type == "deepseek_v3" else {"sliding_window": window}
    rows = reading_rows(small(model_type, **more).root, name, ALONE)
    assert read_at(rows, depth) <= read_at(rows, depth + 1)
