"""Code in a page: how long one waits for the first run, with nothing loaded yet, and for each after a change.

python -m benchmarks.page [VISITS]
"""

from __future__ import annotations

import sys
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import copy, which
from statistics import median
from threading import Thread

from playwright.sync_api import Page, sync_playwright

from llm_gallery.catalog.load import MODELS
from llm_gallery.site.build import build
from llm_gallery.site.run_in_page import running
from tests.conftest import FLAGS
from tests.site.lesson_page import written_page

LESSONS = (
    ("deepseek-v3", "latent_attention"),
    ("gpt-oss-20b", "attention"),
    ("qwen3-next-80b-a3b", "gated_deltanet"),
    ("deepseek-v4-flash", "compressed_attention_by_4"),
)
CHANGES = 12
MEASURE = """(change) => new Promise((resolve) => {
  const host = document.querySelector(".run");
  const text = host.querySelector("textarea");
  if (change) text.value = text.value.replace(/$/, `\\n# ${change}`);
  const outcome = host.querySelector('[data-out="took"]');
  const begun = performance.now();
  const told = new MutationObserver(() => {
    told.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - begun)));
  });
  told.observe(outcome, { childList: true, characterData: true });
  host.querySelector("[data-do=run]").click();
})"""


class Quiet(SimpleHTTPRequestHandler):
    """A host of files."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


def main(visits: int) -> int:
    """Prints for each lesson the first run of every visit, and the median and the slowest of those after it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        catalog, site = Path(folder) / "catalog", Path(folder) / "site"
        catalog.mkdir()
        copy(MODELS / "gpt2-xl.toml", catalog)
        build(site, catalog)
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            browser = play.chromium.launch(executable_path=which("chromium"), args=FLAGS)
            for model, function in LESSONS:
                path = written_page(site, model, running(model, function))
                first, later = [], []
                for _ in range(visits):
                    context = browser.new_context()  # with nothing kept from the visit before
                    page = context.new_page()
                    page.goto(f"http://127.0.0.1:{server.server_port}/{path}")
                    first.append(page.evaluate(MEASURE, 0) / 1000)
                    later += [changed(page, change) for change in range(1, CHANGES + 1)]
                    context.close()
                waited = ", ".join(f"{seconds:.2f}" for seconds in first)
                print(
                    f"{model} {function}: first {waited} s; "
                    f"then {median(later):.0f} ms, {max(later):.0f} at most"
                )
            browser.close()
            server.shutdown()
    return 0


def changed(page: Page, change: int) -> float:
    """Milliseconds from a click until the table has followed, once all of the run before is there."""
    page.wait_for_selector('.run[data-state="shown"]')
    taken: float = page.evaluate(MEASURE, change)
    return taken


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 3))
