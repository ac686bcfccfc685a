"""A model's code in a real browser: lines with addresses, parts that open, copy and download; two files as a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from llm_gallery.code.outline import outline
from llm_gallery.lessons.listing import file
from llm_gallery.site.code_difference import runs
from tests.site.conftest import PHONE, Visit

PAGE = "models/deepseek-v3/code/index.html"
UNPRINTED = "deepseek-v4.1-flash"
PAIRS = [
    ("deepseek-v3", "kimi-k2"),
    ("gpt2-xl", "llama-2-7b"),
    ("kimi-linear-48b-a3b", "kimi-k3"),
    ("mamba-2.8b", "gemma-3-27b"),
    ("deepseek-v4-pro", "qwen3-next-80b-a3b"),
    ("llama-2-7b", "llama-2-7b"),
]


def test_every_line_has_an_address(visit: Visit) -> None:
    page = visit.open(PAGE)
    lines = page.locator("#code .listing li").all_text_contents()
    assert lines == file("deepseek-v3").splitlines()
    ids = page.locator("#code .listing li").evaluate_all("all => all.map((line) => line.id)")
    assert ids == [f"L{number}" for number in range(1, len(lines) + 1)]


@pytest.mark.parametrize("visit", [{}, {"width": 390}, {"script": False}], indirect=True)
def test_a_lines_address_opens_its_part(visit: Visit) -> None:
    """Also of a part that is folded at first."""
    folded = next(s for s in outline(file("deepseek-v3")) if s.kind == "checkpoint")
    page = visit.open(f"{PAGE}#L{folded.first + 2}")
    line = page.locator(f"#L{folded.first + 2}")
    expect(line).to_be_in_viewport()
    expect(page.locator("li:target")).to_have_text(line.text_content() or "?")


def test_a_function_leads_to_its_definition(visit: Visit) -> None:
    page = visit.open(PAGE)
    page.locator("#code a", has_text="latent_attention").first.click()
    expect(page.locator("li:target")).to_contain_text("def latent_attention(")
    expect(page.locator("li:target")).to_be_in_viewport()


def test_parts_open_and_fold(visit: Visit) -> None:
    page = visit.open(PAGE)
    sections = outline(file("deepseek-v3"))
    names = [name.lower() for name in page.locator(".outline li").all_text_contents()]
    assert names == [section.name for section in sections]
    expect(page.locator(".part:not([open])")).to_have_count(2)
    page.get_by_role("button", name="Open all").click()
    expect(page.locator(".part[open]")).to_have_count(len(sections))
    page.get_by_role("button", name="Fold all").click()
    expect(page.locator(".part[open]")).to_have_count(0)


def test_copy_and_download_are_the_file(visit: Visit) -> None:
    page = visit.open(PAGE)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#copy-code").click()
    expect(page.locator("#copy-code")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == file("deepseek-v3")
    with page.expect_download() as caught:
        page.get_by_role("link", name="Download").click()
    assert caught.value.suggested_filename == "deepseek_v3.py"
    assert Path(caught.value.path()).read_text("utf-8") == file("deepseek-v3")


def test_a_models_page_leads_to_the_parts(visit: Visit) -> None:
    page = visit.open("models/deepseek-v3/index.html")
    page.locator("#printed a", has_text="moe").click()
    expect(page.locator("li:target")).to_be_visible()
    section = next(s for s in outline(file("deepseek-v3")) if s.name == "moe")
    assert page.url.endswith(f"/code/index.html#L{section.first}")


@pytest.mark.parametrize(
    "path", [f"models/{UNPRINTED}/index.html", f"models/{UNPRINTED}/code/index.html"]
)
def test_what_cant_be_printed_says_why(visit: Visit, path: str) -> None:
    page = visit.open(path)
    expect(page.locator("main")).to_contain_text("It can't be printed yet: its tokenizer's texts")


def test_the_pages_difference_is_difflibs(visit: Visit) -> None:
    """The script finds the very lines that Python finds, in their order and folds."""
    page = visit.open("compare/index.html")
    for old, new in PAIRS:
        a, b = file(old).splitlines(), file(new).splitlines()
        found = page.evaluate("([a, b]) => gallery.difference(a, b)", [a, b])
        assert found == [[run.sort, [*run.lines], run.folded] for run in runs(a, b)]


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_models_are_compared_by_their_code(visit: Visit) -> None:
    """The first against each other, the older first; files are loaded with the first difference that is opened."""
    page = visit.open("compare/index.html?m=deepseek-v3,kimi-k2,gpt2-xl")
    folds = page.locator("#codes summary")
    expect(folds).to_have_text(["ADeepSeek V3 → BKimi K2", "CGPT-2 XL → ADeepSeek V3"])
    assert page.evaluate("document.querySelectorAll('script[src$=\"/code.js\"]').length") == 0
    folds.first.click()
    shown = page.locator("#codes .diff")
    expect(shown).to_have_count(1)
    made = [*runs(file("deepseek-v3").splitlines(), file("kimi-k2").splitlines())]
    for sort, tag in (("gone", "del"), ("new", "ins"), ("same", "span")):
        lines = [line for run in made if run.sort == sort for line in run.lines]
        assert shown.locator(f"{tag}.{sort}").all_text_contents() == lines
    gone = sum(len(run.lines) for run in made if run.sort == "gone")
    expect(page.locator("#codes [role=status]")).to_contain_text(f"{gone} of ")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_comparison_says_what_has_no_file(visit: Visit) -> None:
    page = visit.open(f"compare/index.html?m=deepseek-v3,{UNPRINTED}")
    page.locator("#codes summary").click()
    expect(page.locator("#codes [role=status]")).to_contain_text("can't be printed yet")
    expect(page.locator("#codes .diff")).to_have_count(0)


def test_code_is_compared_from_disk(browser: Browser, whole_site: Path) -> None:
    page = browser.new_page()
    page.goto(f"{(whole_site / 'compare' / 'index.html').as_uri()}?m=deepseek-v3,kimi-k2")
    page.locator("#codes summary").click()
    expect(page.locator("#codes .diff")).to_be_visible()
    page.close()
