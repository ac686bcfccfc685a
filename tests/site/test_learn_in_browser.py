"""Learn in a real browser: a picture for each lesson, in order; courses, a model a step with its tower, lesson and code."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.load import find
from llm_gallery.concepts import concepts
from llm_gallery.lessons import prose
from llm_gallery.lessons.course import Course, courses
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.listing import functions
from llm_gallery.lessons.minutes import course_minutes, minutes
from llm_gallery.lessons.path import in_order
from llm_gallery.site.course_view import complete_courses, places, steps
from tests.described_catalog import site
from tests.site.conftest import PHONE, Visit, with_fonts
from tests.site.pdf import texts

EACH = pytest.mark.parametrize(
    "course",
    [
        pytest.param(course, id=course.id, marks=pytest.mark.every if number else ())
        for number, course in enumerate(courses().values())
    ],
)
"""The longest course each time: the others are made of the same steps."""
SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 500);
})"""

OVER = """async () => {
  await document.fonts.ready;
  const found = new Set();
  const steps = [...document.querySelectorAll(".stage-step")].map((step) => [step.id,
    [...step.querySelectorAll("h2, h3, p, summary, .shown, .pic, .changed, .diff")].filter((one) => one.checkVisibility())]);
  for (let top = 0; top < document.documentElement.scrollHeight; top += 120) {
    scrollTo({ top, behavior: "instant" });
    for (const [id, parts] of steps) {
      const boxes = parts.map((one) => [one, one.getBoundingClientRect()]);
      boxes.forEach(([one, a], at) => {
        for (const [other, b] of boxes.slice(at + 1)) {
          if (one.contains(other)) continue;
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          if (wide > 1 && high > 1) found.add(`${id}: ${one.textContent.slice(0, 40)} over ${other.textContent.slice(0, 40)}`);
        }
      });
    }
  }
  return [...found];
}"""
"""Parts of a step that lie over one another, wherever the page is scrolled to."""


@EACH
@pytest.mark.parametrize(
    "visit", [{"width": w} for w in (390, 768, 1024, 1280, 1440, 1920)], indirect=True
)
def test_nothing_lies_over_another_while_one_scrolls(visit: Visit, course: Course) -> None:
    """Words, tower and lesson stand beside one another; what is folded under them lies over nothing when it opens."""
    page = visit.open(f"learn/{course.id}/index.html")
    assert page.evaluate(OVER) == []
    page.evaluate(
        "for (const fold of document.querySelectorAll('.stage-step details')) fold.open = true"
    )
    assert page.evaluate(OVER) == []


@pytest.mark.parametrize("course", courses().values(), ids=lambda course: course.id)
@pytest.mark.parametrize("visit", [{"width": 1440}, {"width": 1024}], indirect=True)
def test_a_step_fits_a_screen(visit: Visit, course: Course) -> None:
    """Words, tower and lesson are seen at once: what is longer is folded."""
    page = visit.open(f"learn/{course.id}/index.html")
    highest = page.locator(".stage-step").evaluate_all(
        "all => Math.max(...all.map((one) => one.getBoundingClientRect().height))"
    )
    assert highest < 840  # a window's 900 without the head


@EACH
@pytest.mark.parametrize("visit", [{}, {"script": False}], indirect=True)
def test_a_step_is_a_model_and_what_it_changed(visit: Visit, course: Course) -> None:
    page = visit.open(f"learn/{course.id}/index.html")
    shown = page.locator(".stage-step")
    expect(shown).to_have_count(len(course.steps))
    old = None
    for number, stage in enumerate(course.steps):
        step = shown.nth(number)
        model = find(stage.model)
        expect(step.locator("h2")).to_have_text(model.name)
        expect(step.locator(".says-it")).to_have_text(course.sentences[number])
        expect(step.locator(".idea")).to_have_text(prose.html(stage.idea).striptags())
        expect(step.locator(".shown svg")).to_be_visible()
        expect(step.locator(".shown svg > title, .shown svg > desc").first).to_contain_text(
            model.name
        )
        expect(step.locator(".lesson-of .pic svg")).to_be_visible()
        expect(step.locator("h3", has_text=concepts()[stage.lesson].name)).to_be_visible()
        if old is not None:
            expect(step.locator(".words")).to_contain_text(f"{model.name} is ")
            step.locator(".drawn-change summary").click()
            drawn = step.locator(".changed svg:visible")
            expect(drawn).to_have_count(1)
            expect(drawn.locator("> title, > desc").first).to_contain_text(old)
        old = model.name
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_one_leads_through_a_course(visit: Visit) -> None:
    """From the index by the first model, from step to step, to a lesson, and from it back to its place."""
    page = visit.open("learn/index.html")
    page.locator(".courses li", has_text="How the cache got small").get_by_role(
        "link", name="Llama 2 7B"
    ).click()
    for number in range(2, len(courses()["small-cache"].steps) + 1):
        page.locator(f"#step-{number - 1} .go a").last.click()
        expect(page.locator(f"#step-{number} h2")).to_be_in_viewport()
        assert page.url.endswith(f"#step-{number}")
    page.locator("#step-4 h3 a").click()
    expect(page.locator("h1")).to_contain_text("Multi-head latent attention")
    page.get_by_role("link", name="How the cache got small").click()
    expect(page.locator("#step-4 h2")).to_be_in_viewport()


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_nothing_moves_while_a_course_loads(visit: Visit) -> None:
    page = visit.open("learn/gpt-2-to-kimi-k3/index.html")
    with_fonts(page)  # where the own font comes late, it is still a part of loading
    assert page.evaluate(SHIFTS) < 0.01


def test_code_of_a_step_is_what_it_brought_or_changed(visit: Visit) -> None:
    """New code is the whole function; changed code is both, line by line; else numbers are what changed."""
    page = visit.open("learn/small-cache/index.html")
    folds = [
        step.locator(".changed-code summary").first for step in page.locator(".stage-step").all()
    ]
    assert [fold.text_content() for fold in folds] == [
        "attention in the code, new",
        "The code stays, its numbers change",
        "attention in the code, changed",
        "latent_attention in the code, new",
        "indexer in the code, new",
        "compressor in the code, new",
    ]
    folds[2].click()
    diff = page.locator("#step-3 .diff")
    old, new = (functions(model)["attention"] for model in ("llama-2-70b", "gemma-2-27b"))
    kept = diff.locator(".line:not(.new)").all_text_contents()
    assert kept == list(old.lines)
    assert diff.locator(".line:not(.gone)").all_text_contents() == list(new.lines)
    folds[1].click()
    new_numbers = page.locator("#step-2 .diff .new").all_text_contents()
    assert "KV_HEADS = 8  # key-value heads" in new_numbers


@pytest.mark.parametrize("course", [*courses().values()], ids=lambda course: course.id)
def test_every_step_has_code(course: Course) -> None:
    """The function is one of the lesson's, and its lines are those of the model's file."""
    for stage, step in zip(course.steps, steps(course, site()), strict=True):
        assert step.code is not None
        if step.code.name:
            assert step.code.name in lessons()[stage.lesson].functions
            now = [line for run in step.code.runs if run.sort != "gone" for line in run.lines]
            assert now == list(functions(stage.model)[step.code.name].lines)
        else:
            assert any(run.sort != "same" for run in step.code.runs)


@pytest.mark.parametrize("visit", [{}, {"script": False}], indirect=True)
def test_each_lesson_has_its_picture_and_minutes(visit: Visit) -> None:
    page = visit.open("learn/index.html")
    tiles = page.locator(".tile").all()
    assert {tile.get_attribute("id") for tile in tiles} == {*lessons()}
    for tile in tiles:
        concept = concepts()[tile.get_attribute("id") or ""]
        assert tile.locator("h3").text_content() == concept.name
        assert tile.locator(".min").text_content() == f"{minutes(lessons()[concept.id])} min"
        assert tile.locator(".more p").first.text_content() == concept.text
        assert tile.locator("svg").evaluate("one => one.getBoundingClientRect().height > 60")
    for course in courses().values():
        row = page.locator(".courses > li", has_text=course.title)
        assert row.locator("svg").count() == len(course.steps)
        whole = course_minutes(step.lesson for step in course.steps)
        expect(row.locator("h3")).to_contain_text(f"{len(course.steps)} steps · {whole} minutes")


@pytest.mark.parametrize(
    ("visit", "across"), [({"width": 1440}, 8), ({"width": 390}, 2)], indirect=["visit"]
)
def test_tiles_stand_side_by_side(visit: Visit, across: int) -> None:
    page = visit.open("learn/index.html")
    tops = (
        page.locator(".area")
        .first.locator(".tile")
        .evaluate_all("all => all.map((one) => Math.round(one.getBoundingClientRect().top))")
    )
    assert tops.count(tops[0]) == across
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_tile_says_what_it_builds_on(visit: Visit) -> None:
    """Pointed at or focused: a sentence under it, and a ring around what is to be known first; Escape takes the words."""
    page = visit.open("learn/index.html")
    tile = page.locator("#multi-head-latent-attention")
    expect(tile.locator(".more")).to_be_hidden()
    link = tile.get_by_role("link")
    link.focus()
    expect(tile.locator(".more")).to_be_visible()
    expect(tile.locator(".first")).to_have_text("Know first: Multi-head attention → RoPE")
    expect(link).to_have_accessible_description(concepts()["multi-head-latent-attention"].text)
    ringed = page.locator(".tile.needed").evaluate_all("all => all.map((one) => one.id)")
    assert ringed == ["multi-head-attention", "rope"]
    page.keyboard.press("Escape")
    expect(tile.locator(".more")).to_be_hidden()


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_sentences_are_read_without_scripts(visit: Visit) -> None:
    page = visit.open("learn/index.html?lessons=rope&make")
    expect(page.locator("#rope .more")).to_be_visible()
    expect(page.get_by_text("Make a course")).to_be_hidden()


@pytest.mark.parametrize("path", ["learn/index.html", "learn/small-cache/index.html"])
def test_on_paper_no_page_is_empty(visit: Visit, path: str) -> None:
    """Of a course every step is there with its code and drawing; Learn's tiles tell what each lesson is about."""
    page = visit.open(path)
    page.emulate_media(media="print")
    for shown in (".more", ".changed-code .diff", ".lesson-of .pic"):
        assert page.locator(shown).evaluate_all("all => all.every((one) => one.checkVisibility())")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(media="screen")
    for paper in ("A4", "Letter"):
        pages = texts(page.pdf(format=paper))
        assert len(pages) > 2
        assert min(pages) > 5


def test_lessons_come_after_what_they_need() -> None:
    shown = [concept for name, concept in concepts().items() if name in lessons()]
    place: Mapping[str, int] = {concept.id: at for at, concept in enumerate(in_order(shown))}
    assert len(place) == len(shown)
    early = [
        (concept.id, name)
        for concept in shown
        for name in concept.after
        if name in place and place[name] > place[concept.id]
    ]
    assert early == []


def test_a_lesson_knows_its_places() -> None:
    found = {(place.course.id, place.number) for place in places("hybrid", site())}
    assert found == {("hybrids", 6)}
    assert len(complete_courses(site())) == len(courses())
