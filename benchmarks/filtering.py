"""The gallery's search: how long all of what a keystroke does takes, filters, counts and cards.

python -m benchmarks.filtering SITE
"""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import which
from threading import Thread

from playwright.sync_api import sync_playwright

from llm_gallery.server.serve import listening
from tests.conftest import FLAGS

TEXTS = ("mla", "moe deepsek under 40b", "hybrid 2026", "", "nope")
FASTEST = """(texts) => {
  const field = document.querySelector("#q");
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


def main(site: Path) -> int:
    """Prints of each text the fastest of twenty, in milliseconds: what it costs, whatever else the machine does."""
    with listening(site, 0) as server, sync_playwright() as play:
        Thread(target=server.serve_forever, daemon=True).start()
        browser = play.chromium.launch(executable_path=which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        page.locator("#q").fill("moe")
        for text, fastest in zip(TEXTS, page.evaluate(FASTEST, TEXTS), strict=True):
            print(f"{fastest:5.1f} ms  {text!r}")
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
