"""Who took a concept up, left it out, and brought it back: as the designs themselves say."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest

from llm_gallery.catalog.concept_courses import FOLDED, courses, lead, series_words, text
from llm_gallery.concepts import built_on, concepts
from llm_gallery.lineage.concept_series import RELEASE_DAYS, Series, needed, own_models
from llm_gallery.lineage.designs import Design, designs
from llm_gallery.site import concept_page, render
from llm_gallery.site.page import Document
from tests.described_catalog import members, site


@cache
def made() -> tuple[Design, ...]:
    return designs(members())


def of(concept: str, organization: str) -> Series:
    (found,) = (one for one in courses(concept, made()) if one.organization == organization)
    return found


def test_qwen_had_a_shared_expert_dropped_it_and_brought_it_back() -> None:
    qwen = of("shared-expert", "Alibaba Cloud")
    assert qwen.course == "brought back"
    named = [[design.first.id for design in turn.designs] for turn in qwen.turns]
    assert named[:2] == [["qwen1.5-moe-a2.7b", "qwen2-57b-a14b"], ["qwen3-235b-a22b"]]
    assert named[2][0] == "qwen3-next-80b-a3b"
    assert [turn.has for turn in qwen.turns] == [True, False, True]
    copies = [one.id for one in own_models(qwen.turns[1].designs[0])]
    assert "qwen3-30b-a3b" in copies
    assert series_words(qwen).startswith("Alibaba Cloud: with it 2024-03 Qwen1.5")
    assert "; with it again 2025-09 Qwen3-Next" in series_words(qwen)


def test_a_design_without_experts_is_not_asked_for_a_shared_one() -> None:
    assert needed("shared-expert", made(), built_on("shared-expert")) == {"mixture-of-experts"}
    assert lead("shared-expert", made()) == "designs with mixture of experts"
    asked = [d for one in courses("shared-expert", made()) for t in one.turns for d in t.designs]
    assert all("mixture-of-experts" in design.concepts for design in asked)


def test_dense_sisters_of_one_release_drop_nothing() -> None:
    """Qwen was dense at first; Qwen1.5 110B came a month after its first experts, Gemma 4 12B two months after Google's."""
    qwen, google = (of("mixture-of-experts", name) for name in ("Alibaba Cloud", "Google"))
    assert (qwen.course, google.course) == ("took up", "took up")
    assert "qwen1.5-110b" in [design.first.id for design in qwen.turns[-1].beside]
    assert "gemma-4-12b" in [design.first.id for design in google.turns[-1].beside]


@pytest.mark.parametrize("concept", concepts())
def test_turns_say_what_their_designs_have(concept: str) -> None:
    found = courses(concept, made())
    host = needed(concept, made(), built_on(concept))
    told_of: list[Design] = []
    for one in found:
        assert one.turns[0].designs
        for before, after in pairwise(one.turns):
            assert before.has != after.has
            last = max(design.released for design in (*before.designs, *before.beside))
            assert last <= after.designs[0].released
        for turn in one.turns:
            assert all((concept in design.concepts) == turn.has for design in turn.designs)
            assert all(concept not in design.concepts for design in turn.beside)
            assert turn.has or not turn.beside
            told_of += [*turn.designs, *turn.beside]
        having = [turn.has for turn in one.turns]
        assert (one.course in FOLDED) == (len(having) == 1)
        assert (one.course == "dropped") == (len(having) > 1 and not having[-1])
        assert (one.course == "brought back") == (having[-1] and having.count(True) > 1)
    able = [design for design in made() if host <= design.concepts]
    assert sorted(d.first.id for d in told_of) == sorted(d.first.id for d in able)
    has = [any(concept in design.concepts for design in those) for those in (told_of, made())]
    assert has[0] == has[1]


def test_the_terminal_names_every_organization() -> None:
    said = text("nope", made())
    for one in courses("nope", made()):
        assert one.organization in said.replace("\n      ", " ")
    assert max(map(len, said.splitlines())) <= 100


def test_the_page_says_the_same() -> None:
    path = "concepts/shared-expert/index.html"
    (page,) = (one for one in concept_page.pages(site()) if one.path == path)
    assert isinstance(page, Document)
    html = render.html(page, ()).decode()
    assert f"within {RELEASE_DAYS} days" in html
    assert "Had it, left it out, brought it back" in html
    start = html.index("Alibaba Cloud: with it")
    told_here = html[start : html.index("</p>", start)]
    for turn in of("shared-expert", "Alibaba Cloud").turns:
        for design in turn.designs:
            assert f'models/{design.first.id}/index.html">{design.first.name}</a>' in told_here
