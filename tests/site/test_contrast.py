"""Text on everything that can be pressed, in every state of it: contrast of at least 4.5, in both themes.

axe measures a page as it stands: it presses nothing and points at nothing.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.site.by_turns import by_turns, named
from tests.site.conftest import Visit

LEAST = 4.5
PAGES = (
    "index.html?m=deepseek-v3,kimi-k2",
    "index.html?view=table",
    "models/qwen3-next-80b-a3b/index.html",
    "compare/index.html?m=deepseek-v3,kimi-k2",
    "lineage/index.html?branch=deepseek-v3",
    "recipes/deepseek-v3/index.html",
    "timeline/index.html",
    "trends/index.html",
    "trends/sizes/index.html",
    "concepts/index.html",
    "concepts/multi-head-latent-attention/index.html",
    "run-it/index.html",
    "describe/index.html",
    "embed/index.html",
    "definitions/index.html",
)
STATES = ((), ("hover",), ("hover", "active"), ("focus", "focus-visible", "focus-within"))

# Two of each kind of thing that can be pressed, and what they stand in: a pointer is over those too.
MARK = """() => {
  const seen = new Map();
  const kind = (e) => `${e.tagName}.${e.className}<${e.parentElement.className}<${e.parentElement.parentElement?.className}`;
  for (const e of document.querySelectorAll("a, button, input, select, summary, label, textarea")) {
    if (!e.checkVisibility() || e.closest("svg")) continue;
    const met = seen.get(kind(e)) ?? 0;
    seen.set(kind(e), met + 1);
    if (met > 1) continue;
    e.dataset.probed = "";
    for (let up = e; up; up = up.parentElement) up.dataset.forced = "";
  }
}"""
PRESS = """(pressed) => {
  for (const e of document.querySelectorAll("[data-probed][aria-pressed]")) e.setAttribute("aria-pressed", pressed);
  for (const e of document.querySelectorAll("[data-probed][type=checkbox]")) e.checked = pressed;
}"""
MEASURE = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const light = ([r, g, b]) => {
    const part = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (e) => {
    if (!e) return [255, 255, 255, 1];
    const own = rgba(getComputedStyle(e).backgroundColor);
    return own[3] === 1 ? own : over(own, ground(e.parentElement));
  };
  const opacity = (e) => (e ? Number(getComputedStyle(e).opacity) * opacity(e.parentElement) : 1);
  const found = [];
  for (const probed of document.querySelectorAll("[data-probed]")) {
    const texts = [...probed.querySelectorAll("*"), probed].filter((e) =>
      e.checkVisibility() && !e.closest("svg, .unseen") &&
      (e.value || [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())));
    for (const e of texts) {
      if (e.matches("input[type=checkbox], input[type=range], option, [disabled] *, [disabled]")) continue;
      const back = ground(e);
      const [r, g, b, a] = rgba(getComputedStyle(e).color);
      const front = over([r, g, b, a * opacity(e)], back);
      const [one, two] = [light(front), light(back)].sort((x, y) => y - x);
      found.push([(one + 0.05) / (two + 0.05), `${e.tagName}.${e.className} in ${probed.outerHTML.slice(0, 120)}`]);
    }
  }
  return found;
}"""


def faint(page: Page) -> list[str]:
    """What is too faint to read, and in which state."""
    page.evaluate(MARK)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query: dict[str, Any] = {"nodeId": root, "selector": "[data-forced]"}
    nodes = session.send("DOM.querySelectorAll", query)["nodeIds"]
    found = []
    measured = 0
    for state in STATES:
        for node in nodes if state else ():
            forced = {"nodeId": node, "forcedPseudoClasses": list(state)}
            session.send("CSS.forcePseudoState", forced)
        for pressed in (False, True):
            page.evaluate(PRESS, pressed)
            contrasts = page.evaluate(MEASURE)
            measured += len(contrasts)
            for contrast, where in contrasts:
                if contrast < LEAST:
                    found.append(f"{contrast:.2f} {'pressed ' * pressed}{'+'.join(state)}: {where}")
    assert measured > 50
    return found


@pytest.mark.parametrize(
    ("path", "visit"),
    by_turns(PAGES, [{"theme": "light"}, {"theme": "dark"}]),
    indirect=["visit"],
    ids=named,
)
def test_every_state_can_be_read(visit: Visit, path: str) -> None:
    assert faint(visit.open(path)) == []


def test_a_faint_state_is_seen(visit: Visit) -> None:
    """The gate can fail: a pressed filter under the pointer, as it once was."""
    page = visit.open("index.html")
    rule = ".pills [aria-pressed=true]:hover { background: var(--sunk) !important; }"
    page.evaluate(
        """(rule) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rule);
          document.adoptedStyleSheets = [sheet];
        }""",
        rule,
    )
    assert any("pressed hover:" in fault for fault in faint(page))
