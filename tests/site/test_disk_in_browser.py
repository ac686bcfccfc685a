"""Pages opened in a real browser from disk, without a server."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.site.conftest import with_fonts


def test_reads_from_disk(browser: Browser, whole_site: Path) -> None:
    """Files opened without a server: pages, styles, filters and links work."""
    page = browser.new_page()
    page.goto((whole_site / "index.html").as_uri())
    page.locator("#q").fill("qwen3-next")
    expect(page.locator(".card:visible")).to_have_count(1)
    page.locator(".card:visible").click()
    expect(page.locator("h1")).to_have_text("Qwen3-Next 80B-A3B")
    expect(page.locator(".headline")).to_have_css("display", "flex")
    with_fonts(page)
    page.locator("button[data-level=full]").click()
    expect(page.locator(".drawing[data-level=full] svg")).to_be_visible()
    page.close()


def test_compares_from_disk(browser: Browser, whole_site: Path) -> None:
    """What a page loads is opened in it: figures, sentences, and what parts say of themselves."""
    page = browser.new_page()
    page.goto(f"{(whole_site / 'compare/index.html').as_uri()}?m=deepseek-v3,kimi-k2")
    expect(page.locator("#figures svg")).to_have_count(2)
    expect(page.locator("#changes p").first).to_contain_text(
        "Kimi K2 is DeepSeek V3 (671.03B → 1.03T parameters, 37.55B → 32.86B active) with "
    )
    page.locator("#figures rect[data-path$='.self_attn']").first.click()
    expect(page.locator("#dock h2").first).to_have_text("Latent attention")
    page.close()


def pages(site: Path) -> list[str]:
    """Every page, and one of each kind that there are many of."""
    kinds = ("models/*/", "models/*/code/", "concepts/*/", "recipes/*/", "trends/20*/")
    many = {found for kind in kinds for found in site.glob(f"{kind}index.html")}
    kept = set(site.glob("**/*.html")) - many - {site / "404.html"}  # which a server sends
    kept |= {next(iter(sorted(site.glob(f"{kind}index.html")))) for kind in kinds}
    return sorted(str(page.relative_to(site)) for page in kept)


def test_from_disk_nothing_complains(browser: Browser, whole_site: Path) -> None:
    """Fonts, scripts and sheets load without a server, and no page warns of one that it asked for in vain."""
    said: list[str] = []
    for path in pages(whole_site):
        page = browser.new_page()
        heard: list[str] = []
        page.on("console", lambda message, heard=heard: heard.append(message.text))  # type: ignore[call-overload]
        page.on("pageerror", lambda error, heard=heard: heard.append(str(error)))  # type: ignore[call-overload]
        page.on("requestfailed", lambda asked, heard=heard: heard.append(asked.url))  # type: ignore[call-overload]
        page.goto((whole_site / path).as_uri())
        with_fonts(page)
        page.close()
        said += [f"{path}: {text}" for text in heard]
    assert said == []
