"""Describe your own, in a real browser: by the server, and by Python in the page where files are all there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from llm_gallery.analysis.units import grouped
from llm_gallery.catalog.load import entries
from llm_gallery.catalog.pasted_config import answer
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
        (
            "model.gguf",
            b"GGUF" + bytes(40),
            "model.gguf is a GGUF file of version 0, expected 2 or 3",
        ),
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
