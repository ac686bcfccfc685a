"""Every scalar that a run multiplies with is known, and is drawn where it happens; none is left out."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Architecture, distinct
from llm_gallery.catalog.load import Model, find
from llm_gallery.code.file import file_of
from llm_gallery.code.supported import refused
from llm_gallery.figure import draw
from llm_gallery.figure.kit.shapes import Picture, Text, flat
from llm_gallery.mechanisms.scalars import DIVIDED, NO_SCALARS, TABLE, of_tree, scalars, unsaid
from llm_gallery.recognition import describe
from llm_gallery.running.miniature import miniature
from tests.figure.gates import words
from tests.sample import sampled
from tools.wired_facts import SIZES

IN_FORMULAS = frozenset(
    {
        "cutoff",
        "delay",
        "sparsity",
        "temperature_from",
        "temperature_length",
        "temperature_power",
        "temperature_share",
    }
)
"""Numbers of one scalar, which grows with the position, of a gate of which the largest count, or of a scale by the delay."""
COUNTS = frozenset(
    {
        "always_first", "always_last", "apart", "chunk", "end", "filler", "first", "first_blocks", "group_best", "groups", "groups_used", "head_experts", "last_blocks", "mix_rank",
        "norm_groups", "original_context", "rotated", "rounds", "sparse_block", "sparse_blocks", "sparse_every", "sparse_from", "sparse_local", "sparse_means",
        "spacing", "sparse_patterns", "sparse_seen", "sparse_stride",
        "steps", "summand", "taps", "used", "value_experts_used", "value_rank", "window",
    }
)  # fmt: skip
"""Whole numbers that a run asks for and multiplies nothing with: of tokens, groups, places, ranks and turns."""


@pytest.fixture(scope="module", params=sampled())
def model(request: pytest.FixtureRequest) -> Model:
    return find(request.param)


def texts(picture: Picture) -> list[str]:
    return [words(shape) for shape in flat(picture) if isinstance(shape, Text)]


def said(model: Model) -> list[str]:
    """All words of the full figure, those of a tooltip aside."""
    return texts(draw(model.architecture, model.heading, detail="full").picture)


def unknown(small: Architecture, known: frozenset[str]) -> set[str]:
    """The numbers that a run of a model asks its blocks for, and that no list knows."""
    return {
        f"{block.kind}.{name}"
        for part in file_of(small).bound
        for block, name in part.settings.each_asked()
        if name not in known | {*DIVIDED.get(block.kind, ())}
        and _number(block.settings.get(name, block.value(name)))
    }


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KNOWN = frozenset({*TABLE, *NO_SCALARS, *IN_FORMULAS, *COUNTS, *SIZES})


def test_every_number_that_a_run_asks_for_is_known(model: Model) -> None:
    """A number is a scalar, or a size or count that is known as none."""
    small = describe(miniature(model.config))
    if refused(small):
        pytest.skip("doesn't run")
    assert unknown(small, KNOWN) == set()


@pytest.mark.parametrize("name", ["shift", "limit", "gain", "window"])
def test_a_number_that_no_list_knows_is_caught(name: str) -> None:
    """GPT-OSS's: 1 is added to what goes up, a whole number that is a scalar."""
    small = describe(miniature(find("gpt-oss-20b").config))
    kind = "attention" if name == "window" else "mlp"
    assert unknown(small, KNOWN - {name}) == {f"{kind}.{name}"}


def test_every_number_with_a_fraction_is_known(model: Model) -> None:
    """The same of what no run asks for: a fact or setting that is no whole number."""
    known = {*TABLE, *NO_SCALARS, *IN_FORMULAS}
    for block in distinct(model.architecture.root):
        stated = {name: fact.value for name, fact in block.facts.items()} | dict(block.settings)
        floats = {name for name, value in stated.items() if isinstance(value, float)}
        assert floats <= known, block.kind


def test_every_scalar_is_drawn_in_full(model: Model) -> None:
    assert unsaid(model.architecture.root, said(model)) == ()


@pytest.mark.parametrize(
    "name", ["granite-4.1-30b", "gemma-2-27b", "falcon-h1-7b", "ling-3.0-flash"]
)
def test_a_scalar_that_is_left_out_is_caught(name: str) -> None:
    model = find(name)
    root, every = model.architecture.root, said(model)
    assert of_tree(root)
    for scalar in of_tree(root):
        without = [
            text
            for text in every
            if not any(form in text for form in (scalar.written, *scalar.others))
        ]
        assert scalar.written in {missed.written for missed in unsaid(root, without)}


def test_gpt_oss_adds_1_to_what_goes_up() -> None:
    root = find("gpt-oss-20b").architecture.root
    added = {scalar[:2] for block in distinct(root) for scalar in scalars(block)}
    assert ("+ 1", "up") in added


SAID = [
    ("gemma-3-27b", ("√5,376",)),
    ("gemma-2-27b", ("√4,608", "30")),
    ("granite-4.1-30b", ("× 12", "× 0.0625", "× 0.175")),
    ("grok-2.5-270b", ("√8,192", "× 0.5", "50")),
    ("muse-glimmer-30b", ("× 0.1961", "20")),
    ("minimax-text-01", ("× 3.557",)),
    ("gemma-4-31b", ("layer scale",)),
    ("phi-3.5-moe", ("with bias",)),
    ("gpt-oss-20b", ("with bias",)),
    ("baichuan2-7b", ("rows normed",)),
    ("mistral-large-3-675b", ("0.1 ln",)),
    ("inkling", ("learned", "× 0.04167")),
]
"""What stands in the standard figure, too."""


@pytest.mark.parametrize(("name", "told"), SAID)
def test_it_is_said_where_it_happens(name: str, told: tuple[str, ...]) -> None:
    model = find(name)
    every = "\n".join(texts(draw(model.architecture, model.heading).picture))
    assert [one for one in told if one not in every] == []


ON_WIRES = [
    ("deepseek-v3", ("÷ √192", "× 1.874", "YaRN: (0.1 ln 40 + 1)²")),
    ("deepseek-v4-pro", ("÷ √512", "softmax( q kT ) k")),
    ("qwen3-next-80b-a3b", ("÷ √128", "o = S q", "÷ 16", "softmax( scores ) v")),
    ("kimi-linear-48b-a3b", ("÷ √128", "o = S q")),
    ("xlstm-7b", ("h = S q / d",)),
]
"""What divides or multiplies is a sign on a wire where all is said, and no part of a formula."""


@pytest.mark.parametrize(("name", "told"), ON_WIRES)
def test_scalars_stand_on_wires_in_full(name: str, told: tuple[str, ...]) -> None:
    assert set(told) <= set(said(find(name)))


def test_bounds_say_which_layers_have_them() -> None:
    """Ling 3.0's last ones: 4 for the experts, 5 for the shared one, and in the last two 7."""
    every = said(find("ling-3.0-flash"))
    told = [text for text in every if text.endswith("of 40 layers")]
    assert sorted(told) == [
        "gate; up within ± 4: 7 of 40 layers",
        "shared: gate; up within ± 5: 6 of 40 layers",
        "shared: gate; up within ± 7: 2 of 40 layers",
    ]


def test_where_scores_differ_by_layer_the_formula_names_no_factor() -> None:
    assert "softmax( 2.005" not in "\n".join(said(find("motif-3-beta")))
