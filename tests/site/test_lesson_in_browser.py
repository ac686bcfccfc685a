"""A lesson's page: drawing, words and code of one step at a time; letters that light everywhere."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from llm_gallery.analysis.units import short
from llm_gallery.catalog.load import find
from llm_gallery.lessons import numbers
from llm_gallery.lessons.filters import rounded
from llm_gallery.lessons.lesson import lessons
from llm_gallery.lessons.taught import computed_lesson
from llm_gallery.parts.details import parts
from tests.site.conftest import PHONE, Visit
from tests.site.test_accessibility import EACH, violations

LATENT = "multi-head-latent-attention"
TOP_K = r"\mathrm{top}_k"
PAGE = f"concepts/{LATENT}/index.html"
PACE = 7_000
"""Ms of a step that is played."""
PLACES = """async () => {
  await document.fonts.ready;
  const top = (part) => document.querySelector(part).getBoundingClientRect().top;
  return `${top(".say") - top(".tabs")} ${top(".code") - top(".tabs")} ${document.querySelector(".drawn-steps").clientHeight}`;
}"""


def test_one_step_at_a_time(visit: Visit) -> None:
    """The drawing's rings, the sentence and the marked lines are those of the tab that is chosen, and the address says it."""
    told = computed_lesson(lessons()[LATENT])
    page = visit.open(PAGE)
    for number, step in enumerate(told.steps, 1):
        tab = page.get_by_role("tab", name=f"{number} {step.title}", exact=True)
        tab.click()
        expect(tab).to_have_attribute("aria-selected", "true")
        expect(page.locator(".say > div.on h3")).to_have_text(f"{number}. {step.title}")
        shown = page.locator(".drawn-steps .room:visible .veils g.on")
        assert shown.get_attribute("data-step") == f"{number}"
        marked = page.locator("#the-code .ln.on").all_text_contents()
        assert marked == [told.lines[at] for at in step.lines]
    assert page.url.endswith(f"?step={len(told.steps)}")
    expect(page.get_by_role("button", name="Next step")).to_be_disabled()
    page.get_by_role("tab", selected=True).press("ArrowLeft")
    expect(page.locator(".say > div.on h3")).to_contain_text(told.steps[-2].title)


def test_steps_play_by_themselves_until_somebody_moves_on(visit: Visit) -> None:
    """A step for each pace of the clock, and the last one ends it; a part that is asked for pauses it, too."""
    visit.page.clock.install()
    page = visit.open(PAGE)
    said, count = page.locator(".say > div.on h3"), len(lessons()[LATENT].steps)
    play = page.locator("[data-play]")
    page.clock.run_for(60_000)
    expect(said).to_contain_text("1. ")  # nobody asked for it
    play.press("Enter")
    expect(play).to_have_text("Pause")
    page.clock.run_for(PACE + 100)
    expect(said).to_contain_text("2. ")
    page.get_by_role("button", name="Next step").click()
    expect(said).to_contain_text("3. ")
    expect(play).to_have_text("Play")
    page.clock.run_for(60_000)
    expect(said).to_contain_text("3. ")
    play.click()
    page.locator(".drawn-steps .living [data-path$='.o_proj']").first.click()
    expect(play).to_have_text("Play")
    play.click()
    for number in range(4, count + 1):
        page.clock.run_for(PACE)
        expect(said).to_contain_text(f"{number}. ")
    expect(play).to_have_text("Play")
    play.click()
    expect(said).to_contain_text("1. ")  # from the beginning
    expect(page.get_by_role("complementary", name="Inspector")).to_be_hidden()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_no_step_plays_where_motion_is_reduced(visit: Visit) -> None:
    visit.page.emulate_media(reduced_motion="reduce")
    page = visit.open(PAGE)
    expect(page.locator("[data-play]")).to_be_hidden()
    visit.page.emulate_media(reduced_motion="no-preference")
    expect(page.locator("[data-play]")).to_be_visible()
    page.locator("[data-play]").click()
    visit.page.emulate_media(reduced_motion="reduce")
    expect(page.locator("[data-play]")).to_have_text("Play")


def test_a_step_is_opened_by_its_address(visit: Visit) -> None:
    page = visit.open(f"{PAGE}?step=4")
    expect(page.locator(".say > div.on h3")).to_have_text(f"4. {lessons()[LATENT].steps[3].title}")


def test_a_letter_lights_in_table_and_code(visit: Visit) -> None:
    page = visit.open(PAGE)
    symbol = next(s for s in lessons()[LATENT].symbols if s.code == ("latent",))
    row = page.locator(".symbols tr", has_text=symbol.means)
    row.hover()
    lit = page.locator("#the-code .lit")
    assert set(lit.all_text_contents()) == {"latent"}
    assert set(page.locator(".formula .lit").all_text_contents()) == {"ct"}
    page.locator("h1").hover()
    expect(page.locator(".lit")).to_have_count(0)


def test_nothing_moves_from_step_to_step(visit: Visit) -> None:
    """The sentence has room for the longest; drawing and code stay where they are."""
    page = visit.open(PAGE)
    tabs = page.get_by_role("tab").all()
    tabs[0].click()
    places = set()
    for tab in [*tabs, *tabs]:
        tab.click()
        places.add(page.evaluate(PLACES))
    assert len(places) == 1


def test_code_is_not_cut(visit: Visit) -> None:
    """A line of 100 characters, which is as long as one is printed, stands beside the drawing whole."""
    page = visit.open(PAGE)
    assert page.locator("#the-code").evaluate("pre => pre.scrollWidth <= pre.clientWidth")


def asked(visit: Visit, concept: str, part: str) -> tuple[Page, Locator]:
    """A lesson's page on which a part of the drawing was pressed, and the dock."""
    page = visit.open(f"concepts/{concept}/index.html")
    page.locator("#steps").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    expect(page.locator(".drawn-steps .living")).to_have_count(1)
    dock = page.get_by_role("complementary", name="Inspector")
    expect(dock).to_be_hidden()  # it comes with the first part that is asked for
    page.locator(f".drawn-steps .living [data-path$='{part}']").first.click()
    return page, dock


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True, ids=["desktop", "phone"])
def test_a_part_of_the_drawing_tells_what_it_is(visit: Visit) -> None:
    """Its numbers are those of the model's own file; the step's veil makes room for that of the part."""
    page, dock = asked(visit, LATENT, ".kv_b_proj")
    whole = parts(find("deepseek-v3").architecture.root)
    part = whole["parts"]["model.layers.0.self_attn.kv_b_proj"]
    expect(dock.locator("h2")).to_have_text(part["name"])
    stored = part["counts"][0] * len(whole["places"][part["at"]])
    expect(dock.locator(".counts .n").first).to_have_text(short(stored))
    expect(dock.locator(".flow").first).to_contain_text("B × T × 512")
    expect(dock.locator("h2")).to_be_in_viewport()
    expect(page.locator(".drawn-steps .living [data-path$='.kv_b_proj']").first).to_be_in_viewport(
        ratio=1
    )
    expect(page.locator(".drawn-steps .living .over .scrim")).to_have_count(1)
    expect(page.locator(".drawn-steps .veils:visible g.on")).to_have_css("opacity", "0")
    dock.locator(".where a").click()
    expect(dock.locator("h2")).to_have_text("Latent attention")
    page.keyboard.press("Escape")
    expect(dock).to_be_hidden()


def test_a_step_takes_the_place_of_what_a_part_tells(visit: Visit) -> None:
    page, dock = asked(visit, LATENT, ".o_proj")
    expect(dock.locator("h2")).to_have_text("Output matrix")
    page.get_by_role("button", name="Next step").click()
    expect(dock).to_be_hidden()
    expect(page.locator(".drawn-steps .veils:visible g.on")).to_have_css("opacity", "1")


def test_parts_of_the_drawing_by_keyboard(visit: Visit) -> None:
    """One stop of the Tab key; arrows light one part after another, Enter asks."""
    page = visit.open(PAGE)
    expect(page.locator(".drawn-steps .living [tabindex='0']")).to_have_count(1)
    page.locator(".tabs").get_by_role("button", name="Next step").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    expect(page.locator(".drawn-steps .living .over .scrim")).to_have_count(1)
    page.keyboard.press("Enter")
    dock = page.get_by_role("complementary", name="Inspector")
    expect(dock.locator("h2")).to_have_text("Output matrix")


def test_layers_of_a_drawing_by_keyboard(visit: Visit) -> None:
    page = visit.open("concepts/hybrid/index.html")
    strip = page.get_by_role("slider", name="Layer", exact=True)
    expect(strip).to_have_attribute("aria-valuetext", "All layers")
    strip.press("ArrowRight")
    dock = page.get_by_role("complementary", name="Inspector")
    expect(dock.locator("h2")).to_have_text("Layer 0: Gated DeltaNet")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(dock.locator("h2")).to_have_text("Layer 3: Gated GQA")
    expect(strip).to_have_attribute("aria-valuenow", "3")
    page.keyboard.press("End")
    expect(dock.locator(".where")).to_have_text("the 48th of 48 layers")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_the_sheet_goes_with_the_drawing(visit: Visit) -> None:
    page, dock = asked(visit, "pre-norm", ".self_attn")
    expect(dock.locator("h2")).to_have_text("Grouped-query attention")
    page.locator("#users").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    expect(dock).to_be_hidden()


@pytest.mark.parametrize(
    "visit",
    EACH,
    indirect=True,
    ids=lambda v: f"{v['width']}-{v['theme']}",
)
def test_axe_over_a_part(visit: Visit) -> None:
    page, dock = asked(visit, LATENT, ".kv_b_proj")
    expect(dock.locator("h2")).to_have_text("Key and value matrix")
    assert violations(page) == []


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_a_step_fits_a_phone(visit: Visit) -> None:
    """Tabs, drawing and sentence are in one screen."""
    page = visit.open(PAGE)
    top = page.locator(".tabs").bounding_box()
    said = page.locator(".say").bounding_box()
    assert top is not None
    assert said is not None
    assert said["y"] + said["height"] - top["y"] < 844 - 56


def test_a_concept_is_found(visit: Visit) -> None:
    page = visit.open("concepts/index.html")
    page.get_by_label("Find a concept").fill("mla")
    expect(page.locator(".ideas tbody tr:visible th")).to_have_text(
        [re.compile("Multi-head latent attention")]
    )
    expect(page.locator("#sought")).to_have_text("1 concept")
    page.get_by_label("Find a concept").fill("nothing has this name")
    expect(page.locator(".area:visible")).to_have_count(0)
    expect(page.locator("#sought")).to_have_text("No concepts")
    page.goto(page.url.split("?")[0] + "?q=indexer")
    assert page.locator(".ideas tbody tr:visible").count() > 0


def test_letters_light_in_the_drawing_too(visit: Visit) -> None:
    """By the table's button, with the keyboard as with a finger; and from the drawing back."""
    page = visit.open(PAGE)
    drawn = page.locator(".drawn-steps .letters:visible .lit")
    button = page.get_by_role("button", name=re.compile("key and value of head h"))
    button.focus()
    assert drawn.count() >= 4  # k and v in the formula, and on their wires
    expect(page.locator(".drawn-steps .veils:visible g.on")).to_have_css("opacity", "0")
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Next step").focus()
    assert drawn.count() >= 4  # kept
    page.keyboard.press("Escape")
    expect(drawn).to_have_count(0)
    expect(button).to_have_attribute("aria-pressed", "false")
    page.locator(".drawn-steps .living [data-path$='.kv_b_proj']").first.hover()
    expect(page.locator("#the-code .lit").first).to_have_text("kv_b_proj")
    page.mouse.move(2, 2)  # over the bar that stays, whatever is scrolled under it
    expect(page.locator(".lit")).to_have_count(0)
    page.locator(".drawn-steps .living [tabindex='0']").focus()
    for _ in range(12):
        part = page.evaluate_handle("document.activeElement")
        if part.evaluate("part => part.dataset.path") == "model.layers.0.self_attn.kv_b_proj":
            break
        page.keyboard.press("ArrowRight")
        page.wait_for_function("part => document.activeElement !== part", arg=part)
    expect(page.locator("#the-code .lit").first).to_have_text("kv_b_proj")


def test_one_line_of_a_box_lights_its_letter_alone(visit: Visit) -> None:
    """What Mixtral's router says first is the softmax, and then what is chosen: from the drawing, the code, the formula."""
    page = visit.open("concepts/mixture-of-experts/index.html")
    signs = [symbol.sign for symbol in lessons()["mixture-of-experts"].symbols]
    chosen = f"{signs.index(TOP_K) + 1}"
    place = page.locator(f".letters:visible path[data-sym='{chosen}']")
    page.locator("#steps").evaluate("box => box.scrollIntoView({ behavior: 'instant' })")
    box = place.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lit = page.locator("#the-code .lit, .formula .lit")
    # another letter may stand at the same line: how much of it is chosen
    expect(page.locator(f".formula .lit[data-sym='{chosen}']")).to_have_count(1)
    assert "chosen" in lit.all_text_contents()
    assert "scores" not in lit.all_text_contents()
    page.locator("#the-code [data-sym]", has_text="scores").first.hover()
    expect(place).not_to_have_class("lit")
    expect(page.locator(".letters:visible .lit")).to_have_count(1)
    page.locator("h1").hover()
    expect(page.locator("#steps .lit, #symbols .lit")).to_have_count(0)


def test_the_model_without_it_stands_beside_itself(visit: Visit) -> None:
    """What is counted otherwise in a table, under what takes the place; where nothing is, a sentence says so."""
    lesson = lessons()["swiglu"]
    undone = numbers.undone(lesson.on, lesson.id)
    assert undone is not None
    page = visit.open("concepts/swiglu/index.html")
    table = page.locator(".versus")
    expect(table.locator("thead")).to_contain_text("without the gate")
    stored = table.locator("tr", has_text="Parameters stored").locator("td")
    whole = numbers.model(lesson.on, lesson.id).total
    assert stored.all_text_contents()[:2] == [rounded(undone.total), rounded(whole)]
    page = visit.open("concepts/gelu/index.html")
    expect(page.locator("#problem .note")).to_have_text(
        "With ReLU in its place, GPT-2 XL would keep, store and compute as much for a token: "
        "only what it computes would be another."
    )


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone_no_symbol_reaches_over_its_meaning(visit: Visit) -> None:
    """Four matrices in one row of the table once did."""
    page = visit.open("concepts/cross-attention/index.html")
    gaps = page.locator(".symbols tbody tr").evaluate_all(
        "rows => rows.map((row) => row.cells[1].getBoundingClientRect().left"
        " - row.querySelector('.sign math').getBoundingClientRect().right)"
    )
    assert len(gaps) > 4
    assert min(gaps) >= 0


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone(visit: Visit) -> None:
    page = visit.open(PAGE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    drawing = page.locator(".drawn-steps .room:visible svg").first
    box = drawing.bounding_box()
    assert box is not None
    assert box["width"] <= 390


def test_a_step_without_code_says_why(visit: Visit) -> None:
    """Its words say it, no line is marked, and the next step with code marks its own again."""
    told = computed_lesson(lessons()["cross-attention"])
    page = visit.open("concepts/cross-attention/index.html")
    for number, step in enumerate(told.steps, 1):
        page.get_by_role("tab", name=f"{number} {step.title}", exact=True).click()
        marked = page.locator("#the-code .ln.on").all_text_contents()
        assert marked == [told.lines[at] for at in step.lines]
        if step.no_code:
            expect(page.locator(".say > div.on .no-code")).to_have_text(step.no_code)


def test_a_step_in_another_function_shows_its_lines(visit: Visit) -> None:
    """Where a step runs code of a second function, that is brought into sight."""
    told = computed_lesson(lessons()["rope"])
    page = visit.open("concepts/rope/index.html")
    page.set_viewport_size({"width": 1280, "height": 600})  # too low for all lines
    page.get_by_role("tab", name=f"3 {told.steps[2].title}", exact=True).click()
    page.locator("#the-code").scroll_into_view_if_needed()
    expect(page.locator("#the-code .ln.on").first).to_be_in_viewport(ratio=1)
    assert page.locator("#the-code .ln.on").first.evaluate(
        "line => { const pre = line.closest('pre').getBoundingClientRect(), at = line.getBoundingClientRect();"
        " return at.top >= pre.top && at.bottom <= pre.bottom; }"
    )


def test_the_other_way_runs_in_the_page(visit: Visit) -> None:
    """The folded matrices in the printed one's place: scores move by what sums in another order lose."""
    page = visit.open(PAGE)
    page.get_by_role("button", name="Try folded_attention").click()
    told = page.locator("[data-out=outcome]")
    expect(told).to_contain_text(re.compile(r"by up to \d × 10⁻¹[⁴-⁹]; the likeliest tokens stay"))
    expect(page.locator("[data-out=apart]")).to_contain_text("the same")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_all_steps_are_read(visit: Visit) -> None:
    told = computed_lesson(lessons()[LATENT])
    page = visit.open(PAGE)
    for number, step in enumerate(told.steps, 1):
        expect(page.get_by_role("heading", name=f"{number}. {step.title}")).to_be_visible()
    expect(page.locator(".dial table")).to_be_visible()


def test_a_lesson_opens_with_the_way_to_it(visit: Visit) -> None:
    """What to know first in order, each with a picture and minutes; the sum is said."""
    page = visit.open(PAGE)
    way = page.locator(".lesson > .path li")
    expect(way.locator(".name")).to_have_text(
        ["Multi-head attention", "RoPE", "Multi-head latent attention"]
    )
    assert way.locator("svg").count() == 3
    minutes = [int(said.removesuffix(" min")) for said in way.locator(".min").all_text_contents()]
    expect(page.locator(".knows")).to_contain_text(
        f"{minutes[-1]} minutes; {sum(minutes)} with what to know first"
    )


def test_who_has_it_in_none_is_one_folded_line(visit: Visit) -> None:
    page = visit.open(PAGE)
    fold = page.locator("#users details", has_text="have it in none")
    expect(fold.locator("p")).to_be_hidden()
    count = int(fold.locator("summary").inner_text().split()[0])
    fold.locator("summary").click()
    assert fold.locator("p .n").count() == count
    expect(page.locator(".courses")).not_to_contain_text("Have it in none")
