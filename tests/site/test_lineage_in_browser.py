"""The family tree in a real browser: a branch, a path, the changes of a step; by mouse, by keys, on a phone, in print."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.followers import followers
from llm_gallery.lineage import Lineage, descendants, lineage
from llm_gallery.site.lineage_page import OPENED, _below, _opened
from tests.site.conftest import PHONE, Visit


@pytest.fixture(scope="module")
def tree() -> Lineage:
    return lineage(members())


def designs(tree: Lineage) -> set[str]:
    return set(tree.originals.values())


def ancestors(tree: Lineage, model: str) -> Iterator[str]:
    """The designs from a model back to where its line begins, itself first."""
    yield model
    while (step := tree.parent(model)) is not None:
        model = tree.originals[step.parent.id]
        yield model


SEEN = """() => [...document.querySelectorAll("#outline li")]
  .filter((row) => row.querySelector(":scope > .row").checkVisibility({ contentVisibilityAuto: false }))
  .map((row) => row.dataset.id)"""


def rows(page: Page) -> set[str]:
    """Designs that the outline shows."""
    return set(page.evaluate(SEEN))


def listed(page: Page) -> dict[str, str]:
    """Under which design each stands in the outline."""
    found: dict[str, str] = page.locator("#outline li").evaluate_all(
        """rows => Object.fromEntries(rows.map((row) =>
          [row.dataset.id, row.parentElement.closest("li")?.dataset.id ?? ""]))"""
    )
    return found


def lit(page: Page) -> set[str]:
    """Designs whose discs in the drawing aren't faded."""
    found = page.locator(".tree circle[data-model]:not(.out)").all()
    return {disc.get_attribute("data-model") or "" for disc in found}


def test_everything_is_there_under_its_ancestor(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html")
    held = listed(page)
    assert set(held) == lit(page) == designs(tree)
    for design, above in held.items():
        step = tree.parent(design)
        assert above == ("" if step is None else tree.originals[step.parent.id])
        below = sum(design in list(ancestors(tree, other))[1:] for other in held)
        said = page.locator(f'#outline [data-id="{design}"] > .below > summary')
        assert said.count() == bool(below)
        if below and design in ("gpt2-xl", "deepseek-v3", "mamba-2.8b"):
            assert (said.text_content() or "").startswith(f"{below} below")


@pytest.mark.parametrize(
    "visit", [{}, {"width": 390}, {"width": 390, "script": False}], indirect=True
)
def test_a_few_windows_hold_the_tree_and_a_press_opens_a_branch(visit: Visit) -> None:
    page = visit.open("lineage/index.html")
    first = page.locator('#outline > [data-id="mamba-2.8b"]')
    assert page.locator("#outline").evaluate("tree => tree.offsetHeight") < 3 * 900
    assert not first.locator('[data-id="mamba2-2.7b"]').is_visible()
    first.locator("> .below > summary").click()
    assert first.locator('[data-id="mamba2-2.7b"]').is_visible()


def test_lists_open_while_few_are_seen() -> None:
    """The longest first; one whose designs would be too many stays closed, and so do those under it."""
    depths = [0, 1, 2, 2, 1, 0, *[1] * OPENED]
    below = _below(depths)
    assert below == [4, 2, 0, 0, 0, OPENED, *[0] * OPENED]
    assert _opened(depths, below) == set()
    assert _opened(depths[:6], _below(depths[:6])) == {0, 1}


def test_a_branch(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html")
    before = rows(page)
    page.locator("#follow").fill("DeepSeek V2")
    way = page.locator("#way button").all_text_contents()
    names = [tree.members[design].name for design in ancestors(tree, "deepseek-v2")]
    assert way == names[:0:-1]
    below = descendants(tree, "deepseek-v2")
    branch = {tree.originals[model] for model in below.members}
    assert len(branch) > 10
    assert below.left
    assert rows(page) == lit(page) == branch
    expect(page.locator("#heading")).to_have_text(
        f"What follows DeepSeek V2: {len(branch)} designs"
    )
    cut = ", ".join(dict.fromkeys(step.child.name for step in below.left))
    expect(page.locator("#left")).to_have_text(
        f"No longer the recipe of DeepSeek V2, nor what follows: {cut}."
    )
    assert page.url.endswith("?branch=deepseek-v2")
    page.reload()
    assert rows(page) == branch
    page.locator("#all").click()
    assert rows(page) == before
    expect(page.locator("#left")).to_be_hidden()
    assert "?" not in page.url


def test_a_branch_is_that_of_the_library(visit: Visit, tree: Lineage) -> None:
    """What the page's script finds by its rows is what `llm-gallery lineage --root` prints, of every design."""
    page = visit.open("lineage/index.html")
    shown: dict[str, list[str]] = page.evaluate(
        """ids => Object.fromEntries(ids.map((id) => {
          const follow = document.querySelector("#follow");
          follow.value = document.querySelector(`#outline [data-id="${id}"] .who a`).textContent;
          follow.dispatchEvent(new Event("input"));
          const rows = [...document.querySelectorAll("#outline li:not(.way)")].filter((row) => !row.closest("[hidden]"));
          return [id, rows.map((row) => row.dataset.id)];
        }))""",
        sorted(designs(tree)),
    )
    assert len(shown) > 50
    for root, found in shown.items():
        below = descendants(tree, root)
        assert set(found) == {tree.originals[model] for model in below.members}, root


def test_the_path_between_two(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html")
    page.locator("#follow").fill("DeepSeek V3")
    page.locator("#to").fill("GLM-5.2")
    line = list(ancestors(tree, "glm-5.2"))
    between = set(line[: line.index("deepseek-v3") + 1])
    assert rows(page) == lit(page) == between
    expect(page.locator("#heading")).to_contain_text("From DeepSeek V3 to GLM-5.2")
    assert page.url.endswith("?path=deepseek-v3%2Cglm-5.2")


def test_a_line_opens_to_its_exact_changes(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html")
    step = tree.parent("kimi-k2")
    assert step is not None
    page.locator('.tree path[data-child="kimi-k2"]').first.dispatch_event("click")
    opened = page.locator("#edge")
    expect(opened).to_contain_text("DeepSeek V3 → Kimi K2")
    for change in step.difference.changes:
        expect(opened).to_contain_text(change.words)
    page.keyboard.press("Escape")
    expect(opened).to_be_hidden()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    """The outline says what the drawing says, and its rows open and lead on."""
    page = visit.open("lineage/index.html")
    page.locator("#follow").focus()
    page.keyboard.type("Kimi K2")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.change > summary')"):
            break
    page.keyboard.press("Enter")
    row = page.locator('#outline [data-id="kimi-k2"] > .row')
    expect(row.locator(".opened")).to_contain_text("DeepSeek V3 → Kimi K2")
    row.locator("[data-follow]").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("?branch=kimi-k2")


def test_zoom(visit: Visit) -> None:
    page = visit.open("lineage/index.html")
    page.locator("[data-zoom=in]").click()
    expect(page.locator(".zoom output")).to_have_text("125%")
    page.locator("#stage").focus()
    page.keyboard.press("0")
    expect(page.locator(".zoom output")).not_to_have_text("125%")
    over = "(({ scrollWidth, clientWidth, scrollHeight, clientHeight }) => [scrollWidth - clientWidth, scrollHeight - clientHeight])(document.querySelector('#stage'))"
    assert page.evaluate(over) == [0, 0]


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone_the_outline_is_the_tree(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html?branch=mistral-7b-v0.1")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".tree-box")).to_be_hidden()
    below = descendants(tree, "mistral-7b-v0.1")
    assert rows(page) == {tree.originals[model] for model in below.members}
    row = page.locator('#outline [data-id="mistral-7b-v0.1"] > .row')
    row.locator("summary").tap()
    expect(row.locator(".opened")).to_be_visible()


def test_in_print_nothing_is_cut(visit: Visit) -> None:
    page = visit.open("lineage/index.html")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    box = page.locator(".tree svg").bounding_box()
    assert box is not None
    assert box["width"] <= 794
    expect(page.locator(".tree-bar")).to_be_hidden()
    assert page.locator("#outline li").count() == len(rows(page))


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/index.html")
    assert set(listed(page)) == designs(tree)
    expect(page.locator(".tree svg")).to_be_visible()
    expect(page.locator(".tree-bar")).to_be_hidden()
    for design in reversed(list(ancestors(tree, "kimi-k2"))[1:]):
        summary = page.locator(f'#outline [data-id="{design}"] > .below:not([open]) > summary')
        if summary.count():
            summary.click()
    page.locator('#outline [data-id="kimi-k2"] > .row summary').click()
    page.locator('#outline [data-id="kimi-k2"] > .row .more a').click()
    step = tree.parent("kimi-k2")
    assert step is not None
    assert page.url.endswith("lineage/steps/index.html#kimi-k2")
    for change in step.difference.changes:
        expect(page.locator("#kimi-k2")).to_contain_text(change.words)


def test_all_steps_stand_on_one_page(visit: Visit, tree: Lineage) -> None:
    page = visit.open("lineage/steps/index.html")
    said = page.locator(".steps > li .step").all_inner_texts()
    steps = [step for one in designs(tree) if (step := tree.parent(one)) is not None]
    assert sorted(said) == sorted(f"{step.parent.name} → {step.child.name}" for step in steps)


def test_a_step_that_cannot_be_loaded_leaves_its_link(visit: Visit) -> None:
    page = visit.open("lineage/index.html?branch=kimi-k2")
    page.route("**/steps.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    row = page.locator('#outline [data-id="kimi-k2"] > .row')
    row.locator("summary").click()
    expect(row.locator(".more a")).to_be_visible()


def test_bars_leave_the_answer_to_their_disc(visit: Visit) -> None:
    """A disc is pressed, and told of, wherever in it the pointer stands."""
    page = visit.open("lineage/index.html")
    found = page.evaluate("""() => [...document.querySelectorAll(".tree circle[data-model]")].map((disc) => {
      disc.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      const { left, top, width, height } = disc.getBoundingClientRect();
      return document.elementFromPoint(left + width / 2, top + height / 2)?.dataset.model === disc.dataset.model;
    })""")
    assert len(found) > 100
    assert all(found)


@pytest.mark.parametrize("model", ["DeepSeek V3", "Kimi K2", "Llama 2 7B", "RWKV-4 7B"])
def test_following_scrolls_to_the_branch_under_its_dates(
    visit: Visit, tree: Lineage, model: str
) -> None:
    """The disc that the branch begins with is seen, and the dates above whatever is scrolled to."""
    page = visit.open("lineage/index.html")
    page.locator("#follow").fill(model)
    began = next(one.id for one in tree.members.values() if one.name == model)
    disc = page.locator(f'.tree circle[data-model="{tree.originals[began]}"]').first
    box, stage = disc.bounding_box(), page.locator("#stage").bounding_box()
    dates = page.locator(".dates").bounding_box()
    assert box
    assert stage
    assert dates
    assert stage["x"] <= box["x"] <= stage["x"] + stage["width"] - box["width"]
    assert dates["y"] + dates["height"] <= box["y"] <= stage["y"] + stage["height"] - box["height"]
    assert dates["y"] == pytest.approx(stage["y"], abs=1)
    page.locator("[data-zoom=in]").click()
    wide, drawn = page.locator(".dates").bounding_box(), page.locator(".tree svg").bounding_box()
    assert wide
    assert drawn
    assert wide["width"] == pytest.approx(drawn["width"], abs=1)


def test_dates_stand_where_the_drawing_has_them(visit: Visit) -> None:
    page = visit.open("lineage/index.html")
    years = page.locator(".dates .year").all()
    assert len(years) > 3
    for year in years:
        said = year.text_content() or ""
        own = page.locator(".tree svg text", has_text=re.compile(f"^{said}$")).last
        above, below = year.bounding_box(), own.bounding_box()
        assert above
        assert below
        middle = above["x"] + above["width"] / 2
        assert middle == pytest.approx(below["x"] + below["width"] / 2, abs=1.5)


def test_the_legend_names_what_is_drawn(visit: Visit) -> None:
    page = visit.open("lineage/index.html")
    said = page.locator(".tree-key").inner_text()
    for words in (
        "descends: by evidence",
        "resembles: by similarity only",
        "siblings: one release, one ancestor",
        "authors",
        "area: all parameters",
        "the repeating layers",
    ):
        assert words in said
    colours = page.locator(".tree-key .swatch").count()
    assert colours == page.locator(".outline .swatch").evaluate_all(
        "swatches => new Set(swatches.map((one) => one.className)).size"
    )


def test_a_recipes_page_says_what_each_follower_did(visit: Visit, tree: Lineage) -> None:
    """A row a follower in order of time, its cells as the library has them; the evidence below."""
    page = visit.open("recipes/deepseek-v3/index.html")
    matrix = followers(tree, "deepseek-v3")
    rows = page.locator(".recipe tbody tr")
    expect(rows).to_have_count(len(matrix.followers) + 1)
    for index, follower in enumerate(matrix.followers, 1):
        if index % 7 == 1:
            row = rows.nth(index)
            expect(row.locator("th")).to_contain_text(follower.member.name)
            kept = row.locator(".recipe-dot").count()
            assert kept == follower.concepts_kept
    expect(page.locator(".evidence dt")).to_have_count(len(matrix.followers))


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_on_a_phone_a_recipe_is_a_list(visit: Visit, tree: Lineage) -> None:
    page = visit.open("recipes/deepseek-v3/index.html")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".recipe")).to_be_hidden()
    count = len(followers(tree, "deepseek-v3").followers)
    expect(page.locator(".recipe-list > li:visible")).to_have_count(count)
