"""How parts of pages look, against pictures of them: shipped fonts make them nearly equal on any machine.

Written anew by --rewrite-golden. A page's part is compared at 1 px to 1 px; edges of letters may be smoothed
otherwise by another Chromium, so DIFFERENT of the pixels may be off by more than SHADE of 255.
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.conftest import Visit, with_fonts

SHADE, DIFFERENT = 48, 0.01
PICTURES = Path(__file__).parent / "looks"
DESKTOP, PHONE = {"width": 1440, "theme": "light"}, {"width": 390, "theme": "dark"}
PARTS = {
    "top": ("404.html", ".top"),
    "card": ("index.html?q=gpt2-xl&m=gpt2-xl", ".card[data-id=gpt2-xl]"),
    "tray": ("index.html?m=gpt2-xl,mistral-7b-v0.1", ".tray"),
    "row": ("index.html?q=gpt2-xl&view=table", ".card[data-id=gpt2-xl]"),
    "headline": ("models/gpt2-xl/index.html", ".headline"),
    "field": ("run-it/index.html?m=gpt2-xl&d=rtx-4090", "[data-field]"),
    "aligned": ("compare/index.html?m=gpt2-xl,mistral-7b-v0.1", "#aligned tbody"),
}
"""None of them shows how many models there are, nor a whole figure: those have golden files of their own."""
COMPARED = """async ([one, other, shade]) => {
  const pixels = async (text) => {
    const data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([data], {type: "image/png"}));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.width, image.height);
  };
  const [a, b] = [await pixels(one), await pixels(other)];
  if (a.width !== b.width || a.height !== b.height) return 1;
  let different = 0;
  for (let i = 0; i < a.data.length; i += 4) {
    different += [0, 1, 2].some((c) => Math.abs(a.data[i + c] - b.data[i + c]) > shade);
  }
  return different / (a.width * a.height);
}"""

LAID_OUT = (
    """document.styleSheets[0].insertRule("* { content-visibility: visible !important }", 0)"""
)
"""What is out of sight is laid out at once: laid out while a picture is taken, it moved the part by a fraction of a px."""
WHOLE = """part => {
  document.body.style.paddingTop = "";
  const top = part.getBoundingClientRect().top + scrollY;
  document.body.style.paddingTop = `${Math.ceil(top) - top}px`;
}"""
"""A figure above, whose height is no whole number of px, moves no edge of a letter."""
IS_WHOLE = "part => Number.isInteger(part.getBoundingClientRect().top + scrollY)"
TRIES = 20


def different(page: Page, one: bytes, other: bytes) -> float:
    """Share of the pixels that two pictures don't agree in; all of them where their sizes differ."""
    texts = [b64encode(picture).decode() for picture in (one, other)]
    return float(page.evaluate(COMPARED, [*texts, SHADE]))


def seen(visit: Visit, name: str) -> bytes:
    path, selector = PARTS[name]
    page = visit.open(path)
    # A question in the address is answered.
    page.wait_for_selector("#cards[aria-busy]", state="detached")
    with_fonts(page)
    page.mouse.move(0, 0)
    page.evaluate(LAID_OUT)
    part = page.locator(selector).first
    part.scroll_into_view_if_needed()
    for _ in range(TRIES):  # what is laid out late above it moves the part once more
        part.evaluate(WHOLE)
        picture = part.screenshot(animations="disabled")
        if part.evaluate(IS_WHOLE):
            return picture
    raise AssertionError(f"{path}: {selector} still moves after {TRIES} pictures")


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("visit", [DESKTOP, PHONE], indirect=True, ids=("desktop", "phone"))
def test_looks_as_before(visit: Visit, name: str, request: pytest.FixtureRequest) -> None:
    width = visit.page.viewport_size
    assert width is not None
    known = PICTURES / f"{name}-{'desktop' if width['width'] > 500 else 'phone'}.png"
    picture = seen(visit, name)
    if request.config.getoption("--rewrite-golden"):
        known.parent.mkdir(exist_ok=True)
        known.write_bytes(picture)
    assert different(visit.page, known.read_bytes(), picture) <= DIFFERENT


@pytest.mark.parametrize("visit", [DESKTOP], indirect=True)
def test_another_weight_is_seen(visit: Visit) -> None:
    """The gate can fail: a heading a little lighter is more than the tolerance."""
    before = seen(visit, "headline")
    visit.page.evaluate(
        "document.styleSheets[0].insertRule('.headline dd { letter-spacing: 0 }', 0)"
    )
    visit.page.evaluate(
        "document.styleSheets[0].insertRule('.headline dd { font-size: 20px !important }', 0)"
    )
    after = visit.page.locator(".headline").screenshot()
    assert different(visit.page, before, after) > DIFFERENT
