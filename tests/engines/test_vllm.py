"""What vLLM reserves: by hand, by the digests of its own functions, and by what must hold of any model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.engines.device import Device
from llm_gallery.engines.engine import Start
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term, reserved
from llm_gallery.engines.vllm import ENGINE, in_flight, usable
from llm_gallery.engines.vllm_groups import reserved_by
from llm_gallery.engines.vllm_page import Page, Rank, Settings, Sort
from llm_gallery.engines.vllm_pages import pages
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.mechanisms._mechanism import Kept
from llm_gallery.recognition import describe
from tests.odd_configs import Place, cases, changed
from tools import vllm_functions
from tools.generate_vllm_digests import FILE, IN_FLIGHT, LENGTHS, RANKS, SETTINGS, digest

MIB, GIB = 2**20, 2**30
SERVED = Settings()
CARD = Device(id="a-card", name="A card", memory=24 * GIB, bandwidth=1)


@cache
def subject(model: str) -> Subject:
    found = find(model)
    entry = found.entry
    assert entry
    return Subject(model, found.architecture, entry.config, repository=entry.repository)


def served(
    model: str, cache_type: str = "bf16", ranks: int = 1, settings: Settings = SERVED
) -> tuple[Term, ...]:
    return reserved_by(pages(Rank(subject(model), cache_type, ranks, settings)))


@pytest.mark.parametrize(
    ("model", "length", "tokens", "mib"),
    [
        ("llama-3-8b", 8_192, 2_048, 1_024.0),
        ("llama-3-8b", 8_192, 16_384, 1_024.0),
        # 10 full layers: 8,192 blocks; 52 windows in 6 groups of up to 9, 193 or more blocks each; a block is 10 layers'.
        ("gemma-3-27b", 131_072, 2_048, 11_687.5),
        ("gemma-3-27b", 131_072, 8_192, 14_567.5),
        ("gemma-3-27b", 131_072, 16_384, 18_407.5),
        ("gpt-oss-20b", 131_072, 2_048, 3_123.375),
        ("gpt-oss-20b", 131_072, 8_192, 3_267.375),
        ("gpt-oss-20b", 131_072, 16_384, 3_459.375),
        # 12 layers in blocks of 544 tokens, 241 of them, and 36 states in 3 groups, two blocks each.
        ("qwen3-next-80b-a3b", 131_072, 2_048, 3_149.25),
        ("deepseek-v3", 131_072, 2_048, 8_784.0),
        ("deepseek-v3.2", 131_072, 2_048, 9_790.5),
        ("jamba-v0.1-52b", 131_072, 2_048, 2_066.25),
    ],
)
def test_a_request_takes(model: str, length: int, tokens: int, mib: float) -> None:
    assert reserved(served(model), length, tokens) == int(mib * MIB)


def test_a_block_holds_a_state() -> None:
    states, heads = served("qwen3-next-80b-a3b")
    assert heads.step == 544  # 16 × 34: 33.5 times 16 tokens of 2,048 B are one state
    assert states.unit == 36 * 544 * 2_048
    assert states.padding == states.unit - 36 * (32 * 128 * 128 + 3 * 8_192) * 2
    assert (states.units(1), states.units(10**6)) == (2, 2)
    without = served("qwen3-next-80b-a3b", settings=SERVED._replace(prefix_caching=False))
    assert [term.units(1) for term in without] == [1, 1]
    drafting = served("qwen3-next-80b-a3b", settings=SERVED._replace(drafts=3))
    assert drafting[0].units(1) == 5


def test_mamba_2_and_flash_kda_keep_one_state_more_for_later_prompts() -> None:
    assert [served(model)[0].units(1) for model in ("nemotron-3-nano-30b-a3b", "kimi-k3")] == [3, 3]
    assert served("kimi-linear-48b-a3b")[0].units(1) == 2  # without a floor of its decay
    (alone,) = served("mamba2-2.7b")
    assert alone.units(1) == 1  # no prefix caching without attention


def test_states_are_in_the_dtype_that_the_config_says() -> None:
    (states, _) = served("nemotron-3-nano-30b-a3b")
    assert states.unit - states.padding == 23 * (524_288 * 4 + 6_144 * 3 * 2)
    half = dict(find("nemotron-3-nano-30b-a3b").config) | {"mamba_ssm_cache_dtype": "float16"}
    other = Subject("other", describe(half), half)
    (states, _) = reserved_by(pages(Rank(other, "bf16")))
    assert states.unit - states.padding == 23 * (524_288 * 2 + 6_144 * 3 * 2)
    odd = half | {"mamba_ssm_cache_dtype": ["float16"]}
    with pytest.raises(Refusal) as refusal:
        pages(Rank(Subject("odd", other.architecture, odd), "bf16"))
    assert str(refusal.value) == (
        "mamba_ssm_cache_dtype is a list of 1 value, expected one of float32, bfloat16, float16, auto"
    )


def test_a_mixer_that_keeps_another_state_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(MECHANISMS["mamba"], kept=lambda block: Kept(states=((7, "float32"),)))
    monkeypatch.setitem(MECHANISMS, "mamba", other)
    with pytest.raises(Refusal, match="^jamba-v0.1-52b has Mamba, expected mixers"):
        served("jamba-v0.1-52b")


def test_ranks_divide_heads_or_copy_them_and_hold_latents_whole() -> None:
    units = [served("llama-3-8b", ranks=ranks)[0].unit for ranks in (1, 8, 16)]
    assert units == [32 * 16 * 4_096, 32 * 16 * 512, 32 * 16 * 512]
    assert served("deepseek-v3", ranks=8) == served("deepseek-v3")


def test_latents_that_a_sparse_kernel_reads_are_packed_in_8_bits() -> None:
    latents, keys = served("deepseek-v3.2", "fp8")
    assert (latents.unit, keys.unit) == (61 * 64 * 656, 61 * 64 * 132)
    assert served("deepseek-v3", "fp8")[0].unit == 61 * 16 * 576


def test_layers_lie_side_by_side_in_the_blocks_of_deepseek_v4() -> None:
    rows = {row.label: row for row in served("deepseek-v4-flash")}
    # A block of 256 tokens has 64 entries of 584 B, padded to 576; 21 layers have such, and keys for them.
    assert (rows["CSA"].layers, rows["CSA"].step) == (21, 256)
    assert rows["CSA"].unit == 21 * 37_440
    assert (rows["indexer"].layers, rows["indexer"].step) == (21, 256)
    assert rows["indexer"].unit - rows["indexer"].padding == 21 * 64 * 132
    assert (rows["HCA, window"].step, rows["HCA, window"].limit) == (64, 127)
    assert rows["CSA, open"].units(10**6, 4_096) == -(-(7 + 4_096) // 4) + 1


def test_pooled_keys_have_a_ring_and_convolutions_a_window() -> None:
    rows = {row.label: row for row in served("glm-5.3-flash")}
    assert rows["indexer, not pooled"].units(10**6, 4_096) == 1
    assert rows["sparse MLA"].step == rows["indexer"].step
    window = served("inkling-small")[0]
    assert (window.label, window.step, window.limit) == (
        "sliding-window GQA, convolutions",
        4,
        3,
    )


def test_windows_keep_what_is_in_flight_and_one_block_more() -> None:
    (window, full) = served("gemma-3-27b")
    assert (window.units(131_072, 2_048), full.units(131_072, 2_048)) == (193, 8_192)
    assert window.units(100, 2_048) == 8
    assert window.padding == (6 * 10 - 52) * full.unit // 10  # six groups, as large as that of all


@pytest.mark.parametrize(
    ("model", "found"),
    [
        ("rwkv-7-2.9b", "RWKV-7"),
        ("recurrentgemma-2b", "RG-LRU"),
        ("zaya1-8b", "GQA with convolved keys"),
        ("phi-4-mini-flash", "sliding-window NoPE GQA with noise heads"),
        ("llama-3.2-11b-vision", "cross-attention"),
        ("llada-8b", "attention to later tokens"),
        ("motif-3-beta", "MLA with noise heads"),
        ("deepseek-v4.1-flash", "CSA of 2 tokens an entry"),
    ],
)
def test_what_it_has_no_cache_for_is_refused_by_name(model: str, found: str) -> None:
    with pytest.raises(Refusal) as refusal:
        ENGINE.terms(subject(model), "bf16", ALONE)
    assert str(refusal.value) == (
        f"{model} has {found}, expected mixers that vLLM 0.32.0 has a cache for; use --with ideal"
    )


def test_heads_that_ranks_neither_divide_nor_copy_are_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        served("phi-4", ranks=8)
    assert str(refusal.value) == "10 key-value heads, expected a number that 8 ranks divide"
    with pytest.raises(Refusal) as refusal:
        ENGINE.check(subject("inkling-small"), Split(16))
    assert str(refusal.value) == (
        "inkling-small has 8 key-value heads, expected a number that 16 ranks divide; use --tp 1, 2, 4 or 8"
    )


def test_pages_that_can_neither_grow_nor_be_padded_to_one_size_are_refused() -> None:
    keys = Page(label="MLA", sort="latent", held=1_152, shape=(), dtype="bf16", block=1)
    window = page("window", 3, side_by_side=False)
    with pytest.raises(Refusal) as refusal:
        reserved_by([keys, window])
    assert str(refusal.value) == (
        "a page of MLA has 1,152 bytes, expected one that divides 1,536: vLLM can't keep both in one pool; "
        "use --with ideal"
    )


def test_other_cache_types_are_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        served("llama-3-8b", "q8_0")
    assert str(refusal.value) == 'the cache type is "q8_0", expected one of bf16, f16, fp8'
    for model in ("dots3-note-preview-280b-a16b", "glm-5.3-flash"):
        with pytest.raises(Refusal) as refusal:
            served(model, "fp8")
        assert (
            str(refusal.value)
            == f"the cache type is fp8, expected one of 16 bits for {model}; use --cache bf16"
        )


@pytest.mark.parametrize(
    ("memory", "name", "tokens"),
    [
        (24 * GIB, "A card", 2_048),
        (70 * GIB - 1, "A card", 2_048),
        (70 * GIB, "A card", 8_192),
        (80 * GIB, "NVIDIA A100", 2_048),
        (160 * GIB, "A card", 16_384),
        (160 * GIB, "NVIDIA A100", 16_384),
    ],
)
def test_two_steps_are_in_flight(memory: int, name: str, tokens: int) -> None:
    device = Device(id="a-card", name=name, memory=memory, bandwidth=1)
    assert in_flight(device) == 2 * tokens
    assert any(f"up to {tokens:,} tokens" in said for said in ENGINE.assumptions(device))


def test_it_takes_92_percent() -> None:
    assert usable(CARD) == 24 * GIB * 92 // 100


def test_the_command_says_what_differs_from_the_defaults() -> None:
    start = Start(weights="bf16", context=8_192, sequences=3, cache="bf16", split=ALONE)
    line = "vllm serve meta-llama/Meta-Llama-3-8B --max-model-len 8192 --max-num-seqs 3"
    assert ENGINE.command(subject("llama-3-8b"), start) == line
    start = Start(
        weights="bf16", context=8_192, sequences=5, cache="fp8", split=Split(4, 2, experts=True)
    )
    assert ENGINE.command(Subject("a b;c", subject("llama-3-8b").architecture), start) == (
        "vllm serve 'a b;c' --max-model-len 8192 --max-num-seqs 3 --tensor-parallel-size 4 "
        "--data-parallel-size 2 --enable-expert-parallel --kv-cache-dtype fp8"
    )


def digests() -> Iterator[tuple[str, str, str, str]]:
    """Model, cache type, settings and digest, as the file has them."""
    for line in FILE.read_text("utf-8").splitlines()[3:]:
        model, *said = line.split()
        if len(said) == 3:
            yield from ((model, said[0], name, said[2]) for name in said[1].split(","))


def by_ranks(model: str, cache_type: str, setting: str) -> Iterator[list[int] | None]:
    drafts, caching = SETTINGS[setting]
    settings = Settings(drafts=drafts, prefix_caching=caching)
    for ranks in RANKS:
        try:
            terms = reserved_by(pages(Rank(subject(model), cache_type, ranks, settings)))
        except Refusal:
            yield None
        else:
            yield [reserved(terms, length, tokens) for tokens in IN_FLIGHT for length in LENGTHS]


@pytest.mark.parametrize(
    "setting",
    [
        name if name == "served" else pytest.param(name, marks=pytest.mark.whole)
        for name in SETTINGS
    ],
)
def test_bytes_are_those_of_its_own_functions(setting: str) -> None:
    asked = [row for row in digests() if row[2] == setting]
    assert len(asked) > 500
    assert [row for row in asked if digest(by_ranks(*row[:3])) != row[3]] == []


def test_the_digests_are_of_the_pinned_version_and_of_every_model() -> None:
    text = FILE.read_text("utf-8")
    assert text.startswith(f"# {vllm_functions.version()};")
    assert ENGINE.version == vllm_functions.version().split()[1]
    models = [entry.id for entry in entries()]
    assert [*dict.fromkeys(line.split()[0] for line in text.splitlines()[3:])] == models
    unknown = {line.split()[0] for line in text.splitlines()[3:] if line.endswith(" -")}
    refused = set()
    for model in models:
        try:
            ENGINE.terms(subject(model), "bf16", ALONE)
        except Refusal:
            refused.add(model)
    assert unknown == refused


def page(sort: Sort, sizes: int, *, side_by_side: bool) -> Page:
    window = sort in ("window", "chunk")
    return Page(
        label=sort,
        sort=sort,
        held=512 * sizes,
        shape=(),
        dtype="bf16",
        block=0 if sort == "state" else 16,
        limit=1_023 if window else None,
        side_by_side=side_by_side,
    )


sorts: st.SearchStrategy[Sort] = st.sampled_from(["full", "window", "chunk", "state"])
made = st.lists(
    st.builds(page, sorts, st.integers(1, 9), side_by_side=st.booleans()), min_size=1, max_size=12
)


@given(made, st.integers(0, 10**5), st.integers(0, 10**5))
def test_no_layer_is_left_out_and_nothing_shrinks(
    layers: list[Page], length: int, in_flight: int
) -> None:
    rows = reserved_by(layers)
    assert sum(row.layers for row in rows) == len(layers)
    assert all(0 <= row.padding < row.unit for row in rows)
    least = sum(
        page.held * -(-min(length, page.limit or length) // 16) for page in layers if page.block
    )
    taken = reserved(rows, length, in_flight)
    assert least <= taken <= reserved(rows, length + 1, in_flight)
    assert taken <= reserved(rows, length, in_flight + 1)


@cache
def odd() -> list[tuple[str, Place, object]]:
    return cases({model: config for model, config in configs().items() if model in ODD})


@cache
def configs() -> dict[str, dict[str, object]]:
    return {model: dict(subject(model).config) for model in ODD}


ODD = (
    "deepseek-v4-flash",
    "gemma-3-27b",
    "jamba-v0.1-52b",
    "kimi-k3",
    "nemotron-3-nano-30b-a3b",
    "qwen3.5-27b",
)


@given(st.data())
def test_a_strangers_config_is_counted_or_refused(data: st.DataObject) -> None:
    model, place, value = data.draw(st.sampled_from(odd()))
    config = changed(configs()[model], place, value)
    with suppress(Refusal):
        stranger = Subject("a stranger", describe(config), config)
        ranks = data.draw(st.sampled_from(RANKS))
        rows = ENGINE.terms(stranger, data.draw(st.sampled_from(ENGINE.caches)), Split(ranks))
        assert all(0 <= row.padding < row.unit for row in rows)
        assert reserved(rows, 1_000, 4_096) > 0
