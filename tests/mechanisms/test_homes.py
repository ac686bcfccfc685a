"""A mechanism's home says all of it: formula, shapes, purposes of its parts, terms of the legend, sizes of a miniature."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.architecture.block import Block, distinct, distinct_layers
from llm_gallery.architecture.kinds import TRAITS, kinds, said_of_kinds
from llm_gallery.architecture.roles import ROLES
from llm_gallery.catalog.load import find
from llm_gallery.figure.sheets.glossary import terms
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.parts.formulas import formula
from llm_gallery.parts.shapes import shapes
from llm_gallery.running.miniature_sizes import largest
from tests.sample import sample

WITHOUT_FORMULA = {"gated_memory", "gated_slot_attention"}
"""A product, and two softmaxes, which their drawings show."""


def blocks() -> Iterator[tuple[Block, Block]]:
    """Every block in the layers of the sample, with its model."""
    for name in sample():
        root = find(name).architecture.root
        for layer in distinct_layers(root):
            yield from ((block, root) for block in distinct(layer))


def test_every_mixer_has_a_formula_and_shapes() -> None:
    found, without = set(), set()
    for block, root in blocks():
        if block.mixes:
            found.add(block.kind)
            (first, *between, last) = shapes(block, root.number("width"))
            assert (first[0], last[0]) == ("in", "out")
            assert between, block.kind
            if not formula(block, root):
                without.add(block.kind)
    assert len(found) >= 20
    assert without <= WITHOUT_FORMULA


def test_a_purpose_is_of_a_role_and_a_term_has_one_meaning() -> None:
    said = {term for mechanism in MECHANISMS.values() for term in mechanism.legend}
    assert len({term.term for term in said}) == len(said)
    assert said <= {term for term, _ in terms()}
    for mechanism in MECHANISMS.values():
        assert mechanism.purposes.keys() <= ROLES.keys()


def test_a_size_of_a_config_is_of_one_mechanism() -> None:
    """So that what is changed in its home is changed."""
    keys = [key for mechanism in MECHANISMS.values() for key in mechanism.miniature]
    assert len(keys) > 100
    assert len(keys) == len(set(keys))
    assert largest()["kv_lora_rank"] == MECHANISMS["latent_attention"].miniature["kv_lora_rank"]


def test_a_kind_has_one_place_and_what_follows_of_it() -> None:
    assert {kind: said[0] for kind, said in said_of_kinds().items()}["mamba2"] == "recurs"
    assert {"mixes", "mixes tokens", "is about tokens"} <= TRAITS["mamba2"]
    assert set(kinds("mixes")) == {*kinds("mixes tokens"), *kinds("mixes channels")}
    assert set(kinds("stands apart")) == {*kinds("drafts"), *kinds("is another modality")}
    assert TRAITS["memory_of_nobody"] == frozenset()
