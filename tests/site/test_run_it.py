"""Run it: what the page works out is what the engines say, to the byte, and its address says all that is chosen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.fit_report import at_most, gib
from llm_gallery.catalog.run_terms import run_terms
from llm_gallery.engines.device import devices
from llm_gallery.engines.fit import row
from llm_gallery.engines.registry import engine
from llm_gallery.engines.request import Request
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject
from llm_gallery.recognition import describe
from tests.catalog.test_run_terms import FIRST, offered, own_file, subject
from tests.sample import catalog, dozen
from tests.site.conftest import PHONE, Visit
from tests.site.test_describe_in_browser import CONFIGS, served

LENGTHS = (1, 255, 4_096, 65_536, 131_072, 2**24)
COUNT = 64
TIMED = ("tp1dp1", "pp2", "tp2dp1", "tp1dp8ep")
"""Splits whose speeds are compared: a Fraction takes its time."""
MOST = 1_000_000
GIB = 2**30


def request(
    model: Subject, name: str, *, split: Split = ALONE, length: int = 65_536, sequences: int = 1
) -> Request:
    used = engine(name)
    return Request(
        subject=model,
        engine=used,
        device=next(one for one in devices() if one.id == "rtx-4090"),
        split=split,
        cache=used.caches[0],
        context=length,
        sequences=sequences,
    )


WORKED_OUT = """async ([model, lengths, count, most]) => {
  const told = await gallery.load(`run/${model}`, `../data/run/${model}.js`);
  const { devices } = JSON.parse(document.querySelector("#run-it").dataset.known);
  const device = devices.find(({ id }) => id === "rtx-4090");
  const { spare, longest, sequencesOf, speed } = gallery.fit;
  return told.engines.filter(({ name, refused }) => !refused && device.engines[name].length === 3).flatMap((run) => run.splits.filter(({ refused }) => !refused).flatMap((split) =>
    run.weights.map(({ name }, weights) => {
      const room = { usable: device.engines[run.name][0] - (split.left?.[devices.indexOf(device)] ?? 0), flight: device.engines[run.name][1],
        ranks: split.weights[weights].map((bytes, rank) => ({ weights: bytes, terms: split.terms[0][rank].map((at) => run.terms[at]) })) };
      const asked = { model: told, run, split, weights, cache: 0, sequences: count, device };
      return [run.name, split.key, name, lengths.map((length) => spare(room, length, count)), longest(room, 1, most), lengths.map((length) => sequencesOf(room, length)),
        lengths.map((length) => speed({ ...asked, length }))];
    })));
}"""


EACH = [
    pytest.param(model, marks=() if model in dozen() else pytest.mark.every) for model in catalog()
]


@pytest.mark.parametrize("model", EACH)
def test_the_page_works_out_what_python_does(visit: Visit, model: str) -> None:
    """Every engine, split and mix that is offered: bytes to spare and the longest context, and the speed as it is shown."""
    page = visit.open("run-it/index.html")
    worked_out = page.evaluate(WORKED_OUT, [model, LENGTHS, COUNT, MOST])
    held = subject(model)
    assert worked_out or all("refused" in one for one in run_terms(held)["engines"])
    for name, short, weights, spare, longest, most, speeds in worked_out:
        where = (name, short, weights)
        split = offered(name, mixture=True)[short]
        asked = request(held, name, split=split, sequences=COUNT)
        found = row(asked, weights)
        assert spare == [found.room.spare(length, COUNT) for length in LENGTHS], where
        assert longest == found.room.longest(1, MOST), where
        assert most == [found.room.most_sequences(length) for length in LENGTHS], where
        if short in TIMED:
            said = [found.speed(length) for length in LENGTHS]
            assert [one and shown(one) for one in speeds] == [
                one and at_most(one) for one in said
            ], where


def shown(speed: float) -> str:
    """A speed as the page shows it."""
    return f"{round(speed):,}" if speed >= 10 else f"{speed:.1f}"


def said(page: Page) -> str:
    return page.locator("[data-verdict]").inner_text()


def test_it_opens_on_a_model_that_people_know(visit: Visit) -> None:
    """By the numbers that two people worked out by hand."""
    page = visit.open("run-it/index.html")
    expect(page.locator("[data-verdict]")).to_have_text(
        "Q4_K_M holds 65,536 tokens with 2.0 GiB to spare."
    )
    expect(page.locator("[data-because]")).to_have_text(
        "It reaches 91,392; the model’s whole 131,072 with the cache in q8_0."
    )
    expect(page.locator("[data-used]")).to_have_text("21.0 of 23.0 GiB")
    expect(page.locator("[data-reach]")).to_have_text("91,392")
    expect(page.locator("[data-speed]")).to_contain_text(
        re.compile(r"^45 tokens/s; real runs \d+–\d+$")
    )
    expect(page.locator("[data-command]")).to_have_text(
        "llama-server -m Gemma-3-27B-Q4_K_M.gguf -c 65536 -np 1 -ngl 99 -fa on"
    )
    parts = page.locator("[data-parts-held] tr")
    assert parts.locator("td:last-child").all_inner_texts() == [
        "15.40",
        "0.61",
        "5.00",
        "1.00",
        "1.97",
    ]
    assert page.url.endswith("/run-it/index.html")  # nothing was asked: nothing to repeat
    kept = page.locator("[data-keepers] tr").filter(has_text="llama.cpp").locator("td:last-child")
    expect(kept).to_have_text("5,744")


def test_the_address_repeats_all(visit: Visit) -> None:
    asked = "m=deepseek-v3&g=8&d=h200&e=vllm&b=64&n=32768&c=bf16&q=fp8&s=tp8dp1"
    page = visit.open(f"run-it/index.html?{asked}")
    expect(page.locator("[data-verdict]")).to_contain_text("lacks")
    assert page.url.endswith(f"?{asked}")
    page.locator("[name=s]").select_option("tp1dp8ep")
    expect(page.locator("[data-verdict]")).to_contain_text(
        "fp8 holds 64 sequences of 32,768 tokens"
    )
    assert "s=tp1dp8ep" in page.url
    page.get_by_role("group", name="Type of the cache").get_by_text("fp8", exact=True).click()
    page.locator("[name=b]").fill("32")
    page.locator("[name=b]").blur()
    expect(page.locator("[data-verdict]")).to_contain_text("32 sequences")
    before, address = said(page), page.url
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("[data-verdict]")).to_have_text(before)
    assert page.url == address


def test_a_cell_is_chosen_by_keyboard(visit: Visit) -> None:
    """The field is one stop of the Tab key, and arrows go on inside it."""
    page = visit.open("run-it/index.html")
    chosen = page.locator("[data-field] [aria-pressed=true]")
    expect(chosen).to_have_text(
        "Q4_K_M, 65,536 tokens: 45 tokens a second at most, 2.0 GiB to spare"
    )
    assert page.locator("[data-field] button[tabindex='0']").count() == 1
    chosen.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict]")).to_contain_text("IQ4_XS holds 98,304 tokens")
    expect(page.locator("[data-field] button:focus")).to_have_attribute("data-n", "98304")
    assert "n=98304" in page.url
    assert "q=IQ4_XS" in page.url
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("[data-verdict]")).to_contain_text("lacks")
    expect(page.locator("[data-speed]")).to_have_text("– tokens/s")
    page.keyboard.press("Home")
    expect(page.locator("[data-field] button:focus")).to_have_attribute("data-n", "8192")


def test_what_else_holds_it_can_be_taken(visit: Visit) -> None:
    page = visit.open("run-it/index.html")
    page.locator("[data-others]").get_by_role("button", name="GeForce RTX 3090", exact=True).click()
    expect(page.locator("[name=d]")).to_have_value("rtx-3090")
    expect(page.locator("[data-verdict]")).to_have_text(
        "Q4_K_M holds 65,536 tokens with 2.0 GiB to spare."
    )


def test_a_refusal_is_the_engines(visit: Visit) -> None:
    """What an engine doesn't know is said by it; the page takes another where none is asked for."""
    page = visit.open("run-it/index.html?m=xlstm-7b&e=llama.cpp")
    told = next(
        one for one in run_terms(subject("xlstm-7b"))["engines"] if one["name"] == "llama.cpp"
    )
    expect(page.locator("[data-because]")).to_have_text(told["refused"])
    expect(page.locator("[data-field]")).to_be_hidden()
    visit.open("run-it/index.html?e=vllm&d=m4-max-64gb")
    expect(page.locator("[data-because]")).to_contain_text("on whose devices vLLM doesn't run")
    visit.open("run-it/index.html?m=xlstm-7b")
    expect(page.locator("[data-verdict]")).to_contain_text("holds")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?m=deepseek-v3&w=fp8&c=bf16&n=32768&b=4&d=H100+SXM&g=8", {"m": "deepseek-v3", "n": "32768", "b": "4", "d": "h100-sxm", "g": "8"}),
        ("?m=gpt2-xl&d=GeForce+RTX+5090&g=1", {"m": "gpt2-xl", "d": "rtx-5090", "g": "1"}),
    ],
)  # fmt: skip
def test_old_addresses_lead_here(visit: Visit, query: str, expected: dict[str, str]) -> None:
    page = visit.open(f"calculator/index.html{query}")
    page.wait_for_url("**/run-it/index.html?*")
    for name, value in expected.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)


@pytest.mark.parametrize(
    "query", ["?m=nothing&n=-3&q=<b>&b=x&g=0&s=9", "?n=1e99&c=__proto__&d=<b>&e=%00&g=1e9"]
)
def test_rubbish_in_the_address_is_harmless(visit: Visit, query: str) -> None:
    page = visit.open("run-it/index.html" + query)
    expect(page.locator("[data-verdict]")).to_contain_text(re.compile("holds|lacks"))
    expect(page.locator("[name=m]")).to_have_value(FIRST)
    expect(page.locator("[name=d]")).to_have_value("rtx-4090")
    expect(page.locator("[name=b]")).to_have_value("1")
    assert "<b>" not in page.url


def test_every_model_opens(visit: Visit) -> None:
    """With the engine that the page takes, on a device that is large: a verdict and no complaint."""
    page = visit.open("run-it/index.html?d=b300")
    models = page.locator("[name=m] option").evaluate_all("all => all.map(({ value }) => value)")
    for model in sorted(models)[::8]:
        page.locator("[name=m]").select_option(model)
        page.wait_for_function(
            "id => new URL(location.href).searchParams.get('m') === id", arg=model
        )
        expect(page.locator("[data-verdict]")).to_have_text(re.compile(r"\w"))


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone(visit: Visit) -> None:
    """Nothing is wider than the window, and the field shows all its columns."""
    page = visit.open("run-it/index.html")
    expect(page.locator("[data-verdict]")).to_contain_text("holds")
    for width in (390, 320, 768):
        page.set_viewport_size({"width": width, "height": 844})
        seen = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert seen[0] == seen[1], width
    page.set_viewport_size({"width": 390, "height": 844})
    edge = page.locator("[data-field] tbody tr:first-child button").last.bounding_box()
    assert edge is not None
    assert edge["x"] + edge["width"] <= 390


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_javascript_there_is_a_table(visit: Visit) -> None:
    page = visit.open("run-it/index.html")
    expect(page.locator("form.asked")).to_be_hidden()
    expect(page.locator(".without-js")).to_contain_text(f"llm-gallery fit {FIRST} --on rtx-4090")
    found = row(request(subject(FIRST), "llama.cpp", length=131_072), "Q4_K_M")
    line = page.locator(".without-js tbody tr").filter(has_text="Q4_K_M")
    cells = [
        gib(found.stored),
        *(gib(found.spare(at)).replace("-", "−") for at in (8_192, 32_768, 131_072)),
    ]
    assert line.locator("td").all_inner_texts() == [*cells, f"{found.longest:,}"]
    visit.open("calculator/index.html?m=gpt2-xl")
    page.get_by_role("link", name="Run it").last.click()
    page.wait_for_url("**/run-it/index.html")


@pytest.fixture(scope="module")
def host(whole_site: Path) -> Iterator[str]:
    """The site on a host of files."""
    with served(whole_site) as address:
        yield address


def test_a_file_of_ones_own(visit: Visit, host: str, tmp_path: Path) -> None:
    visit.address = host
    page = visit.open("run-it/index.html?n=1024")
    page.locator("#own-file").set_input_files(own_file(tmp_path))
    expect(page.locator("#from-link")).to_contain_text("whose header was read in this page")
    expect(page.locator("[data-verdict]")).to_contain_text("The file holds 1,024 tokens")
    expect(page.locator("[data-command]")).to_contain_text("own.gguf")


def test_a_config_of_ones_own(visit: Visit, host: str, tmp_path: Path) -> None:
    """Opened or dropped: Python in the page says of it what the build would, and the address carries it."""
    visit.address = host
    config = CONFIGS["llama-3-8b"] | {"num_hidden_layers": 24}
    file = tmp_path / "config.json"
    file.write_text(json.dumps(config), "utf-8")
    page = visit.open("run-it/index.html?d=rtx-3060")
    page.locator("#own-file").set_input_files(file)
    expect(page.locator("#from-link")).to_contain_text("is the config that this link carries.")
    expect(page.locator("[name=m]")).to_have_value("linked")
    own = run_terms(Subject("Your model", describe(config), config))
    llama = own["engines"][0]
    at = [one["name"] for one in llama["weights"]].index("Q4_K_M")
    size = page.locator("[data-field] tr").filter(has_text="Q4_K_M").locator("td").first
    expect(size).to_have_text(f"{llama['weights'][at]['bytes'] / GIB:.2f}")
    page.locator("[name=n]").fill("4096")
    page.locator("[name=n]").blur()
    expect(page.locator("[data-verdict]")).to_contain_text("4,096 tokens")
    before, address = said(page), page.url
    assert "#config=" in address
    page.goto("about:blank")
    page.goto(address)
    expect(page.locator("[data-verdict]")).to_have_text(before)
    page.locator("[name=m]").select_option("gpt2-xl")
    expect(page).not_to_have_url(re.compile("#config="))
