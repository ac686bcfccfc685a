"""The gallery's search: all of what a keystroke does, filters, counts, cards, is done within a frame."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.every  # a time, of a machine that does nothing else
FRAME = 16.0
"""Milliseconds: sixty frames a second."""
FASTEST = """() => {
  const field = document.querySelector("#q");
  const texts = ["mla", "moe deepsek under 40b", "hybrid 2026", "", "nope"];
  const fastest = texts.map(() => Infinity);
  for (let round = 0; round < 20; round += 1) {
    texts.forEach((text, index) => {
      field.value = text;
      const start = performance.now();
      field.dispatchEvent(new Event("input"));
      fastest[index] = Math.min(fastest[index], performance.now() - start);
    });
  }
  return fastest;
}"""
"""Of each text the fastest of twenty: what it costs, whatever else the machine does meanwhile."""


def test_filtering_is_within_a_frame(address: str, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{address}/index.html")
    page.locator("#q").fill("moe")
    expect(page.locator("#cards [aria-busy]")).to_have_count(0)
    assert max(page.evaluate(FASTEST)) < FRAME
    page.close()
