"""Figures for other pages: the snippets of the page that makes them, pasted into a page from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from llm_gallery.catalog.load import find
from tests.site.conftest import Visit


class Quiet(SimpleHTTPRequestHandler):
    """Any host."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A blog's folder and its address, which isn't the site's."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://localhost:{server.server_port}"
        server.shutdown()


def test_the_snippets_follow_the_choice(visit: Visit) -> None:
    page = visit.open("embed/index.html")
    page.locator("#model").select_option("kimi-k2")
    expect(page.locator("#script")).not_to_contain_text("data-figure")
    page.get_by_label("Figure").select_option("slide")
    expect(page.locator("#script")).to_contain_text('data-figure="slide"')
    expect(page.locator("#image")).to_contain_text(
        f'src="{visit.address}/models/kimi-k2/slide.svg"'
    )
    expect(page.locator("#script")).to_contain_text(f"{visit.address}/embed/kimi-k2.js")
    expect(page.locator("#markdown")).to_contain_text("| Total parameters | 1,026,408,232,448 |")
    preview = page.locator("#preview")
    expect(preview).to_have_js_property("src", f"{visit.address}/models/kimi-k2/slide.svg")
    page.get_by_label("Figure").select_option("figure-column")
    expect(page.locator("#script")).to_contain_text('data-figure="figure-column"')
    expect(page.locator("#image")).to_contain_text("/models/kimi-k2/figure.svg")
    page.get_by_label("Figure").select_option("slide")
    page.get_by_label("Colours").select_option("dark")
    expect(page.locator("#script")).to_contain_text('data-theme="dark"')
    expect(page.locator("#image")).to_contain_text("slide.svg#dark")


def test_snippets_work_in_a_page_elsewhere(
    visit: Visit, browser: Browser, elsewhere: tuple[Path, str]
) -> None:
    folder, host = elsewhere
    page = visit.open("embed/index.html")
    image, script = (page.locator(name).inner_text() for name in ("#image", "#script"))
    (folder / "index.html").write_text(f"<!doctype html><title>A blog</title>{image}{script}")
    blog = browser.new_page()
    blog.goto(host)
    model = find("deepseek-v3")
    figure = blog.locator("figure")
    expect(figure.locator("figcaption")).to_contain_text(model.name)
    for found in (blog.locator("body > img"), figure.locator("img")):
        found.scroll_into_view_if_needed()
        expect(found).to_have_js_property("complete", value=True)
        assert found.evaluate("image => image.naturalWidth") > 100
    for room, name in ((500, "-phone"), (1300, "")):
        blog.set_viewport_size({"width": room, "height": 800})
        blog.reload()
        expect(figure.locator("img")).to_have_attribute(
            "src", f"{visit.address}/models/deepseek-v3/figure{name}.svg"
        )
    blog.set_viewport_size({"width": 900, "height": 800})
    blog.reload()  # for this room the script puts a figure together
    expect(figure.locator("img")).to_have_attribute("src", re.compile("^blob:"))
    expect(figure.locator("img")).to_have_js_property("naturalWidth", 800)
    former = {
        "figure-dark": "figure.svg#dark",
        "figure-print": "figure.svg#print",
        "figure-full": "figure.svg",
    }
    for asked, name in {**former, "figure-phone": "figure-phone.svg"}.items():
        told = script.replace("<script ", f'<script data-figure="{asked}" ')
        (folder / f"{asked}.html").write_text(f"<!doctype html><title>A blog</title>{told}")
        blog.goto(f"{host}/{asked}.html")
        expect(figure.locator("img")).to_have_attribute(
            "src", f"{visit.address}/models/deepseek-v3/{name}"
        )
    told = script.replace("<script ", '<script data-figure="figure-column" data-theme="dark" ')
    for page_name, policy, address in (
        ("made.html", "blob:", r"^blob:.*#dark$"),
        ("refused.html", "", r"/figure\.svg#dark$"),
    ):
        allowed = f"script-src {visit.address}; img-src {visit.address} {policy}"
        head = f'<meta http-equiv="Content-Security-Policy" content="{allowed}">'
        (folder / page_name).write_text(
            f"<!doctype html>{head}<title>A blog</title><p>A post</p>{told * 2}"
        )
        blog.goto(f"{host}/{page_name}")
        for shown in figure.locator("img").all():
            expect(shown).to_have_attribute("src", re.compile(address))
            expect(shown).to_have_js_property("naturalWidth", 800 if policy else 1200)
    link = figure.first.locator("a").get_attribute("href")
    assert link == f"{visit.address}/models/deepseek-v3/index.html"
    blog.close()


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_an_example_can_be_copied(visit: Visit) -> None:
    page = visit.open("embed/index.html")
    expect(page.locator("#image")).to_contain_text("https://YOUR-HOST/models/")
    expect(page.locator("#model")).to_be_hidden()
