"""Code that runs in the page, in a real browser, from a host that only has files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from shutil import copy, copytree
from threading import Thread

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from llm_gallery.server.serve import listening
from llm_gallery.site.run_in_page import running
from tests.site.conftest import Visit, watched
from tests.site.lesson_page import written_page
from tests.site.test_accessibility import CROSSED, violations
from tests.site.test_describe_in_browser import Quiet

LONG = 60_000
"""Milliseconds that loading Python may take on a busy machine."""


@pytest.fixture(scope="module")
def lessons(whole_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site's own files and two lessons beside them."""
    folder = tmp_path_factory.mktemp("lessons")
    copytree(whole_site / "static", folder / "static")
    copy(whole_site / "index.html", folder)
    written_page(folder, "latent", running("deepseek-v3", "latent_attention"))
    written_page(folder, "windows", running("gpt-oss-20b", "attention"))
    return folder


@pytest.fixture(scope="module")
def host(lessons: Path) -> Iterator[str]:
    """The same as any host of files serves it."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(lessons))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@dataclass(frozen=True)
class Lesson:
    """A page of the host with code in it."""

    page: Page

    @property
    def run(self) -> Locator:
        return self.page.locator(".run")

    @property
    def code(self) -> str:
        return self.page.locator(".run textarea").input_value()

    def said(self, name: str) -> Locator:
        return self.page.locator(f'[data-out="{name}"]')

    def change(self, old: str, new: str) -> None:
        assert old in self.code
        self.page.locator(".run textarea").fill(self.code.replace(old, new, 1))

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def ran(self) -> None:
        """Runs, and waits for all of what is shown."""
        self.press("Run")
        expect(self.run).to_have_attribute("data-state", "shown", timeout=LONG)


@pytest.fixture(scope="module")
def reader(browser: Browser, host: str) -> Iterator[Visit]:
    """A visitor who goes from lesson to lesson: Python, which takes seconds to start, lives on."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield watched(context.new_page(), host)
    context.close()


@pytest.fixture
def lesson(reader: Visit, request: pytest.FixtureRequest) -> Iterator[Lesson]:
    """A lesson as it is when one comes from another."""
    yield Lesson(reader.open(f"lessons/{getattr(request, 'param', 'latent')}/index.html"))
    found = [*reader.complaints]
    reader.complaints.clear()
    assert found == []


@pytest.fixture
def first_lesson(visit: Visit, host: str) -> Lesson:
    """A lesson of a fresh visitor, who may be another than `reader`."""
    visit.address = host
    return Lesson(visit.open("lessons/latent/index.html"))


def test_a_changed_sign_is_seen(lesson: Lesson) -> None:
    """As printed nothing differs; with a sign changed the output, the scores and the picture do; a line tells."""
    printed = lesson.code
    expect(lesson.page.locator(".found")).to_be_hidden()
    lesson.ran()
    expect(lesson.said("outcome")).to_have_text(re.compile("As printed"))
    for name in ("output-moved", "scores-moved", "likeliest"):
        expect(lesson.said(name)).to_have_text("0")
    expect(lesson.said("apart")).to_have_text(re.compile("the same$"))
    expect(lesson.said("difference")).to_have_text("none")
    expect(lesson.page.locator("select")).to_have_value("p")
    lesson.change("q_nope, k) + np", "q_nope, k) - np")
    lesson.ran()
    expect(lesson.said("outcome")).to_contain_text("moves the next token’s scores by up to")
    for name in ("output-moved", "scores-moved"):
        expect(lesson.said(name)).not_to_have_text("0")
    expect(lesson.said("difference")).to_contain_text("up to")
    expect(lesson.said("apart")).to_have_text(re.compile("the same$"))
    lesson.press("Reset")
    expect(lesson.said("outcome")).to_have_text(re.compile("As printed"))
    assert lesson.code == printed


def test_what_is_kept_wrongly_parts_one_by_one_from_all_at_once(lesson: Lesson) -> None:
    lesson.change('"latents": latent,', '"latents": -latent,')
    lesson.ran()
    expect(lesson.said("outcome")).to_contain_text("keeps other numbers")
    expect(lesson.said("apart")).to_have_text(re.compile("something else$"))


def test_errors_are_one_line_with_a_number(lesson: Lesson) -> None:
    """What ran last stays, and the page says so."""
    lesson.change("p = softmax(scores)", "p = softmax(scores")
    lesson.press("Run")
    line = lesson.code.splitlines().index("    p = softmax(scores") + 1
    expect(lesson.said("refused")).to_have_text(f"Line {line}: '(' was never closed", timeout=LONG)
    expect(lesson.page.locator(".lines .wrong")).to_have_text(str(line))
    expect(lesson.page.locator(".found")).to_be_hidden()
    lesson.change("p = softmax(scores", "p = softmax(scores)")
    lesson.ran()
    expect(lesson.said("refused")).to_be_empty()
    lesson.change("p = softmax(scores)", "p = softmax(score)")
    lesson.press("Run")
    expect(lesson.said("refused")).to_contain_text(f"Line {line}: NameError: name 'score' is not")
    expect(lesson.page.locator(".older")).to_be_visible()


def test_under_the_policy_of_our_own_server(visit: Visit, lessons: Path) -> None:
    """Which lets workers compile WebAssembly, and nothing else."""
    with listening(lessons, 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        visit.address = f"http://127.0.0.1:{server.server_port}"
        lesson = Lesson(visit.open("lessons/latent/index.html"))
        lesson.ran()
        expect(lesson.said("outcome")).to_have_text(re.compile("As printed"))
        server.shutdown()


@pytest.mark.every
def test_after_python_itself_fell_another_starts(lesson: Lesson) -> None:
    """A message of one line."""
    lesson.page.locator(".run textarea").fill(lesson.code + "\nimport os\nos.abort()\n")
    lesson.press("Run")
    expect(lesson.said("refused")).not_to_be_empty(timeout=LONG)
    assert "\n" not in lesson.said("refused").inner_text()
    lesson.press("Reset")
    lesson.ran()
    expect(lesson.said("outcome")).to_have_text(re.compile("As printed"))


def test_an_endless_loop_is_stopped(lesson: Lesson) -> None:
    """By the reader at once; what comes after runs again."""
    lesson.ran()
    lesson.change("    p = softmax", "    while True:\n        pass\n    p = softmax")
    lesson.press("Run")
    lesson.press("Stop")
    expect(lesson.said("refused")).to_have_text("Stopped.")
    lesson.press("Reset")
    expect(lesson.said("outcome")).to_have_text(re.compile("As printed"), timeout=LONG)
    expect(lesson.run).to_have_attribute("data-state", "shown", timeout=LONG)
    expect(lesson.said("refused")).to_be_empty()


@pytest.mark.every
def test_an_endless_loop_is_stopped_by_itself(lesson: Lesson) -> None:
    lesson.change("    p = softmax", "    while True:\n        pass\n    p = softmax")
    lesson.press("Run")
    expect(lesson.said("refused")).to_contain_text("Stopped after 10 seconds", timeout=LONG)


@pytest.mark.parametrize("lesson", ["windows"], indirect=True)
def test_a_dial_writes_its_number_and_runs(lesson: Lesson) -> None:
    """Both ways: a number that is changed in the code moves the dial."""
    dial = lesson.page.get_by_label("LOCAL.window")
    expect(dial).to_have_value("5")
    dial.fill("2")
    assert "LOCAL = Attention(window=2)" in lesson.code
    expect(lesson.said("outcome")).to_contain_text("moves the next", timeout=LONG)
    assert lesson.said("kept-yours").inner_text() != lesson.said("kept-printed").inner_text()
    lesson.change("window=2", "window=3")
    expect(dial).to_have_value("3")
    lesson.change("LOCAL = ", "OTHER = ")
    expect(dial).to_be_disabled()


def test_what_the_code_prints_is_shown(lesson: Lesson) -> None:
    lesson.page.locator(".run textarea").fill(lesson.code + "\nprint('<b>', HEADS)\n")
    lesson.ran()
    expect(lesson.said("said")).to_have_text("<b> 4\n")


def test_any_array_inside_can_be_looked_into(lesson: Lesson) -> None:
    lesson.ran()
    pixel = "() => [...document.querySelector('[data-view=yours]').getContext('2d').getImageData(0, 0, 9, 9).data]"
    before = lesson.page.evaluate(pixel)
    lesson.page.locator("select").select_option("latent")
    expect(lesson.said("view-shape")).to_have_text("14 × 20")
    assert lesson.page.evaluate(pixel) != before


def test_with_the_keyboard_alone(lesson: Lesson) -> None:
    """Tab leads in and out of the editor; Enter goes on at the same depth, Control and Enter run."""
    page = lesson.page
    page.locator(".run textarea").focus()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    for _ in range(4):
        page.keyboard.press("Backspace")
    page.keyboard.type("for i in range(2):")
    page.keyboard.press("Enter")
    page.keyboard.type("print(i)")
    assert lesson.code.endswith("for i in range(2):\n    print(i)")
    page.keyboard.press("Control+Enter")
    expect(lesson.run).to_have_attribute("data-state", "shown", timeout=LONG)
    expect(lesson.said("said")).to_have_text("0\n1\n")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.dial") == "SCORE_SCALE"


@pytest.mark.parametrize(
    "visit", CROSSED, indirect=True, ids=lambda v: f"{v['width']}-{v['theme']}"
)
def test_axe_and_width_with_a_result_and_an_error(first_lesson: Lesson) -> None:
    lesson = first_lesson
    lesson.ran()
    assert violations(lesson.page) == []
    lesson.change("p = softmax(scores)", "p = softmax(score)")
    lesson.press("Run")
    expect(lesson.said("refused")).not_to_be_empty()
    assert violations(lesson.page) == []
    width = lesson.page.evaluate("document.documentElement.scrollWidth")
    assert width <= (lesson.page.viewport_size or {"width": 0})["width"]


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_the_code_is_read(first_lesson: Lesson) -> None:
    expect(first_lesson.page.locator(".run textarea")).to_have_value(
        re.compile("def latent_attention")
    )
    expect(first_lesson.page.get_by_text("scripts are needed")).to_be_visible()
    expect(first_lesson.page.get_by_role("button", name="Run", exact=True)).to_be_hidden()
