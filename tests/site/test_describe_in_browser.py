"""Describe your own, in a real browser: by the server, and by Python in the page where files are all there is."""

from __future__ import annotations

import json
import re
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from shutil import copy
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, Request, Route, expect

from llm_gallery.analysis.footprint import sequences, weights
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.load import MODELS, entries
from llm_gallery.catalog.pasted_config import answer
from llm_gallery.recognition import guess
from llm_gallery.site.build import build
from llm_gallery.site.hosting import hosting
from tests.site.conftest import Visit
from tests.site.test_accessibility import CROSSED, violations

CONFIGS = {entry.id: dict(entry.config) for entry in entries()}


class Quiet(SimpleHTTPRequestHandler):
    """Any static host."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nothing."""


@contextmanager
def served(site: Path) -> Iterator[str]:
    """A site as any host of files serves it: nobody there answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def host(whole_site: Path) -> Iterator[str]:
    """The site of the catalog on such a host."""
    with served(whole_site) as address:
        yield address


def shown(page: Page) -> None:
    expect(page.locator("#describe")).to_have_attribute("data-state", "shown")


def setting(page: Page, name: str) -> Locator:
    """A value that can be changed; on a narrow page it waits in a fold."""
    knobs = page.locator(".knobs")
    if knobs.get_attribute("open") is None:
        knobs.locator("summary").click()
    return page.get_by_label(name)


def total(page: Page) -> str:
    return page.locator("#numbers dd").first.inner_text()


def test_by_the_server(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    expect(page.locator(".when-empty")).to_be_visible()
    page.locator("#config").fill(json.dumps(CONFIGS["deepseek-v3"] | {"lookahead": 64}, indent=1))
    shown(page)
    facts = answer(json.dumps(CONFIGS["deepseek-v3"]))["facts"]
    assert total(page) == grouped(facts["parameters"]["total"])
    expect(page.locator("#pattern")).to_have_text(facts["layers"]["pattern"])
    expect(page.locator("#open")).to_contain_text("lookahead")
    expect(page.locator("#marks mark")).to_have_text('"lookahead": 64')
    expect(page.locator("#relatives li").first).to_contain_text("DeepSeek V3")
    standing = page.locator("#standing")
    expect(standing.get_by_role("heading", name="sparse models").first).to_be_visible()
    expect(standing).to_contain_text("routed experts: more than")
    expect(page.locator("#figure-host svg")).to_be_visible()


@pytest.mark.parametrize("visit", [{"width": 375}, {"width": 800}, {}], indirect=True)
def test_the_figure_is_the_one_for_its_room(visit: Visit) -> None:
    """Beside the editor a desktop has room for a column; a window that grows is followed."""
    page = visit.open("describe/index.html")
    page.locator("#config").fill(json.dumps(CONFIGS["gpt2-xl"]))
    shown(page)
    drawn = page.locator("#figure-host svg")
    own = page.viewport_size or {"width": 0}
    expect(drawn).to_have_attribute("width", "400" if own["width"] == 375 else "800")
    page.set_viewport_size({"width": 1180, "height": 900})
    expect(drawn).to_have_attribute("width", "1200")


def test_blocks_tell_what_they_are(visit: Visit) -> None:
    """The figure stands in a shadow tree: pressed by mouse and by keyboard, its blocks tell in the inspector."""
    page = visit.open("describe/index.html")
    config = CONFIGS["deepseek-v3"] | {"n_routed_experts": 128}
    page.locator("#config").fill(json.dumps(config))
    shown(page)
    panel = page.locator("#figure .dock")
    expect(panel).to_be_hidden()
    block = page.locator("#figure-host svg [data-path='model.layers.0.self_attn.o_proj']").first
    block.click()
    expect(panel.locator("code").first).to_have_text("model.layers.0.self_attn.o_proj")
    expect(panel).to_contain_text("7.16B")  # 117,440,512 in each of 61 layers
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    block.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(panel).to_be_visible()
    expect(panel.locator("code").first).not_to_have_text("model.layers.0.self_attn.o_proj")
    page.keyboard.press("Escape")
    experts = page.locator("#figure-host svg [data-path='model.layers.3.mlp.experts']").first
    experts.focus()
    page.keyboard.press(" ")
    expect(panel).to_contain_text("128 of 44.04M a layer")


def test_by_the_page_itself(visit: Visit, host: str) -> None:
    """Python from the site's own files; what a change does is told, and the config can be taken away."""
    visit.address = host
    page = visit.page
    page.goto(f"{host}/describe/index.html?m=qwen3-next-80b-a3b")
    shown(page)
    expect(page.locator("#loading")).to_be_hidden()
    before = total(page)
    layers = page.get_by_label("num_hidden_layers")
    layers.fill("40")
    expect(page.locator("#changes")).to_contain_text("48 → 40")
    assert total(page).endswith(f"was {before}")
    expect(page.locator("#settings label", has=layers)).to_contain_text("was 48")
    with page.expect_download() as taken:
        page.locator("#save-figure").click()
    assert "<svg" in Path(taken.value.path()).read_text("utf-8")
    with page.expect_download() as taken:
        page.locator("#save-config").click()
    saved = json.loads(Path(taken.value.path()).read_text("utf-8"))
    assert saved == CONFIGS["qwen3-next-80b-a3b"] | {"num_hidden_layers": 40}
    page.locator("#reset").click()
    expect(page.locator("#changes")).to_be_hidden()
    assert total(page) == before
    expect(page.locator("#relatives li").first).to_contain_text("Qwen3-Next", timeout=90_000)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("figure.png", b"\x89PNG\r\n", "figure.png is no text in UTF-8"),
        ("config.json", b"", "config.json is empty"),
        ("model.gguf", b"GGUF" + bytes(40), "a GGUF file"),
        ("README.md", b"---\nlicense: mit\n---\n", "the card of a model"),
    ],
)
def test_a_file_given_by_mistake_is_told_what_it_is(
    visit: Visit, name: str, content: bytes, says: str
) -> None:
    page = visit.open("describe/index.html")
    given = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
    page.locator("#file").set_input_files(given)
    expect(page.locator("#refused")).to_contain_text(says)


def test_a_dropped_folder_is_told(visit: Visit) -> None:
    """A folder comes as a file that can't be read."""
    page = visit.open("describe/index.html")
    page.locator("#config").evaluate(DROPPED)
    expect(page.locator("#refused")).to_contain_text("my-model can’t be read; is it a folder?")


DROPPED = """editor => {
  const folder = new File([""], "my-model");
  folder.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.defineProperty(event, "dataTransfer", { value: { files: [folder] } });
  editor.dispatchEvent(event);
}"""


def test_hostile_text_stays_text(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    bad = {"<img src=x onerror=alert(1)>": 1, "_name_or_path": "x/</svg><script>alert(1)</script>"}
    page.locator("#config").fill(json.dumps(CONFIGS["llama-3-8b"] | bad))
    shown(page)
    expect(page.locator("#open code").first).to_have_text("<img src=x onerror=alert(1)>")
    assert page.locator("#describe img, #describe script").count() == 0
    page.locator("#config").fill('{"model_type": "<b>no</b>"}')
    expect(page.locator("#refused")).to_contain_text("<b>no</b>")


def test_a_change_that_makes_no_model_is_refused_and_can_be_taken_back(visit: Visit) -> None:
    """What was described last stays, and the page says so."""
    page = visit.open("describe/index.html?m=llama-3-8b")
    shown(page)
    before = total(page)
    expect(page.locator(".when-older")).to_be_hidden()
    page.get_by_label("num_attention_heads").fill("7")
    expect(page.locator("#refused")).to_be_visible()
    expect(page.locator(".when-older")).to_be_visible()
    assert total(page) == before
    assert json.loads(page.locator("#config").input_value())["num_attention_heads"] == 7
    page.locator("#reset").click()
    shown(page)


def test_lists_of_layers_follow_their_number(visit: Visit) -> None:
    """Half a number is typed before the whole, so the lists are made of the original each time."""
    page = visit.open("describe/index.html?m=gpt-oss-20b")
    shown(page)
    kinds = CONFIGS["gpt-oss-20b"]["layer_types"]
    layers = page.get_by_label("num_hidden_layers")
    for count in (2, 24, 26):
        layers.fill(str(count))
        changed = json.loads(page.locator("#config").input_value())
        assert changed["layer_types"] == [kinds[layer % 24] for layer in range(count)]
    expect(page.locator("#changes")).to_contain_text("24 → 26")
    expect(page.locator("#refused")).to_be_hidden()


def test_a_typed_config_has_no_half_of_itself_as_original(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    text = json.dumps(CONFIGS["gpt2-xl"])
    page.locator("#config").press_sequentially(text[:8])
    expect(page.locator("#refused")).to_be_visible()
    page.locator("#config").fill(text)
    shown(page)
    expect(page.locator("#changes")).to_be_hidden()


def test_an_unknown_type_is_guessed_where_the_reader_asks_for_it(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    page.locator("#config").fill(json.dumps(CONFIGS["llama-3-8b"] | {"model_type": "unheard"}))
    expect(page.locator("#refused")).to_have_text("No family here is called “unheard”.")
    expect(page.locator(".stated")).to_contain_text("its keys fit llama best")
    switch = page.get_by_label("Guess its family from its keys")
    switch.check()
    shown(page)
    expect(page.locator("#guessed")).to_have_text(
        "This is a guess. No family here is called “unheard”; it is drawn as llama, whose keys fit best."
    )
    expect(page.locator("#prose")).to_contain_text("Your model (a guess) is a dense Transformer.")
    expect(page.locator("#entry")).to_be_hidden()
    page.get_by_label("num_hidden_layers").fill("30")
    expect(page.locator("#changes")).to_contain_text("32 → 30")
    switch.uncheck()
    expect(page.locator("#refused")).to_have_text("No family here is called “unheard”.")


def test_a_type_that_is_nearly_known_is_put_right_by_a_press(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    page.locator("#config").fill(json.dumps(CONFIGS["llama-3-8b"] | {"model_type": "lama"}))
    expect(page.locator("#likely")).to_have_text("Did you mean llama, mllama or llama4?")
    page.locator("#likely").get_by_role("button", name="llama", exact=True).click()
    shown(page)
    assert json.loads(page.locator("#config").input_value()) == CONFIGS["llama-3-8b"]
    expect(page.locator("#guessed")).to_be_hidden()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    focused = "() => document.activeElement.id || document.activeElement.closest('label')?.textContent || ''"

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if name in page.evaluate(focused):
                return
        pytest.fail(f"no Tab leads to {name}")

    tab_to("start")
    page.keyboard.press("ArrowDown")
    shown(page)
    layers = json.loads(page.locator("#config").input_value())["num_hidden_layers"]
    tab_to("num_hidden_layers")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#changes")).to_contain_text(f"{layers} → {layers + 1}")
    assert "num_hidden_layers" in page.evaluate(focused)
    tab_to("stage")
    page.keyboard.press("+")
    expect(page.locator(".zoom output")).to_have_text("125%")


@pytest.mark.parametrize(
    "visit", CROSSED, indirect=True, ids=lambda v: f"{v['width']}-{v['theme']}"
)
def test_axe_with_a_config_shown_and_refused(visit: Visit) -> None:
    page = visit.open("describe/index.html?m=gemma-3-27b")
    shown(page)
    expect(page.locator("#relatives li").first).to_be_visible(timeout=60_000)
    setting(page, "text_config.num_hidden_layers").fill("40")
    expect(page.locator("#changes")).to_be_visible()
    page.evaluate("scrollTo(0, 0)")  # nothing lies half under the header
    assert violations(page) == []
    page.locator("#config").fill("{")
    expect(page.locator("#refused")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("visit", [{"width": 390, "theme": "dark"}], indirect=True)
def test_on_a_phone_in_the_dark(visit: Visit) -> None:
    page = visit.open("describe/index.html?m=gemma-3-27b")
    shown(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert "dark" in (page.locator("#figure-host svg").get_attribute("class") or "")
    setting(page, "text_config.num_hidden_layers").fill("40")
    expect(page.locator("#changes")).to_contain_text("62 → 40")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_the_commands_are_named(visit: Visit) -> None:
    page = visit.open("describe/index.html")
    expect(page.get_by_text("llm-gallery facts config.json")).to_be_visible()


def test_what_it_is_stands_first_in_words(visit: Visit) -> None:
    """What it is, whom it resembles, and the changes by a press: the config stays in the address."""
    page = visit.open("describe/index.html")
    page.locator("#config").fill(json.dumps(CONFIGS["gpt2-xl"] | {"n_layer": 40, "n_head": 20}))
    shown(page)
    prose = page.locator("#prose")
    expect(prose).to_contain_text("Your model is a dense Transformer.")
    assert prose.evaluate("prose => prose.getBoundingClientRect().bottom") < 500
    kin = page.locator("#kin")
    expect(kin.get_by_role("link")).to_have_attribute("href", "../models/gpt2-xl/index.html")
    kin.get_by_role("button", name=re.compile(r"See all \d changes")).click()
    expect(page.locator("#nearest")).to_be_focused()
    expect(page.locator("#card svg")).to_be_visible()
    page.locator("#entry summary").click()
    expect(page.locator("#entry-text")).to_contain_text("n_layer = 40")
    expect(page.locator("#entry")).to_contain_text("Save it as models/your-model.toml")
    expect(page).to_have_url(re.compile(r"#config=[\w-]+$"))
    page.evaluate("location.hash = '#main'")
    expect(page).to_have_url(re.compile(r"#config=[\w-]+$"))


def test_a_link_carries_the_config(visit: Visit) -> None:
    """To whom it is shared, and on to the calculator, which counts it as the library does."""
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
    root = guess(json.loads(text)).root
    held = weights(parameters(root), "bf16") + sequences(cache(root), "bf16", 131_072)
    expect(page.locator("[data-exact]")).to_have_text(f"{grouped(sum(h.bytes for h in held))} B")
    assert page.url.endswith(address.partition("#")[2])
    page.get_by_role("link", name="Read what it is").click()
    shown(page)


def fragment(data: bytes) -> str:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return b64(packing.compress(data) + packing.flush())


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


CHANGED = "The config in this link can’t be read: it was cut or changed on the way. Ask for the link again."


@pytest.mark.parametrize("page_path", ["describe/index.html", "calculator/index.html"])
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
