"""The comparison in a real browser: any models, the same words as the library's, figures, facts, difference, keys."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from playwright.sync_api import Page, expect

from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Profile, compare, part_rows, profile, table, themed
from llm_gallery.comparison.changes import ROLES
from llm_gallery.lineage.family_member import Member
from llm_gallery.site.compare_page import parts
from tests.described_catalog import site
from tests.site.conftest import PHONE, Visit, with_fonts

SETS = [
    ("deepseek-v3", "kimi-k2"),
    ("qwen3-next-80b-a3b", "gemma-3-27b", "gpt2-xl"),
    ("mamba-2.8b", "rwkv-4-7b", "llama-2-7b", "gpt-oss-20b"),
    ("mellum2-12b-a2.5b", "smollm3-3b"),
    ("kimi-k2", "glm-4.5", "minimax-m3-428b", "llama-4-maverick", "deepseek-v2", "mixtral-8x7b"),
]


def address(*models: str) -> str:
    return f"compare/index.html?m={','.join(models)}"


def figures(page: Page, count: int) -> None:
    """They come when one scrolls near to them."""
    page.locator("#figures").scroll_into_view_if_needed()
    expect(page.locator("#figures svg")).to_have_count(count)


@pytest.mark.parametrize("models", SETS, ids="-".join)
def test_facts_are_the_librarys(visit: Visit, models: tuple[str, ...]) -> None:
    """Every section and row, in order, and which of them differ."""
    page = visit.open(address(*models))
    figures(page, len(models))
    told = page.evaluate(
        """() => [...document.querySelectorAll("#aligned tbody")].map((body) => [
          body.querySelector("[scope=rowgroup]").textContent,
          [...body.querySelectorAll("tr:has([scope=row])")].map((row) => [
            row.querySelector("th").textContent,
            [...row.querySelectorAll("td")].map((cell) => cell.textContent),
          ]),
        ])"""
    )
    expected = [
        [
            section.title,
            [
                [row.label, list(row.words[:1] if len(set(row.values)) == 1 else row.words)]
                for row in section.rows
            ],
        ]
        for section in table(compare([find(model) for model in models]).models)
    ]
    assert told == expected


def test_parts_answer_to_each_other_as_in_the_library(visit: Visit) -> None:
    """Of any two kinds of models that the catalog has, and of some threes: which parts share a row."""
    kinds = {str([*parts(one)]): one for one in (profile(find(entry.id)) for entry in entries())}
    models = [*kinds.values()]
    count = len(models)
    groups = [
        *permutations(range(count), 2),
        *((i, (i + 1) % count, (i + 2) % count) for i in range(count)),
    ]
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    found = page.evaluate(
        """([told, groups]) => groups.map((group) => {
          const models = group.map((at) => ({
            traits: [], follows: [],
            parts: told[at].map((part, at) => ({ ...part, facts: [["at", "at", String(at), at]] })),
          }));
          return gallery.align(models).slice(1, -1).map((section) => section.rows[0].words);
        })""",
        [[[*parts(model)] for model in models], groups],
    )
    assert len(groups) > 1000
    assert found == [in_rows([models[at] for at in group]) for group in groups]


def in_rows(models: list[Profile]) -> list[list[str]]:
    """The library's rows: of each model the place of its part in the table, or a dash."""
    held = [[part for role in ROLES for part in one.parts if part.role == role] for one in models]
    places = [{id(part): str(at) for at, part in enumerate(listed)} for listed in held]
    return [
        [place.get(id(part), "–") for place, part in zip(places, row, strict=True)]
        for row in part_rows(models)
    ]


def test_sentences_are_the_librarys(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    difference = compare([find("deepseek-v3"), find("kimi-k2")]).differences[0]
    assert page.locator("#changes p").all_inner_texts() == list(difference.sentences)
    found = themed(difference.changes)
    assert page.locator("#changes dt").all_inner_texts() == list(found)
    assert page.locator("#changes dd").all_inner_texts() == [
        w for held in found.values() for w in held
    ]


def pick(page: Page, words: str) -> None:
    """By the keyboard alone: the first that answers."""
    page.locator("#add").focus()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_models_are_added_swapped_and_removed(visit: Visit) -> None:
    page = visit.open("compare/index.html")
    expect(page.locator("#suggested")).to_be_visible()
    for words, model in (("gpt-2 xl", "gpt2-xl"), ("mistral 7b v0.1", "mistral-7b-v0.1")):
        pick(page, words)
        expect(page.locator("#names")).to_have_text(re.compile(re.escape(find(model).name) + "$"))
    pick(page, "gemma 3 27b")
    figures(page, 3)
    assert page.url.endswith("?m=gpt2-xl,mistral-7b-v0.1,gemma-3-27b")
    page.locator("[data-swap='mistral-7b-v0.1']").click()
    pick(page, "olmo 2 7b")
    expect(page.locator("#picked a")).to_have_text(["GPT-2 XL", "OLMo 2 7B", "Gemma 3 27B"])
    page.locator("[data-remove='gpt2-xl']").click()
    figures(page, 2)
    page.go_back()
    figures(page, 3)


def test_the_picker_searches(visit: Visit) -> None:
    """Names, makers and dates; arrows choose, and who is compared already isn't offered."""
    page = visit.open("compare/index.html?m=kimi-k2")
    page.locator("#add").focus()
    page.keyboard.type("moonshot")
    shown = page.locator("#offered [role=option]")
    expect(shown.first).to_contain_text("Moonshot AI")
    assert "Kimi K2 Moonshot AI, 11 Jul 2025" not in shown.all_inner_texts()
    second = shown.nth(1)
    page.keyboard.press("ArrowDown")
    expect(second).to_have_attribute("aria-selected", "true")
    assert page.locator("#add").get_attribute("aria-activedescendant") == second.get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.locator("#offered")).to_be_hidden()
    page.keyboard.type("no such model")
    expect(page.locator(".picker [role=status]")).to_have_text("No model of that name.")


SHIFTS = """() => new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


@pytest.mark.parametrize("visit", [{}, *PHONE], indirect=True)
def test_the_first_screen_says_who_and_what_changed(visit: Visit) -> None:
    """Names over towers and the sentences beside them, and nothing moves while they come."""
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    figures(page, 2)
    with_fonts(page)
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator("#towers .name a")).to_have_text(["DeepSeek V3", "Kimi K2"])
    for part in ("#towers .name >> nth=1", "#towers .pair", "#changes p >> nth=0"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)
    assert page.evaluate(SHIFTS) <= 0.02


def labels(page: Page) -> list[str]:
    found: list[str] = page.locator("#towers .label").evaluate_all(
        "all => all.map((one) => [...one.children].map((line) => line.textContent).join(' '))"
    )
    return found


def test_what_differs_is_labelled_from_old_to_new(visit: Visit) -> None:
    """The older stands at the left, whatever the order in the address; what is equal has no ring."""
    page = visit.open(address("kimi-k2", "deepseek-v3"))
    told = labels(page)
    assert any(one.startswith("256 → 384 routed experts") for one in told)
    assert any(one.startswith("128 → 64 heads") for one in told)
    assert any("129,280 → 163,840 vocabulary" in one for one in told)
    embedding = page.locator("rect[data-path='model.embed_tokens']").first.get_attribute(
        "data-mark"
    )
    assert page.locator(f".ring[data-mark='{embedding}']").count() == 0
    assert page.locator(f".veil[data-mark='{embedding}']").count() == 2
    expect(page.locator("#shared")).to_contain_text("Both: 61 layers, 7,168 wide, MLA")


def test_of_strangers_marks_say_what_replaces_what(visit: Visit) -> None:
    page = visit.open(address("mamba-2.8b", "llama-3-8b"))
    assert {"Mamba → Attention", "Gated MLP added"} <= {*labels(page)}
    expect(page.locator("#shared")).to_have_text("Both: RMSNorm before each sublayer.")
    page.goto(page.url.replace("mamba-2.8b,llama-3-8b", "llama-3-8b,olmo-2-7b"))
    assert any(one.startswith("GQA → MHA") for one in labels(page))
    assert any("pre-norm → post-norm" in one for one in labels(page))


def test_sentences_and_blocks_light_each_other(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    words = page.locator("#changes dd", has_text="half the heads")
    words.hover()
    lit = page.locator("#towers .ring.lit")
    expect(lit).to_have_count(2)
    attention = page.locator("#towers rect[data-path$='.self_attn']")
    assert lit.first.get_attribute("data-mark") == attention.first.get_attribute("data-mark")
    attention.last.hover()
    expect(words).to_have_class("lit")
    page.locator("#changes [data-marks][tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#changes dd.lit:focus")).to_have_count(1)


def test_more_than_two_stand_in_a_row(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2", "gpt2-xl"))
    expect(page.locator("#towers .alone")).to_have_count(3)
    expect(page.locator("#towers .ring >> nth=0")).to_be_attached()
    assert page.locator("#towers .alone").first.locator(".ring").count() == 0
    expect(page.locator("#towers .alone").last).to_contain_text("Latent attention → Attention")


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_one_tower_turns_into_the_other(visit: Visit) -> None:
    """On a phone both are seen at once, or one at the window's whole width in the other's place."""
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    whole = page.locator("#towers .pair")
    expect(whole.locator(":scope > svg:visible")).to_have_count(2)
    boxes = []
    for at, name in enumerate(("DeepSeek V3", "Kimi K2")):
        page.locator(f"[data-turn='{at}']").click()
        expect(page.locator("#towers .name:visible")).to_contain_text(name)
        shown = whole.locator(":scope > svg:visible")
        expect(shown).to_have_count(1)
        boxes.append(shown.locator("rect[data-path$='.mlp']").bounding_box())
    assert boxes[0] is not None
    assert boxes[0] == boxes[1]
    assert boxes[0]["width"] > 150


def test_without_models_pairs_are_offered(visit: Visit) -> None:
    page = visit.open("compare/index.html")
    first = page.locator(".pairs li").first
    expect(first.locator("svg")).to_have_count(2)
    expect(first).to_contain_text("DeepSeek V3 and Kimi K2")
    expect(first.locator("p")).to_contain_text("Kimi K2 is DeepSeek V3 (671.03B → 1.03T parameters")


def test_the_difference_from_the_ancestor_is_drawn(visit: Visit) -> None:
    held = site().lineage
    step = next(s for model in held.members if (s := held.parent(model)) and s.difference.causes)
    pair: tuple[Member, Member] = (step.child, step.parent)  # the order doesn't matter
    page = visit.open(address(*(member.id for member in pair)))
    page.locator("#drawn summary").click()
    expect(page.locator("#drawn svg > title")).to_have_text(
        f"Difference of {step.parent.name} and {step.child.name}"
    )
    pick(page, "qwen3 0.6b")
    expect(page.locator("#drawn")).to_be_hidden()
    expect(page.locator("#by-hand code")).to_have_text(
        f"llm-gallery diff {step.child.id} {step.parent.id} qwen3-0.6b -o difference.svg"
    )


def test_only_differences(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    expect(page.locator("#aligned tr.same").first).to_be_visible()
    page.locator("#only").check()
    expect(page.locator("#aligned tr.same").first).to_be_hidden()
    expect(page.locator("#aligned td.differs").first).to_be_visible()


def test_level_and_zoom_are_shared(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    page.locator("#tool [data-level=standard]").click()
    expect(page.locator("#figures svg[width='1200']")).to_have_count(2)
    page.locator("[data-zoom=in]").click()
    widths = page.locator("#figures svg").evaluate_all(
        "all => all.map(svg => Math.round(svg.getBoundingClientRect().width))"
    )
    assert widths[0] == widths[1] > 500


def test_saved_file_stands_alone(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    figures(page, 2)
    with page.expect_download() as caught:
        page.locator("#save-svg").click()
    text = caught.value.path().read_text("utf-8")
    assert caught.value.suggested_filename == "deepseek-v3-vs-kimi-k2.svg"
    assert "@font-face" in text
    assert text.count("<svg") == 4  # the file, the pair, and each tower
    assert "A  DeepSeek V3  →  B  Kimi K2" in text


@pytest.mark.parametrize(
    "query", ["?m=nope", "?m=<script>alert(1)</script>", "?m=gpt2-xl,,gpt2-xl,%00", "?m="]
)
def test_rubbish_in_the_address_is_harmless(visit: Visit, query: str) -> None:
    page = visit.open(f"compare/index.html{query}")
    expect(page.locator("#add")).to_be_visible()
    expect(page.locator("#result")).to_be_hidden()


@pytest.mark.parametrize("visit", PHONE, indirect=True)
def test_phone(visit: Visit) -> None:
    """Figures snap sideways in their own box, as does the table; the page itself keeps the window's width."""
    page = visit.open(address("deepseek-v3", "kimi-k2", "gpt2-xl"))
    figures(page, 3)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("(b => b.scrollWidth > b.clientWidth)(document.querySelector('#figures'))")


@pytest.mark.parametrize("visit", [{"script": False}], indirect=True)
def test_without_scripts_a_sentence_leads_on(visit: Visit) -> None:
    page = visit.open(address("deepseek-v3", "kimi-k2"))
    said = page.locator("main noscript .note")
    expect(said).to_contain_text("llm-gallery compare deepseek-v3 kimi-k2")
    expect(said.locator("a")).to_have_attribute("href", "../index.html")
    expect(page.locator("#comparison")).to_be_hidden()
