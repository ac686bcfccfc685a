"""What the field calls a mechanism stands beside its plain words in every figure, in facts and in prose, and is its home's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import get_args

import pytest

from llm_gallery import explain, facts, figure, mechanisms
from llm_gallery.architecture.block import Block, distinct, main_stack
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import Model, find
from llm_gallery.concepts import concepts
from llm_gallery.explanation.flow import flow
from llm_gallery.explanation.prose import MOST_WORDS
from llm_gallery.explanation.prose import words as count_words
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.kit.shapes import Picture, Text
from llm_gallery.mechanisms import MECHANISMS, concepts_of
from llm_gallery.mechanisms.convolution import convolved
from llm_gallery.plan.naming import Naming, heading, owners
from llm_gallery.plan.planning import plan
from tests.figure.gates import words
from tests.sample import models, sampled

WHOLE: tuple[Detail, ...] = ("standard", "full", "column", "phone")
"""Figures that have room for every name; a tower's second lines go first where it is crowded."""


def texts(picture: Picture) -> Iterator[str]:
    for shape in picture.shapes:
        if isinstance(shape, Text):
            yield words(shape)
    for _, part in picture.inside:
        yield from texts(part)


def said(model: Model, detail: Detail, names: Naming = "both") -> str:
    drawn = draw(model.architecture, model.heading, detail=detail, names=names)
    return " | ".join(texts(drawn.picture))


def named(model: Model) -> list[Block]:
    """What mixes in a model's layers, and what joins it to its streams."""
    held = plan(model.architecture.root).named
    return [block for block in held if block.mixes or block.connects]


def of_field(model: Model) -> set[str]:
    """Every name that the field has for these."""
    return {
        word
        for block in named(model)
        for word in mechanisms.field_name(block).split()
        if word != "on"
    }


def holds(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def has_room(model: Model) -> bool:
    """Whether the explanation could still take the sentence on what the field calls its parts."""
    architecture = model.architecture
    told = flow(architecture, plan(architecture.root)).sentences
    (sentence,) = (one for one in told if one.text.startswith("The field calls this "))
    said = [one for paragraph in explain(model).paragraphs for one in paragraph.sentences]
    return sentence in said or count_words([*said, sentence]) <= MOST_WORDS


def lacking(model: Model, text: str) -> set[str]:
    return {name for name in of_field(model) if not holds(text, name)}


@pytest.mark.parametrize("model", sampled())
def test_every_name_of_the_field_stands_in_every_figure(model: str) -> None:
    found = find(model)
    assert {d: lost for d in WHOLE if (lost := lacking(found, said(found, d)))} == {}


@pytest.mark.parametrize("model", models())
def test_every_name_of_the_field_stands_in_facts_and_prose(model: str) -> None:
    found, stated = find(model), facts(model)
    assert not lacking(found, stated.text())
    assert not lacking(found, explain(found).text()) or not has_room(found)
    in_json = " ".join(section["field_name"] for section in stated["sheet"])
    mixing = {mechanisms.field_name(b) for b in named(found) if b.mixes_tokens and b.mixes}
    assert all(name in in_json for name in mixing)


@pytest.mark.parametrize("model", models())
def test_a_name_of_the_field_is_one_of_a_concept_that_the_model_has(model: str) -> None:
    """Its home is the mechanism's, and what it means is the concept's: both say the same."""
    root = find(model).architecture.root
    parts = [root, *(b for part in root.inside if not part.other_modality for b in distinct(part))]
    shown = {concept for block in parts for concept in concepts_of(block)}
    known = {
        name
        for c in shown
        if c in concepts()
        for name in (concepts()[c].name, *concepts()[c].names)
    }
    written = {name.replace("Squared ReLU", "ReLU²") for name in known}
    assert of_field(find(model)) <= written | {"ReGLU", "GSA", "MFA"}


@pytest.mark.parametrize("model", models())
def test_a_name_of_one_maker_alone_is_that_of_the_models_maker(model: str) -> None:
    """Once another takes it up, it is the field's."""
    found = find(model)
    assert found.entry is not None
    own = {maker for block in named(found) for maker in mechanisms.makers(block).values()}
    assert own <= {found.entry.organization}


@pytest.mark.parametrize("model", ["deepseek-v4-pro", "zaya1-8b"])
def test_whose_a_name_is_stands_in_figure_facts_and_prose(model: str) -> None:
    found = find(model)
    (maker,) = {m for block in named(found) for m in mechanisms.makers(block).values()}
    name = next(name for block in named(found) for name in mechanisms.makers(block))
    for detail in WHOLE:
        assert f"{name}*" in said(found, detail)
        text = said(found, detail).replace(" | ", " ").replace("\u2217", "*")
        assert owners(named(found)) in text
    assert f"{name} ({maker}'s name)" in facts(found).text()
    assert f"{maker}'s {name}" in explain(found).text() or not has_room(found)


_LAYERS = "61 layers: 3 dense + 58 MoE."
"""DeepSeek V3's layers by kind, under a headline: a sentence, no label."""


def test_names_are_plain_the_fields_or_both() -> None:
    """Of a figure's labels; a headline is written in the field's terms."""
    found = find("deepseek-v3")
    labels = replace(found.heading, summary="")
    for detail in (*WHOLE, "paper", "slide"):
        plain, field, both = (
            " | ".join(texts(draw(found.architecture, labels, detail=detail, names=names).picture))
            for names in get_args(Naming)
        )
        assert not {"MLA", "MoE"} & {*re.findall(r"\w+", plain.replace(_LAYERS, ""))}
        assert "Latent attention" in plain
        assert holds(field, "MLA")
        assert "Latent attention" not in field
        assert "Latent attention" in both
    for detail in WHOLE:
        assert "Latent attention · MLA" in said(found, detail)


def test_an_unknown_way_to_name_is_refused() -> None:
    with pytest.raises(Refusal, match="names"):
        figure("deepseek-v3", names="formal")  # type: ignore[arg-type]


@pytest.mark.parametrize("model", sampled())
def test_one_thing_has_one_label(model: str) -> None:
    """A convolution, a window and a rotation are called the same wherever they stand."""
    found = find(model)
    every = {label for taps in range(1, 17) for label in convolved(taps)}
    for detail in WHOLE:
        text = said(found, detail)
        assert not re.search(r"mix of (?:the )?(?:last )?\d+ tokens", text)
        assert not re.search(
            r"\b[Ll]ocal attention|\b[Ww]indow attention", text.replace("-window", "")
        )
        for label in re.findall(r"(?<!s)\b(convolution, [^|]*?)(?:then \w+)?(?= \||$)", text):
            assert label in every, label
        held = plan(found.architecture.root).named
        partly = [
            block.number("rotated") / block.number("head_dim")
            for block in (block for use in held for block in distinct(use))
            if {"rotated", "head_dim"} <= block.facts.keys()
        ]
        if any("rope_dim" in block.facts for block in held):
            continue  # of a latent's two keys one is rotated whole
        if partly and all(0 < share < 1 for share in partly):
            shares = [f"RoPE {100 * share:.3g}%" for share in partly]
            pills = re.findall(r"(?<=\| )RoPE(?: [\d.]+%)?(?= undone)?(?= \|)", text)
            assert all(pill in shares for pill in pills), pills


def test_layers_are_said_to_be_causal_where_they_are() -> None:
    for model, causal in (("llama-3-8b", True), ("llada-8b", False)):
        found = find(model)
        assert all(("causal layers" in said(found, detail)) is causal for detail in WHOLE)
        assert (", causal" in facts(found).text()) is causal
        assert facts(found)["layers"]["causal"] is causal
        assert ("bidirectional layers" in explain(found).text()) is not causal


def test_every_home_states_names_of_one_line() -> None:
    for home in MECHANISMS.values():
        for name, maker in home.names.makers.items():
            assert " " not in name
            assert maker


def test_a_title_that_is_the_fields_name_stands_alone() -> None:
    stack = main_stack(find("mamba-2.8b").architecture.root)
    assert stack is not None
    block = next(block for block in distinct(stack) if block.recurs)
    assert heading("Mamba", [block]) == ("Mamba", "")
