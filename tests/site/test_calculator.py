"""The calculator: what the page adds up is what analysis counts, to the byte, for every model."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.analysis.footprint import CACHE_FORMATS, WEIGHT_FORMATS, sequences, weights
from llm_gallery.analysis.memory import CACHE_DTYPES, cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.weight_format import released_format
from llm_gallery.site.accelerators import accelerators
from llm_gallery.site.calculator_page import DEVICE, UNSAID
from tests.sample import models
from tests.site.conftest import Visit

IDS = [entry.id for entry in entries()]
LENGTHS = (1, 127, 4_097, 131_072, 10_000_000)
COUNTS = (1, 64)


@pytest.mark.parametrize("model", models())
def test_sequences_without_scales_are_the_cache(model: str) -> None:
    """Where a format has no scales, the rows add up to what `analysis.memory` says."""
    root = find(model).architecture.root
    for name, one in CACHE_FORMATS.items():
        if one.block == 0 and name in CACHE_DTYPES:
            for length in LENGTHS:
                rows = sequences(cache(root), name, length)
                assert sum(row.bytes for row in rows) == cache(root, name).at(length)


def test_scales_are_counted_for_the_last_block_too() -> None:
    assert WEIGHT_FORMATS["int4"].bytes(129) == 65 + 2 * 2
    assert WEIGHT_FORMATS["fp8"].bytes(16_384) == 16_384 + 4
    assert CACHE_FORMATS["int8"].bytes(32) == 34
    assert WEIGHT_FORMATS["bf16"].bytes(3) == 6


def test_gpt_oss_is_as_large_as_its_files_in_its_own_format() -> None:
    """Its experts alone: 19.1B parameters at 4.25 bits."""
    held = parameters(find("gpt-oss-20b").architecture.root)
    experts = next(part.stored for part in held.parts if part.name == "Routed experts")
    assert WEIGHT_FORMATS["mxfp4"].bytes(experts) == experts * 17 // 32


def test_unknown_formats_are_refused() -> None:
    root = find("qwen3-0.6b").architecture.root
    with pytest.raises(Refusal, match='weight format is "int3", expected one of fp32, bf16'):
        weights(parameters(root), "int3")
    with pytest.raises(Refusal, match='cache format is "int3", expected one of fp32, bf16'):
        sequences(cache(root), "int3", 1)


def test_what_the_form_starts_with_is_there() -> None:
    assert DEVICE in [one.name for one in accelerators()]
    assert UNSAID in WEIGHT_FORMATS


def test_accelerators_are_in_order_and_sourced() -> None:
    sizes = [one.memory for one in accelerators()]
    assert sizes == sorted(sizes)
    assert all(one.source.startswith("https://") for one in accelerators())
    assert accelerators()[0].usable == 21_600_000_000


def test_the_page_counts_as_python_does(visit: Visit) -> None:
    """Every model, every format, five lengths, one sequence and many: the very same whole numbers."""
    page = visit.open("calculator/index.html")
    told = page.evaluate(
        """async ([lengths, counts]) => {
          const models = await gallery.load("memory", "../data/memory.js");
          const formats = JSON.parse(document.querySelector("#calculator").dataset.formats);
          const text = (rows) => rows.map(([name, held]) => [name, String(held)]);
          return models.map((model) => [
            model.id,
            formats.weights.map((format) => [format[0], text(gallery.weights(model, format))]),
            formats.cache.map((format) => [format[0], lengths.map((length) =>
              counts.map((count) => text(gallery.sequences(model, format, length, count))))]),
          ]);
        }""",
        [LENGTHS, COUNTS],
    )
    assert [model for model, _, _ in told] == IDS
    for model, in_weights, in_cache in told:
        root = find(model).architecture.root
        held, kept = parameters(root), cache(root)
        for name, rows in in_weights:
            assert rows == [[row.name, str(row.bytes)] for row in weights(held, name)], model
        for name, by_length in in_cache:
            for length, by_count in zip(LENGTHS, by_length, strict=True):
                for count, rows in zip(COUNTS, by_count, strict=True):
                    expected = sequences(kept, name, length, count)
                    shown = [[_large(row[0]), row[1]] for row in rows]
                    assert shown == [[_large(row.name), str(row.bytes)] for row in expected], model


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]


def test_units_are_rounded_as_python_rounds(visit: Visit) -> None:
    counts = [0, 1, 1023, 1024, 12_544, 12_545, 1_099_511_627_776, 153_600, 78_643, 2**40 + 2**38]
    page = visit.open("calculator/index.html")
    told = page.evaluate("(counts) => counts.map((count) => gallery.binary(count))", counts)
    assert told == [binary(count) for count in counts]


def test_form_and_address(visit: Visit) -> None:
    page = visit.open("calculator/index.html?m=deepseek-v3&n=32768&w=fp8")
    root = find("deepseek-v3").architecture.root
    rows = [r for r in weights(parameters(root), "fp8") if r.name in ("model", "lookup")]
    kept = sequences(cache(root), "bf16", 32_768)
    total = sum(row.bytes for row in (*rows, *kept))
    expect(page.locator("[data-exact]")).to_have_text(f"{total:,} B")
    expect(page.locator("[name=total]")).to_have_text(binary(total))
    page.locator("[name=multi_token_prediction]").check()
    more = next(
        r.bytes for r in weights(parameters(root), "fp8") if r.name == "multi_token_prediction"
    )
    expect(page.locator("[data-exact]")).to_have_text(f"{total + more:,} B")
    page.locator("[name=b]").fill("4")
    page.locator("[name=power]").fill("20")
    expect(page.locator("[name=n]")).to_have_value("1048576")
    assert "b=4" in page.url
    assert "n=1048576" in page.url
    device = page.locator(".devices li", has_text="H200")
    whole = int((page.locator("[data-exact]").inner_text()).replace(",", "").removesuffix(" B"))
    usable = next(one.usable for one in accelerators() if one.name == "H200")
    expect(device.locator("[data-count]")).to_have_text(f"{-(-whole // usable)} ×")


def needed(page: Page, device: str) -> int:
    """So many of a device hold what the calculator shows."""
    whole = int(page.locator("[data-exact]").inner_text().replace(",", "").removesuffix(" B"))
    usable = next(one.usable for one in accelerators() if one.name == device)
    return -(-whole // usable)


def test_it_answers_what_is_asked(visit: Visit) -> None:
    page = visit.open("calculator/index.html?m=deepseek-v3&n=131072&d=H100+SXM&g=8")
    verdict, because = page.locator("[data-verdict]"), page.locator("[data-because]")
    expect(page.locator("[name=w]")).to_have_value("fp8")  # as it is released
    count = needed(page, "H100 SXM")
    assert count > 8
    expect(verdict).to_have_text(f"8 × H100 SXM (80 GB): no, {count} needed.")
    root = find("deepseek-v3").architecture.root
    rows = [r for r in weights(parameters(root), "fp8") if r.name in ("model", "lookup")]
    total = sum(row.bytes for row in (*rows, *sequences(cache(root), "bf16", 131_072)))
    expect(because).to_have_text(
        f"DeepSeek V3 in fp8 with one sequence of 131,072 tokens takes {total / 1e9:.1f} GB; "
        "8 × 80 GB leave 576 GB for it."
    )
    page.locator("[name=g]").fill(str(count))
    expect(verdict).to_have_text(f"{count} × H100 SXM (80 GB): yes.")
    page.locator("[name=d]").select_option("H200")
    enough = needed(page, "H200")
    expect(verdict).to_have_text(f"{count} × H200 (141 GB): yes, {enough} are enough.")
    assert f"g={count}" in page.url
    page.locator("[name=b]").fill("2")
    expect(because).to_contain_text("with 2 sequences of 131,072 tokens")


def test_it_starts_with_the_releases_own_format(visit: Visit) -> None:
    page = visit.open("calculator/index.html?m=gpt-oss-20b")
    chosen, said = page.locator("[name=w]"), page.locator("[data-release]")
    for model, own in (("gpt-oss-20b", "mxfp4"), ("kimi-k2-thinking", "int4"), ("olmo-7b", "fp32")):
        page.locator("[name=m]").select_option(model)
        expect(chosen).to_have_value(own)
        expect(said).to_have_text("Its config says that the release is stored so.")
    page.locator("[name=m]").select_option("qwen3-0.6b")
    expect(chosen).to_have_value("bf16")
    expect(said).to_have_text("Its config at hand doesn’t say how the release is stored.")
    chosen.select_option("int8")
    page.locator("[name=m]").select_option("deepseek-v3")  # what a reader chose stays
    expect(chosen).to_have_value("int8")
    expect(said).to_have_text("Its config says that the release is stored in fp8.")
    visit.open("models/deepseek-v3/index.html")
    expect(chosen).to_have_value("fp8")


@pytest.mark.parametrize("query", ["?m=nothing&n=-3&w=<b>&b=x&g=0", "?n=1e99&c=__proto__&d=<b>"])
def test_rubbish_in_the_address_is_harmless(visit: Visit, query: str) -> None:
    page = visit.open("calculator/index.html" + query)
    expect(page.locator("[name=total]")).to_have_text(re.compile(r"^[\d.]+ [GT]iB$"))
    first = page.locator("[name=m]").input_value()
    own = released_format(next(dict(entry.config) for entry in entries() if entry.id == first))
    kept = (("w", own or "bf16"), ("c", "bf16"), ("n", "131072"), ("b", "1"), ("g", "8"))
    for name, value in (*kept, ("d", "H100 SXM")):
        expect(page.locator(f"[name={name}]")).to_have_value(value)


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_javascript_there_is_a_table(visit: Visit) -> None:
    page = visit.open("calculator/index.html")
    expect(page.locator("#calculator")).to_be_hidden()
    assert page.locator("table.parts tbody tr:visible").count() == len(IDS)
