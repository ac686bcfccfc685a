"""The living figure in a real browser: twenty parts of ten models by pointer, by keyboard and on a phone, answers in view."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from llm_gallery.analysis.units import short
from llm_gallery.architecture.block import stack_path
from llm_gallery.catalog.load import find
from llm_gallery.concepts import concepts
from llm_gallery.parts.details import parts
from llm_gallery.parts.words import operations
from tests.site.by_turns import by_turns, named
from tests.site.conftest import MODEL, PHONE, Visit
from tests.site.test_accessibility import EACH, violations

Asked = tuple[str, str, str]
ASKED: list[Asked] = [
    ("qwen3-next-80b-a3b", "layers.0.linear_attn", "layers.3.self_attn"),
    ("deepseek-v3", "layers.0.self_attn", "layers.3.mlp.experts"),
    ("llama-3-8b", "layers.0.self_attn", "layers.0.mlp"),
    ("gemma-3-27b", "layers.5.self_attn", "layers.0.pre_feedforward_layernorm"),
    ("deepseek-v4-pro", "layers.0.attn", "layers.3.ffn.gate"),
    ("falcon-h1-7b", "layers.0.mamba", "layers.0.feed_forward"),
    ("mamba-2.8b", "layers.0.mixer", "layers.0.mixer.conv1d"),
    ("gpt2-xl", "h.0.attn", "wte"),
    ("kimi-k2", "layers.1.mlp", "lm_head"),
    ("gpt-oss-120b", "layers.0.self_attn", "layers.0.mlp.router"),
]
"""Two parts of each of ten models, by their addresses."""
IN_VIEW = """([what, box]) => {
  const [own, room] = [what, box].map((one) => document.querySelector(one).getBoundingClientRect());
  return own.top >= 0 && own.bottom <= innerHeight && own.left >= 0 && own.right <= innerWidth && own.top >= room.top && own.bottom <= room.bottom;
}"""
HOLES = """() => [...document.querySelectorAll(".over")].filter((one) => one.checkVisibility()).map((one) => ({
  veiled: Boolean(one.querySelector(".scrim")), rings: one.querySelectorAll(".ring").length }))"""
MOVED = """() => new Promise((done) => {
  let moved = 0;
  new PerformanceObserver((list) => { for (const shift of list.getEntries()) if (!shift.hadRecentInput) moved += shift.value; }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(moved), 200);
})"""


def told(model: str) -> dict[str, Any]:
    """What the library says of a model's parts."""
    return parts(find(model).architecture.root)


def full(model: str, address: str) -> str:
    """The path in the checkpoint of a part by its address."""
    stack = stack_path(find(model).architecture.root)
    before = stack.rpartition(".")[0]
    paths = (address, f"{before}.{address}" if before else address)
    return next(path for path in paths if path in told(model)["parts"])


def every(model: str, path: str) -> tuple[int, int]:
    """Parameters of a part in all layers that have it: stored, and run for a token."""
    held = told(model)
    part = held["parts"][path]
    many = len(held["places"][part["at"]]) if "at" in part else 1
    return part["counts"][0] * many, part["counts"][1] * many


def dock(page: Page) -> Locator:
    return page.locator(".dock .told-now")


def in_view(page: Page) -> None:
    """What the dock says first comes into view; asked from here, since the page's policy lets no waiting script in."""
    for _ in range(100):
        if page.evaluate(IN_VIEW, [".dock h2", ".dock"]):
            return
        page.wait_for_timeout(50)
    pytest.fail("what the dock says isn't in view")


def answers(page: Page, model: str, address: str) -> None:
    """The dock names the part in view, with its counts, and only its places are lit."""
    path = full(model, address)
    stored, active = every(model, path)
    part = told(model)["parts"][path]
    said = dock(page)
    expect(said.locator("h2")).to_have_text(part["name"])
    in_view(page)
    numbers = said.locator(".counts .n")
    expect(numbers.first).to_have_text(short(stored) if stored else "none")
    expect(numbers.nth(1)).to_have_text(short(active) if active else "none")
    for name, shape in part["flow"]:
        expect(said.locator(".flow").first).to_contain_text(name)
        expect(said.locator(".flow").first).to_contain_text(shape)


@pytest.mark.parametrize(
    ("asked", "visit"), by_turns(ASKED, [{"width": 1440}, *PHONE]), indirect=["visit"], ids=named
)
def test_an_address_tells_of_its_part(visit: Visit, asked: Asked) -> None:
    model, one, other = asked
    page = visit.open(f"models/{model}/index.html#{one}")
    answers(page, model, one)
    (shown,) = page.evaluate(HOLES)
    assert shown["veiled"]
    page.evaluate(f"location.hash = '{other}'")
    answers(page, model, other)


def likes(model: str, path: str) -> list[str]:
    """The paths of a part in all layers that have it equal: a figure may show any of them."""
    held = told(model)
    part, end = held["parts"][path], re.sub(r"^.*?\.\d+", "", path)
    if "at" not in part:
        return [path]
    return [
        other
        for other, one in held["parts"].items()
        if one.get("at") == part["at"] and re.sub(r"^.*?\.\d+", "", other) == end
    ]


def is_step(label: str) -> bool:
    """Whether a drawing's words are of a step inside a mechanism, not of its block."""
    return any(label.startswith(one.title) for one in operations())


def blocks(page: Page, model: str, path: str) -> list[Locator]:
    """The blocks of a part in the figure, without the steps inside it."""
    expect(page.locator(".drawing:visible svg.living")).to_have_count(1)  # named by the script
    wanted = ", ".join(
        f".drawing:visible :is(rect, path)[data-path='{like}']" for like in likes(model, path)
    )
    return [
        one
        for one in page.locator(wanted).all()
        if not is_step(one.get_attribute("aria-label") or "")
    ]


@pytest.mark.parametrize(("model", "one", "other"), ASKED, ids=[asked[0] for asked in ASKED])
def test_pointing_lights_and_pressing_tells(visit: Visit, model: str, one: str, other: str) -> None:
    page = visit.open(f"models/{model}/index.html")
    said = dock(page)
    for address in (one, other):
        path = full(model, address)
        shown = blocks(page, model, path)
        if not shown:  # a column may say in words what stands at its ends
            continue
        block = shown[0]
        before = said.locator("h2").inner_text()
        block.hover()
        expect(page.locator(".over .scrim")).not_to_have_count(0)
        expect(said.locator("h2")).to_have_text(before)  # pointing alone tells nothing
        block.click()
        answers(page, model, address)
        assert page.evaluate("location.hash").removeprefix("#") in path
    page.keyboard.press("Escape")
    expect(said.locator("h2")).to_have_text("The whole model")
    page.mouse.move(5, 5)
    expect(page.locator(".over .scrim")).to_have_count(0)
    assert page.evaluate("location.hash") == ""


@pytest.mark.parametrize(("model", "one", "other"), ASKED[:6], ids=[a[0] for a in ASKED[:6]])
def test_by_keyboard(visit: Visit, model: str, one: str, other: str) -> None:
    """One stop of the Tab key, arrows from block to block, Enter tells, Escape leads back."""
    page = visit.open(f"models/{model}/index.html")
    inside = page.locator(".drawing:visible [data-path]:not(text)")
    stops = page.locator(".drawing:visible [data-path][tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    wanted = likes(model, full(model, one))
    name = told(model)["parts"][wanted[0]]["name"]
    for _ in range(inside.count() + 20):
        at = page.locator(":focus")
        label = at.get_attribute("aria-label") or ""
        path = at.get_attribute("data-path")
        if (path in wanted and not is_step(label)) or (path is None and label == name):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    answers(page, model, one)
    page.keyboard.press("Escape")
    expect(dock(page).locator("h2")).to_have_text("The whole model")


def test_a_block_that_stands_for_several_leads_to_each(visit: Visit) -> None:
    """DeepSeek V4's figure has one block for both of its mixtures, whose routing differs."""
    page = visit.open("models/deepseek-v4-pro/index.html")
    page.locator(".drawing:visible rect[data-also~='layers.0.ffn']").first.click()
    said = dock(page)
    expect(said).to_contain_text("drawn as one with")
    said.locator(".where a", has_text="Mixture of experts").first.click()
    answers(page, "deepseek-v4-pro", "layers.0.ffn")


def test_layers_are_asked_in_the_strip(visit: Visit) -> None:
    """By pointer and by arrows; the numbers become that layer's, the address says which."""
    page = visit.open(MODEL)
    cells = page.locator(".cells")
    box = cells.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 7.5 / 48, box["y"] + 5)
    expect(dock(page).locator("h2")).to_contain_text("Layer 7")
    assert page.evaluate("location.hash") == "#layers.7"
    expect(cells).to_have_attribute("aria-valuetext", re.compile("Layer 7: "))
    cells.focus()
    page.keyboard.press("ArrowRight")
    expect(dock(page).locator("h2")).to_contain_text("Layer 8")
    root = find("qwen3-next-80b-a3b").architecture.root
    layer = told("qwen3-next-80b-a3b")["parts"][f"{stack_path(root)}.0"]["counts"]
    expect(dock(page).locator(".counts .n").first).to_have_text(short(layer[0]))
    dock(page).locator(".inside a", has_text="Mixture of experts").click()
    assert page.evaluate("location.hash") == "#layers.8.mlp"
    page.reload()
    expect(dock(page).locator("h2")).to_have_text("Mixture of experts")
    expect(dock(page).locator(".where")).to_contain_text("the 9th of 48 layers")


def test_the_bar_asks_for_what_runs(visit: Visit) -> None:
    page = visit.open(MODEL)
    bar = page.locator(".pbar")
    bar.focus()
    names = [p["name"] for p in told("qwen3-next-80b-a3b")["pieces"] if p["active"]]
    seen = []
    for name in names:
        page.keyboard.press("ArrowRight")
        expect(bar).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(name)}, "))
        seen.append(dock(page).locator("h2").inner_text())
    assert len(set(seen)) == len(names)


def test_facts_and_rows_speak_of_parts(visit: Visit) -> None:
    """A row lights what it is of; its heading is a link that keyboards reach."""
    page = visit.open("models/deepseek-v3/index.html")
    link = page.locator(".facts th[scope=rowgroup] a").first
    link.scroll_into_view_if_needed()
    link.focus()
    page.keyboard.press("Enter")
    expect(dock(page).locator("h2")).to_have_text("Latent attention")
    in_view(page)
    expect(page.locator(".facts tr.lit").first).to_contain_text("Heads")


def test_a_link_to_a_part_chooses_it(visit: Visit) -> None:
    """As the words above a figure have them, by the path in the checkpoint."""
    page = visit.open(MODEL)
    page.evaluate(
        """() => document.querySelector(".opening").insertAdjacentHTML("beforeend", '<a id="said" href="#model.layers.0.mlp.gate">router</a>')"""
    )
    page.locator("#said").click()
    expect(dock(page).locator("h2")).to_have_text("Router")
    assert page.evaluate("location.hash") == "#layers.0.mlp.gate"


def test_an_answer_says_all_in_its_order(visit: Visit) -> None:
    page = visit.open(f"{MODEL}#layers.3.self_attn")
    said = dock(page)
    expect(said.locator("h2")).to_have_text("Gated attention")
    order = said.evaluate("box => [...box.children].map((one) => one.className || one.localName)")
    assert order == [
        "h2", "where", "means", "flow", "counts", "formula-lines", "line", "fold tens", "to", "inside",
    ]  # fmt: skip
    expect(said.locator(".where")).to_have_text("in 12 of 48 layers: 3, 7, 11 … 47")
    expect(said.locator("math").first).to_contain_text("softmax")
    expect(said.locator("math").first).to_contain_text("16")
    expect(said.locator(".line")).to_contain_text('w["k_proj.weight"]')
    expect(said.locator(".counts")).to_contain_text("24 KiB a token")
    compute = said.locator(".counts div", has_text="Compute at").locator(".n")
    before = compute.inner_text()
    said.locator("select").select_option(label="1,048,576")
    expect(compute).not_to_have_text(before)
    said.locator("summary").click()
    expect(said.locator(".tens")).to_contain_text("model.layers.3.self_attn")
    expect(said.locator(".tens")).to_contain_text("8,192 × 2,048")
    said.get_by_role("link", name=concepts()["grouped-query-attention"].name).click()
    page.wait_for_url("**/concepts/grouped-query-attention/index.html")


def test_a_step_inside_has_an_address(visit: Visit) -> None:
    page = visit.open(f"{MODEL}#layers.3.self_attn:rope")
    expect(dock(page).locator("h2")).to_have_text("RoPE")
    expect(dock(page).locator(".where")).to_contain_text("in Gated attention")
    expect(dock(page).locator("math")).to_contain_text("64")
    (shown,) = page.evaluate(HOLES)
    assert shown["rings"] == 2  # of queries and of keys


def sizes() -> Iterator[dict[str, int]]:
    yield from ({"width": width} for width in (390, 1280, 1440, 1920))


@pytest.mark.parametrize("visit", list(sizes()), indirect=True, ids=str)
def test_nothing_moves(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.wait_for_timeout(300)
    assert page.evaluate(MOVED) < 0.01
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    page.evaluate("location.hash = 'layers.3.self_attn'")
    expect(dock(page).locator("h2")).to_have_text("Gated attention")
    assert page.evaluate(wide) <= 0


@pytest.mark.parametrize(
    "visit",
    EACH,
    indirect=True,
    ids=lambda v: f"{v['width']}-{v['theme']}",
)
def test_axe_over_an_answer(visit: Visit) -> None:
    page = visit.open(f"{MODEL}#layers.7.self_attn")
    expect(dock(page).locator("h2")).to_have_text("Gated attention")
    # The part was scrolled to, where what is half under the bar at the top would be told of as too small.
    page.locator("#figure").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    if page.locator(".grip").is_visible():
        page.locator(".grip").click()
        page.wait_for_timeout(300)
    assert violations(page) == []


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_the_sheet_comes_and_goes_with_the_figure(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("#memory").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".dock")).to_have_class(re.compile("away"))
    page.locator("#figure").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".dock")).not_to_have_class(re.compile("away"))
    grip = page.get_by_role("button", name="Open or close the inspector")
    grip.click()
    expect(grip).to_have_attribute("aria-expanded", "true")
    page.locator("#memory").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".dock")).to_have_class(re.compile("away"))
    expect(page.locator(".dock")).to_be_hidden()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_fit_shows_all_of_it_on_a_phone(visit: Visit) -> None:
    page = visit.open(MODEL)
    page.locator("[data-zoom=fit]").click()
    page.wait_for_timeout(400)
    seen = page.evaluate(
        """() => {
          const svg = [...document.querySelectorAll(".drawing svg")].find((one) => one.checkVisibility()).getBoundingClientRect();
          const dock = document.querySelector(".dock").getBoundingClientRect();
          const top = document.querySelector(".top").getBoundingClientRect();
          return [svg.top >= top.bottom, svg.bottom <= dock.top];
        }"""
    )
    assert seen == [True, True]
    page.evaluate("location.hash = 'layers.0.mlp'")  # what is asked for is read at its own size
    expect(page.locator(".zoom output")).to_have_text("100%")
    block = blocks(page, "qwen3-next-80b-a3b", "model.layers.0.mlp")[0]
    expect(block).to_be_in_viewport(ratio=0.9)


def test_figures_side_by_side_light_together(visit: Visit) -> None:
    page = visit.open("compare/index.html?m=deepseek-v3,kimi-k2")
    block = page.locator("#figures li").last.locator("rect[data-path$='.self_attn']").first
    block.click()
    said = dock(page)
    expect(said.locator("h2")).to_have_text("Latent attention")
    expect(said.locator(".where")).to_contain_text("B, Kimi K2")
    expect(said.locator(".flow").first).to_contain_text("B × T × 64 × 192")  # Kimi K2's heads
    expect(page.locator(".over .scrim")).to_have_count(2)
    in_view(page)
    page.keyboard.press("Escape")
    expect(said.locator("h2")).to_have_text("Parts")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_the_whole_model_is_told(visit: Visit) -> None:
    page = visit.open(MODEL)
    expect(dock(page)).to_contain_text("48 layers on one stream of 2,048 numbers")
    expect(page.locator(".walk")).to_be_hidden()
    expect(page.locator(".maps")).to_be_hidden()
