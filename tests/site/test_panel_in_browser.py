"""What a block of a figure tells in a real browser: in view, by keyboard, zoomed and beside others."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.concept import concepts
from tests.site.conftest import MODEL, Visit

SIZES = [(360, 640), (768, 1024), (1280, 900), (1920, 1080)]
INSIDE = """block => {
  const [own, over] = [block, document.querySelector(".panel")].map((e) => e.getBoundingClientRect());
  const inside = over.left >= 0 && over.top >= 0 && over.right <= innerWidth && over.bottom <= innerHeight;
  const apart = own.right <= over.left || over.right <= own.left || own.bottom <= over.top || over.bottom <= own.top;
  return [inside, apart];
}"""


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("path", [MODEL, "models/gemma-3-27b/index.html"])
def test_a_block_tells_in_view(visit: Visit, size: tuple[int, int], path: str) -> None:
    """By keyboard, wherever in the figure: in the window, beside the block; Escape goes back to it."""
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(path)
    page.locator("button[data-level=standard]").click()
    panel = page.locator(".panel")
    blocks = page.locator(".drawing[data-level=standard] [data-path]:not(text)")
    assert blocks.count() > 10
    for index in range(0, blocks.count(), 5):
        block = blocks.nth(index)
        block.evaluate("e => e.scrollIntoView({ block: 'center', behavior: 'instant' })")
        block.focus()
        page.keyboard.press("Enter" if index % 2 else " ")
        expect(panel).to_be_visible()
        expect(panel).to_be_focused()
        expect(panel.locator("h3 + code")).to_have_text(block.get_attribute("data-path") or "")
        assert block.evaluate(INSIDE) == [True, True]
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(block).to_be_focused()


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_a_pressed_block_tells_in_view_when_zoomed(visit: Visit, size: tuple[int, int]) -> None:
    visit.page.set_viewport_size({"width": size[0], "height": size[1]})
    page = visit.open(MODEL)
    page.locator("button[data-level=standard]").click()
    for _ in range(3):
        page.locator("[data-zoom=in]").click()
    page.locator(".drawing[data-level=standard] rect[data-path$='.linear_attn']").first.click()
    panel = page.locator(".panel")
    expect(panel).to_be_in_viewport(ratio=1)
    panel.get_by_role("button", name="Close").click()
    expect(panel).to_be_hidden()


def test_arrows_lead_from_block_to_block(visit: Visit) -> None:
    page = visit.open(MODEL)
    blocks = page.locator(".drawing[data-level=standard] [data-path]:not(text)")
    blocks.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(blocks.nth(1)).to_be_focused()


def test_a_panel_says_what_a_part_is(visit: Visit) -> None:
    """Its meaning with the page of its concept, its parameters, shapes, and config keys with their evidence."""
    page = visit.open("models/deepseek-v3/index.html")
    page.locator(".drawing:visible rect[data-path='model.layers.3.mlp.experts']").first.click()
    panel = page.locator(".panel")
    expect(panel.locator("h3")).to_have_text("One of the routed experts")
    one, copies = 3 * 7168 * 2048, 58 * 256
    for said in (f"{one:,}", f"In all {copies:,} copies", f"{one * copies:,}", "7,168 × 2,048"):
        expect(panel).to_contain_text(said)
    expect(panel.locator("tr", has_text="Inner width")).to_contain_text(
        "moe_intermediate_size stated"
    )
    page.keyboard.press("Escape")
    page.locator(".drawing:visible rect[data-path='model.layers.0.self_attn']").first.click()
    expect(panel).to_contain_text(concepts()["multi-head-latent-attention"].text)
    panel.get_by_role("link", name="Multi-head latent attention").click()
    page.wait_for_url("**/concepts/multi-head-latent-attention/index.html")


def test_a_figure_in_a_comparison_tells_too(visit: Visit) -> None:
    page = visit.open("compare/index.html?m=deepseek-v3,kimi-k2")
    page.locator("#tool [data-level=standard]").click()
    page.locator("#figures li").last.locator("rect[data-path$='.self_attn']").first.click()
    panel = page.locator(".panel")
    expect(panel).to_be_in_viewport(ratio=1)
    expect(panel.locator("tr", has_text=re.compile("^Heads"))).to_contain_text(
        "64"
    )  # Kimi K2's, not V3's
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
