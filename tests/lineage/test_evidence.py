"""What edges of the family tree rest on: nothing is called a descent that nothing supports, and what is said is true."""

from __future__ import annotations

from collections import Counter

import pytest

from llm_gallery.catalog.followers import names
from llm_gallery.lineage import Lineage, Step, link_words, step_text, text
from llm_gallery.lineage.distance import FARTHEST
from llm_gallery.lineage.evidence import family
from llm_gallery.lineage.series import ONE, series_name


def test_between_organizations_an_edge_takes_time_unless_somebody_says_so(tree: Lineage) -> None:
    crossing = 0
    for steps in tree.measured.values():
        for step in steps:
            if step.parent.house != step.child.house and step.copy != "exact":
                days = (step.child.released - step.parent.released).days
                assert days >= 60 or step.evidence.kind in ("authors", "mixer"), step.child.id
                crossing += 1
    assert crossing > 40


def test_a_descent_between_organizations_is_stated_or_runs_in_one_code(tree: Lineage) -> None:
    """A series needs one organization; what authors or a program say has its address."""
    kinds: Counter[str] = Counter()
    for step in edges(tree):
        evidence = step.evidence
        kinds[evidence.kind] += 1
        assert (evidence.relation == "resembles") == (evidence.kind == "measure")
        if evidence.kind == "series":
            assert step.parent.house == step.child.house
            assert step.distance <= FARTHEST
        elif evidence.kind == "authors" or (evidence.kind == "code" and not one_code(step)):
            assert evidence.source.startswith("https://")
        elif evidence.kind == "design":
            assert step.distance <= 1
            assert step is tree.parent(step.child.id)
    assert {"authors", "series", "code", "mixer", "measure"} <= set(kinds)


def edges(tree: Lineage) -> list[Step]:
    return [step for steps in tree.measured.values() for step in steps]


def one_code(step: Step) -> bool:
    return family(step.parent) == family(step.child)


@pytest.mark.parametrize(
    ("child", "kind"),
    [
        ("kimi-k2", "authors"),
        ("deepseek-v4-pro", "authors"),
        ("kimi-linear-48b-a3b", "series"),
        ("glm-4-32b", "series"),
        ("smollm-1.7b", "code"),
        ("glm-4.5", "authors"),
        ("mistral-large-3-675b", "code"),
        ("bamba-9b", "mixer"),
        ("grok-2.5-270b", "series"),
        ("xlstm-7b", "measure"),
        ("ernie-4.5-300b-a47b", "measure"),
        ("granite-4.0-h-small", "authors"),
        ("internlm2-7b", "authors"),
        ("hy4-preview-770b-a49b", "authors"),
        ("qwen3-32b", "authors"),
        ("sarvam-105b", "code"),
        ("trinity-large-400b", "measure"),
        ("granite-3.0-3b-a800m", "measure"),
        ("gpt-oss-120b", "measure"),
    ],
)
def test_what_an_edge_rests_on(tree: Lineage, child: str, kind: str) -> None:
    step = tree.parent(child)
    assert step is not None
    said = text(tree, names())
    link = link_words(step)
    assert step.evidence.kind == kind
    assert f"{step.child.name}" in said
    assert f", {link}: " in said
    if kind == "measure":
        assert link.startswith("nearest to " if step.distance > 4 else "resembles ")
    else:
        assert link.startswith("from ")


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("north-mini-code-30b-a3b", "command-a-plus-218b-a25b"),  # inside a wrapper, the same code
        ("command-a-plus-218b-a25b", "command-a-111b"),  # its series, of the models of that design
        ("dots.llm1", "deepseek-v3"),  # whom its authors cite, before a resemblance
        ("rwkv-7-2.9b", "eagle-7b"),  # not RWKV-4
        ("mistral-nemo-12b", "mistral-7b-v0.1"),  # its makers' own, though it is a copy of Llama 3
        ("vaultgemma-1b", "gemma-2-2b"),  # though it is a copy of the first Gemma
        ("qwen3.8-2.4t-a95b", "qwen3.5-397b-a17b"),  # though a copy of Qwen3-Next
        ("moonlight-16b-a3b", "deepseek-v3"),  # 58 days after it
        ("zamba2-2.7b", "mamba2-2.7b"),  # 58 days after it
        ("jamba-v0.1-52b", "mamba-2.8b"),
        ("granite-3.3-8b", "granite-3.0-3b-a800m"),
        ("granite-4.1-30b", "granite-3.3-8b"),
        ("ministral-3-14b", "mistral-small-3.1-24b"),
        ("antares-1b", "granite-4.1-30b"),
        ("solar-open-2-250b", "solar-open-100b"),
    ],
)
def test_an_edge_that_an_expert_would_sign(tree: Lineage, child: str, parent: str) -> None:
    step = tree.parent(child)
    assert step is not None
    assert (step.parent.id, step.evidence.relation) == (parent, "descends")


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("gemma-7b", "llama-2-7b"),
        ("minimax-text-01", "mixtral-8x22b"),
        ("ernie-4.5-300b-a47b", "mixtral-8x22b"),
        ("mistral-nemo-12b", "llama-3-8b"),
        ("granite-4.1-30b", "llama-3.2-3b"),
        ("solar-open-100b", "glm-4.5-air"),
        ("command-r-35b", "llama-65b"),
    ],
)
def test_a_file_of_the_reference_is_no_evidence(tree: Lineage, child: str, parent: str) -> None:
    """It says how somebody else wrote a port; nobody else says that one follows the other."""
    found = [s for s in (*edges(tree), *(one.step for one in tree.stated)) if s.child.id == child]
    assert all(s.evidence.relation == "resembles" for s in found if s.parent.id == parent)
    assert "descends" not in {s.evidence.relation for s in found if s.parent.house == "Meta"}


def test_what_is_disputed_is_told_and_is_no_descent(tree: Lineage) -> None:
    step = tree.parent("solar-open-100b")
    assert step is not None
    assert (step.parent.id, step.evidence.relation) == ("glm-4.5-air", "resembles")
    assert step.evidence.words.startswith("Disputed in public")
    assert step.evidence.source.startswith("https://")
    assert step.evidence.source in step_text(step)


def test_a_resemblance_that_leads_is_to_the_most_alike(tree: Lineage) -> None:
    """No earlier design of another day is nearer, of those that had the time to be taken over."""
    for step in edges(tree):
        if step.evidence.relation != "resembles" or step is not tree.parent(step.child.id):
            continue
        assert step.child.id not in tree.elder or step.elder is not None
        if step.elder is not None:
            continue
        others = [other.distance for other in tree.measured[step.child.id]]
        assert step.distance == min(others), step.child.id


def test_no_nearer_descent_is_skipped(tree: Lineage) -> None:
    """What authors name, or another model of that design, is the ancestor, wherever it can be one."""
    for stated in tree.stated:
        if stated.claim.by != "authors" or not stated.agrees:
            continue
        child = stated.step.child.id
        step = tree.parent(child)
        assert step is not None
        together = stated.step.parent.id in tree.siblings[child]
        assert together or step.evidence.kind == "authors" or step.copy == "exact", child


def test_what_an_edge_is_said_to_rest_on_is_true(tree: Lineage) -> None:
    """Whose code, which series: read of every edge."""
    for step in (*edges(tree), *(one.step for one in tree.stated)):
        evidence, words = step.evidence, step.evidence.words
        assert "reference implementation" not in words
        if evidence.kind == "series":
            name = words.removeprefix("Both are of the ").split(" series of ")[0]
            for member in (step.parent, step.child):
                assert ONE.get(series_name(member), series_name(member)) == name
        if evidence.kind == "code":
            whose = ("The configs of both name", "transformers runs", "vLLM runs", "SGLang runs")
            assert words.startswith(whose)
        if evidence.kind == "mixer":
            assert step.parent.name in words
    found = tree.parent("deepseek-moe-16b")
    assert found is not None
    assert found.evidence.words == "Both are of the DeepSeek series of DeepSeek."
