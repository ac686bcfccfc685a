"""Texts as they were read; every number in them against the facts; their grammar, their length and their names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from llm_gallery import Refusal, explain
from llm_gallery.architecture.block import Architecture, walk
from llm_gallery.catalog.load import entries, find
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.explanation import Explanation, explained, markdown, text, to_json
from llm_gallery.figure import Heading
from tests.conftest import Golden
from tests.explanation.described_model import told
from tests.explanation.numbers import unchecked
from tests.figure import crossed, generated
from tests.sample import first, models

GOLDEN = Path(__file__).parents[1] / "golden" / "explain"
READ = (
    "llama-3-8b", "gpt2-xl", "deepseek-v3", "deepseek-v4-pro", "qwen3-next-80b-a3b", "kimi-k3", "gpt-oss-20b",
    "gemma-4-e2b", "mamba-2.8b", "nemotron-3-nano-30b-a3b", "ouro-2.6b-thinking",
)  # fmt: skip
MADE_UP = first(range(60), range(20))
LONGEST = 370
"""Words of a text; those that can be spared are left out above 320."""


@cache
def explanation(model: str) -> Explanation:
    return explain(model)


@cache
def names() -> tuple[str, ...]:
    """What models and those who released them are called, and when: words with digits that count nothing."""
    months = re.findall(r"\w+ 20\d\d", " ".join(find(e.id).heading.month for e in entries()))
    return (*(e.name for e in entries()), *(e.organization for e in entries()), *months)


def made_up(seed: int) -> Explanation:
    """A made-up model, every second one of parts of real ones."""
    return explained("made-up", architecture(seed), Heading(name="Made up"))


def architecture(seed: int) -> Architecture:
    make = crossed.crossed if seed % 2 else generated.architecture
    return make(seed, wild=seed % 3 == 0)


@pytest.mark.parametrize("model", READ)
def test_a_text_reads_as_it_did(model: str, golden: Golden) -> None:
    golden(GOLDEN / f"{model}.txt", text(explanation(model)))


@pytest.mark.parametrize("model", models())
def test_every_number_of_a_model_is_computed(model: str) -> None:
    about = told(find(model).architecture, *names())
    about.facts["weights"] = model_facts(find(model))["weights"]
    assert list(unchecked(about, explanation(model))) == []


@pytest.mark.parametrize("seed", MADE_UP)
def test_every_number_of_a_made_up_model_is_computed(seed: int) -> None:
    about = told(architecture(seed), "Made up")
    assert list(unchecked(about, made_up(seed))) == []


FAULTS = (
    r"  | [,.;:]|\.\.|,,|\(\)|\( | \)|[{}*]|None|\bTrue\b|\bFalse\b",
    r"\b1 (?:layers|heads|rows|streams|experts|tokens|times)\b",
    r"\b0 of\b|\b1 have\b|\b(?:[2-9]|\d\d+) has\b",
    r"\ba (?:[aeiou]|8|11 |18 )|\ban (?!MLP|n-gram|[aeiou]|8)",
    r"\b(\w+) \1\b(?<!that that)",
    r": [.;]|, [.;]|\bof of\b|\band and\b|: ,",
)
"""What no sentence has."""


def faults(said: Explanation) -> Iterator[str]:
    for paragraph in said.paragraphs:
        sentences = [sentence.text for sentence in paragraph.sentences]
        for sentence in sentences:
            plain = re.sub(r"\(\d+ : \d+\)", "(n)", sentence)
            for name in sorted(names(), key=len, reverse=True):
                plain = plain.replace(name, "N")
            if any(re.search(fault, plain) for fault in FAULTS):
                yield sentence
            if not re.match(r"[A-Z\d]|mLSTM", plain) or not sentence.endswith("."):
                yield sentence
            if sentence.count("(") != sentence.count(")"):
                yield sentence
        if len(set(sentences)) < len(sentences):
            yield paragraph.text


@pytest.mark.parametrize("model", models())
def test_a_text_of_a_model_has_no_fault(model: str) -> None:
    said = explanation(model)
    assert list(faults(said)) == []
    assert 4 <= len(said.paragraphs) <= 6
    assert sum(len(paragraph.text.split()) for paragraph in said.paragraphs) <= LONGEST


@pytest.mark.parametrize("seed", MADE_UP)
def test_a_text_of_a_made_up_model_has_no_fault(seed: int) -> None:
    said = made_up(seed)
    assert list(faults(said)) == []
    assert 3 <= len(said.paragraphs) <= 6
    assert sum(len(paragraph.text.split()) for paragraph in said.paragraphs) <= LONGEST


@pytest.mark.parametrize("model", models())
def test_names_lead_to_what_there_is(model: str) -> None:
    paths = {path for path, _ in walk(find(model).architecture.root)}
    known = {entry.id for entry in entries()}
    said = explanation(model)
    for paragraph in said.paragraphs:
        for name in paragraph.parts:
            assert name.target in paths
            assert name.words in paragraph.text
        for name in paragraph.models:
            assert name.target in known
            assert name.words == find(name.target).name
    assert any(paragraph.parts for paragraph in said.paragraphs)


def test_the_first_sentence_stands_alone() -> None:
    """It begins with nothing that points back."""
    for entry in entries():
        for paragraph in explanation(entry.id).paragraphs[1:]:
            first = paragraph.sentences[0].text
            assert not re.match(
                r"(It|They|There|That|These|This|In turn|Also)\b", first
            ) or first.startswith(("This model", "Its ")), first


def test_a_model_that_adds_nothing_says_so() -> None:
    said = explanation("deepseek-r1")
    assert "Nothing is new: DeepSeek V3 has every part." in text(said)
    assert "Their architectures are the same, number for number." in text(said)


def test_what_is_new_is_set_against_the_nearest_earlier_design() -> None:
    special = explanation("qwen3-next-80b-a3b").paragraphs[1]
    assert "An earlier design, Qwen3-Coder 30B-A3B, attended in every layer." in special.text
    assert special.models[0].target == "qwen3-coder-30b-a3b"
    assert special.parts[0].target == "model.layers.0.linear_attn"


def test_resemblance_is_said_as_such_and_descent_as_its_authors_state_it() -> None:
    follows = explanation("llama-3-8b").paragraphs[-1].text
    assert follows.startswith(
        "This model descends from Llama 2 70B of July 2023, as its authors state."
    )
    alike = explanation("xlstm-7b").paragraphs[-1].text
    assert re.match(r"Its nearest earlier design is .*, by similarity \(distance [\d.]+\)\.", alike)
    assert "By its authors' account: A dense Transformer close to Llama and Llama 2;" in follows


def test_a_line_that_begins_is_said_to() -> None:
    assert (
        explanation("mamba-2.8b")
        .paragraphs[-1]
        .text.startswith("No earlier design here is near it.")
    )


def test_a_config_from_elsewhere_has_no_date_and_no_ancestor() -> None:
    config = dict(find("llama-3-8b").config)
    said = explain({**config, "num_hidden_layers": 31})
    assert said.paragraphs[-1].text.startswith("Of the models here, ")
    assert "earlier design" not in text(said)
    assert "passes 31 equal layers" in text(said)


def test_markdown_and_data_say_the_same() -> None:
    said = explanation("kimi-linear-48b-a3b")
    data = to_json(said)
    assert list(data) == ["id", "name", "paragraphs", "caveats"]
    assert [one["text"] for one in data["paragraphs"]] == text(said).strip().split("\n\n")
    bare = markdown(said).replace("**", "").replace("\\", "")
    assert bare == f"# {said.name}\n\n{text(said)}"
    for one in data["paragraphs"]:
        assert list(one) == ["title", "text", "parts", "models"]


def test_caveats_are_said_last() -> None:
    config = dict(find("qwen3-0.6b").config)
    said = explain({**config, "unheard_of": 3})
    assert said.caveats == ("Not understood in the config: unheard_of.",)
    assert text(said).endswith("\n\nNot understood in the config: unheard_of.\n")
    assert markdown(said).endswith("*Not understood in the config: unheard\\_of.*\n")


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ("qwen3-0.7b", "the nearest ids are"),
        ({"model_type": "llama", "hidden_size": "wide"}, "hidden_size"),
        ({"model_type": "unheard_of", "hidden_size": 3}, "unheard_of"),
    ],
)
def test_what_cant_be_described_is_refused(given: Any, refused: str) -> None:
    with pytest.raises(Refusal, match=refused):
        explain(given)


def test_a_guess_is_said_to_be_one() -> None:
    config = {**find("qwen3-0.6b").config, "model_type": "unheard_of"}
    said = explain(config, guess=True)
    assert any("unheard_of" in caveat for caveat in said.caveats)


def test_what_the_order_of_layers_says_isnt_said_again() -> None:
    """Layers of attention, of an MLP, and of neither: no branch is in all of them."""
    attention, mlp = {"n_heads_in_group": 2}, {"ffn_mult": 1.0}
    none = {"no_op": True}
    blocks = [(attention, mlp), (none, mlp), (none, none)]
    config = {
        **find("llama-3-8b").config,
        "model_type": "nemotron-nas",
        "architectures": ["DeciLMForCausalLM"],
        "num_hidden_layers": len(blocks),
        "block_configs": [{"attention": one, "ffn": other} for one, other in blocks],
    }
    said = text(explain(config))
    order = "1 has grouped-query attention and a gated MLP and 1 has a gated MLP."
    assert order in said
    assert "also has" not in said
