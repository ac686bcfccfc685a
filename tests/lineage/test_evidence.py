"""What edges of the family tree rest on: nothing is called a descent that nothing supports, and what is said is true."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from llm_gallery.catalog.followers import names
from llm_gallery.comparison.phrases import listed
from llm_gallery.lineage import Lineage, Step, claims, link_words, step_text, text
from llm_gallery.lineage.ancestors import APART
from llm_gallery.lineage.distance import FARTHEST
from llm_gallery.lineage.evidence import family
from llm_gallery.lineage.release import releases
from llm_gallery.lineage.series import ONE, series_name
from tests.sample import models


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
        ("kimi-linear-48b-a3b", "authors"),
        ("glm-4-32b", "series"),
        ("smollm-1.7b", "code"),
        ("glm-4.5", "measure"),
        ("mistral-large-3-675b", "code"),
        ("bamba-9b", "mixer"),
        ("grok-2.5-270b", "series"),
        ("xlstm-7b", "measure"),
        ("ernie-4.5-300b-a47b", "measure"),
        ("granite-4.0-h-small", "authors"),
        ("internlm2-7b", "authors"),
        ("hy4-preview-770b-a49b", "measure"),
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
        ("zamba2-2.7b", "mamba2-2.7b"),  # 58 days after it, whose mixer it has
        ("kimi-linear-48b-a3b", "moonlight-16b-a3b"),  # its backbone, its report says
        ("gemma-4-e4b", "gemma-3n-e2b"),  # not its release's ancestor: another is much nearer
        ("gemma-4-e2b", "gemma-3n-e2b"),
        ("jamba-v0.1-52b", "mamba-2.8b"),
        ("granite-4.1-30b", "granite-3.3-8b"),
        ("ministral-3-14b", "mistral-small-3.1-24b"),
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


@pytest.mark.parametrize("model", models())
def test_a_name_alone_is_no_descent(tree: Lineage, model: str) -> None:
    """A series, or one release, is outweighed by a design that is nearer by one."""
    step = tree.parent(model)
    named = step is not None and (step.evidence.kind == "series" or step.elder is not None)
    if step is None or not named or step.copy or step.evidence.kind == "authors":
        return
    elder = tree.elder.get(model)
    if elder is not None and (elder.copy or elder.evidence.source):
        return
    own = tree.members[model]
    mates = releases(tuple(tree.members.values()))[model]
    others = [
        Step(other, own, own.since(other))
        for other in tree.members.values()
        if other.released <= own.released and other.id not in mates
    ]
    near = [other.distance for other in others if other.early and other.parent is not own]
    assert step.distance < min(near) + APART


def test_what_is_stated_names_that_very_model(tree: Lineage) -> None:
    """The source's words for the model, held by the claim, are its name: its series, and its number."""
    repositories = {m.repository.lower(): m for m in tree.members.values()}
    said = [claim for claim in claims() if claim.by == "authors"]
    for claim in said:
        parent = repositories.get(claim.parent.lower())
        assert claim.child.lower() in repositories, claim.child
        assert parent is None or is_named(claim.names, parent.name), (claim.names, claim.parent)
        assert parent or claim.parent.startswith("https://") or "/" in claim.parent
    for step in edges(tree):
        if step.evidence.kind != "authors":
            continue
        line = [step.child.id]
        while (elder := tree.elder.get(line[-1])) is not None:
            line.append(elder.parent.id)
        assert any(
            claim.source == step.evidence.source
            and repositories[claim.child.lower()].id in line
            and tree.one_design(parent.id, step.parent.id)
            for claim in said
            if (parent := repositories.get(claim.parent.lower())) is not None
        ), step


def is_named(words: str, name: str) -> bool:
    """Whether all words are the model's, and its number is among them: "Llama" isn't Llama 2 70B, "Llama-2" is."""
    of_name = re.sub(r"\b\d+(x\d+)?(\.\d+)?[BMTK]\b.*", "", name)
    said, all_of_it, own = (
        set(re.findall(r"\d+(?:\.\d+)*|[a-z]+", text.lower())) for text in (words, name, of_name)
    )
    return said <= all_of_it and {word for word in own if word[0].isdigit()} <= said


@pytest.mark.parametrize(
    ("words", "name", "named"),
    [
        ("Llama", "Llama 2 70B", False),
        ("Llama-2", "Llama 2 70B", True),
        ("LLaMA", "Llama 65B", True),
        ("Qwen2.5-Coder 3B", "Qwen2.5 7B", False),
        ("Mamba", "Mamba-2 2.7B", False),
        ("GPT-3", "GPT-2 XL", False),
    ],
)
def test_a_name_is_a_model_or_another(words: str, name: str, named: bool) -> None:
    assert is_named(words, name) is named


@pytest.mark.parametrize(
    ("child", "credited"),
    [
        ("llama-65b", ("GPT-3", "PaLM", "GPTNeo")),
        ("mistral-7b-v0.1", ("Llama",)),
        ("plamo-2-1b", ("Samba",)),
        ("gpt-j-6b", ("GPT-3",)),
        ("zamba2-2.7b", ("Zamba",)),
        ("minimax-text-01", ("TransNormer",)),
        ("minimax-m2", ("MiniMax-M1",)),
        ("vibethinker-3b", ("Qwen2.5-Coder 3B",)),
    ],
)
def test_what_authors_say_of_other_models_is_told(
    tree: Lineage, child: str, credited: tuple[str, ...]
) -> None:
    """Of models that aren't here too, with their address; it is evidence of nothing."""
    step = tree.parent(child)
    assert step is not None
    assert step.evidence.kind not in ("authors", "series")
    assert tuple(claim.names for claim in step.evidence.credited) == credited
    assert f"its authors name {listed(credited)})" in link_words(step)
    assert step.evidence.credited[0].source in step_text(step)
    assert all(claim.words in step_text(step) for claim in step.evidence.credited)


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
