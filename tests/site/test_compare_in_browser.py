"""The comparison in a real browser: any models, the same words as the library's, figures, facts, difference, keys."""

from __future__ import annotations

import re
from itertools import permutations

import pytest
from playwright.sync_api import expect

from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Profile, compare, part_rows, profile, table, themed
from llm_gallery.comparison.changes import ROLES
from llm_gallery.lineage.family_member import Member
from llm_gallery.site.compare_page import parts
from tests.described_catalog import site
from tests.site.conftest import PHONE, Visit

SETS = [
    ("deepseek-v3", "kimi-k2"),
    ("qwen3-next-80b-a3b", "gemma-3-27b", "gpt2-xl"),
    ("mamba-2.8b", "rwkv-4-7b", "llama-2-7b", "gpt-oss-20b"),
    ("mellum2-12b-a2.5b", "smollm3-3b"),
    ("kimi-k2", "glm-4.5", "minimax-m3-428b", "llama-4-maverick", "deepseek-v2", "mixtral-8x7b"),
]


def address(*models: str) -> str:
    return f"compare/index.html?m={','.join(models)}"


@pytest.mark.parametrize("models", SETS, ids="-".join)
def test_facts_are_the_librarys(visit: Visit, models: tuple[str, ...]) -> None:
    """Every section and row, in order, and which of them differ."""
    page = visit.open(address(*models))
    expect(page.locator("#figures svg")).to_have_count(len(models))
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


def test_models_are_added_and_removed(visit: Visit) -> None:
    page = visit.open("compare/index.html")
    expect(page.locator("#suggested")).to_be_visible()
    for model in ("gpt2-xl", "mistral-7b-v0.1", "gemma-3-27b"):
        page.locator("#add").select_option(model)
        expect(page.locator("#names")).to_have_text(re.compile(re.escape(find(model).name) + "$"))
    expect(page.locator("#figures svg")).to_have_count(3)
    assert page.url.endswith("?m=gpt2-xl,mistral-7b-v0.1,gemma-3-27b")
    page.locator("[data-first='gemma-3-27b']").click()
    assert page.url.endswith("?m=gemma-3-27b,gpt2-xl,mistral-7b-v0.1")
    page.locator("[data-remove='gpt2-xl']").click()
    expect(page.locator("#figures svg")).to_have_count(2)
    page.go_back()
    expect(page.locator("#figures svg")).to_have_count(3)


def test_the_difference_from_the_ancestor_is_drawn(visit: Visit) -> None:
    held = site().lineage
    step = next(s for model in held.members if (s := held.parent(model)) and s.difference.causes)
    pair: tuple[Member, Member] = (step.child, step.parent)  # the order doesn't matter
    page = visit.open(address(*(member.id for member in pair)))
    page.locator("#drawn summary").click()
    expect(page.locator("#drawn svg > title")).to_have_text(
        f"Difference of {step.parent.name} and {step.child.name}"
    )
    page.locator("#add").select_option("qwen3-0.6b")
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
    expect(page.locator("#figures svg")).to_have_count(2)
    with page.expect_download() as caught:
        page.locator("#save-svg").click()
    text = caught.value.path().read_text("utf-8")
    assert caught.value.suggested_filename == "deepseek-v3-vs-kimi-k2.svg"
    assert "@font-face" in text
    assert text.count("<svg") == 3


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
    expect(page.locator("#figures svg")).to_have_count(3)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("(b => b.scrollWidth > b.clientWidth)(document.querySelector('#figures'))")
