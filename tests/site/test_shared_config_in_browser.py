"""A config that a link carries, and one that the Hub gives, in a real browser."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from random import Random
from shutil import copy
from typing import Any

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from llm_gallery.catalog.load import MODELS
from llm_gallery.site.build import build
from llm_gallery.site.hosting import hosting
from tests.site.conftest import Visit
from tests.site.test_describe_in_browser import CONFIGS, served, shown


def test_a_link_carries_the_config(visit: Visit) -> None:
    """To whom it is shared, and on to “Run it”."""
    page = visit.open("describe/index.html")
    text = json.dumps(CONFIGS["llama-3-8b"] | {"model_type": "ünheard", "num_hidden_layers": 24})
    page.locator("#config").fill(text)
    page.get_by_label("Guess its family from its keys").check()
    shown(page)
    expect(page).to_have_url(re.compile(r"#config=[\w-]+&guess=yes$"))
    address = page.url
    fits = page.locator("#fits").evaluate("link => link.href")
    page.goto("about:blank")
    page.goto(address)
    shown(page)
    assert page.locator("#config").input_value() == text
    expect(page.locator("#guessed")).to_contain_text("it is drawn as llama")
    page.goto(fits)
    expect(page.locator("#from-link")).to_contain_text("is the config that this link carries.")
    expect(page.locator("[name=m] option:checked")).to_have_text("Your model (a guess)")
    expect(page.locator("[data-verdict]")).to_contain_text(re.compile("holds|lacks"))
    assert page.url.endswith(address.partition("#")[2])
    page.get_by_role("link", name="Read what it is").click()
    shown(page)


def fragment(data: bytes) -> str:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b64(packing.compress(data) + packing.flush())


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


CHANGED = "The config in this link can’t be read: it was cut or changed on the way. Ask for the link again."


@pytest.mark.parametrize("page_path", ["describe/index.html", "run-it/index.html"])
def test_links_that_carry_none_are_refused(visit: Visit, page_path: str) -> None:
    whole = fragment(json.dumps(CONFIGS["gpt2-xl"]).encode())
    cases = {
        whole[: len(whole) // 2]: CHANGED,
        "%3Cscript%3E": CHANGED,
        "": CHANGED,
        b64(b"no deflate"): CHANGED,
        fragment(b"\xff\xfe"): CHANGED,
        "a" * (32 * 1024 + 1): "The config in this link has more than 32 KiB. Paste the config itself.",
        fragment(b" " * 2**24): "The config in this link unpacks to more than 1 MiB. Nothing was described.",
        fragment(b"{}"): "the config: the config has no model_type",
    }  # fmt: skip
    place = "#refused" if page_path.startswith("describe") else "#from-link"
    for carried, says in cases.items():
        visit.page.goto("about:blank")
        page = visit.open(f"{page_path}#config={carried}")
        expect(page.locator(place)).to_contain_text(says)


def test_a_config_too_long_for_a_link_is_said_to_be(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    noise = Random(0).randbytes(40_000).hex()
    page.locator("#config").fill(json.dumps(CONFIGS["gpt2-xl"] | {"note": noise}))
    shown(page)
    expect(page.locator("#unlinked")).to_have_text(
        "This config is too long for a link: packed, it has more than 32 KiB. Download it instead."
    )
    expect(page.locator("#fits")).to_be_hidden()
    expect(page.locator("#copy-link")).to_be_hidden()
    assert page.url.endswith("describe/index.html")


@pytest.fixture
def with_hub(tmp_path: Path) -> Iterator[str]:
    """A site of one model that is built to ask the Hub."""
    (tmp_path / "catalog").mkdir()
    copy(MODELS / "gpt2-xl.toml", tmp_path / "catalog")
    build(tmp_path / "site", tmp_path / "catalog", hosting(hub=True))
    with served(tmp_path / "site") as address:
        yield address


NOT_GIVEN = (
    "The Hub doesn’t give out org/name unasked: it is private, asks for its terms to be accepted, or doesn’t exist. "
    "Download its config.json there, and drop it here."
)


def test_a_hub_id_where_the_site_is_built_so(with_hub: str, browser: Browser) -> None:
    """The reader's browser asks one host, for one file, and sends nothing of where it comes from."""
    page = browser.new_page()
    page.goto(f"{with_hub}/describe/index.html")
    asked: list[Request] = []
    answers: dict[str, dict[str, object]] = {
        "gone": {"status": 404},
        "gated": {"status": 401},
        "terms": {"status": 403},
        "broken": {"status": 500},
        "text": {"body": "<html>"},
        "large": {"body": '"' + "x" * 2**20 + '"'},
        "v1": {"body": json.dumps(CONFIGS["gpt2-xl"])},
    }

    def answered(route: Route) -> None:
        asked.append(route.request)
        answer: Any = answers.get(route.request.url.split("/")[-2])
        if answer is None:
            route.abort()
        else:
            route.fulfill(**answer, headers={"Access-Control-Allow-Origin": "*"})

    page.route("https://huggingface.co/**", answered)
    page.route(
        "**/static/pyodide/**", lambda route: route.abort()
    )  # what is fetched stays undescribed
    status = page.locator("#hub-status")
    for said, says in {
        "org/name@gone": "The Hub has no config.json of org/name at gone. Check the name and the revision.",
        "org/name@gated": NOT_GIVEN,
        "org/name@terms": NOT_GIVEN,
        "org/name@broken": "The Hub answered 500. Try again later, or paste the config.",
        "org/name@text": "What the Hub has as config.json of org/name is no JSON. Open it there, and paste the right part.",
        "org/name@large": "The config.json of org/name has more than 1 MiB. Is it a model’s?",
        "org/name": "huggingface.co can’t be reached from this browser. Check the network, or paste the config.",
    }.items():
        page.get_by_label("or a Hub id").fill(said)
        page.get_by_role("button", name="Fetch").click()
        expect(status).to_have_text(says)
    before = len(asked)
    for said in ("C:\\models\\name", "./org/name", "org", "a/b/c", "../etc", "org/na..me"):
        page.get_by_label("or a Hub id").fill(said)
        page.get_by_role("button", name="Fetch").click()
        expect(status).to_have_text(
            f"“{said}” is no Hub id. Write organization/name, or organization/name@revision."
        )
    assert len(asked) == before
    page.get_by_label("or a Hub id").fill("https://huggingface.co/org/name@v1")
    page.keyboard.press("Enter")
    expect(status).to_have_text("From org/name.")
    assert json.loads(page.locator("#config").input_value()) == CONFIGS["gpt2-xl"]
    assert asked[-1].url == "https://huggingface.co/org/name/resolve/v1/config.json"
    assert not {"cookie", "referer"} & {*asked[-1].headers}
    page.close()
