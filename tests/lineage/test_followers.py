"""Followers by concept: each cell is what the two trees say, in order of time, with a cut-off, and all forms say the same."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from llm_gallery.architecture.block import layers
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.followers import alternatives, followers, names, recipes
from llm_gallery.catalog.followers_sheet import drawn
from llm_gallery.cli import main
from llm_gallery.concepts import concepts
from llm_gallery.lineage import (
    Follower,
    Lineage,
    Matrix,
    followers_json,
    followers_markdown,
    followers_text,
)
from llm_gallery.lineage.followers import shares
from tests.figure.gates import faults


@pytest.fixture(scope="module")
def matrix(tree: Lineage) -> Matrix:
    return followers(tree, "deepseek-v3")


def row(matrix: Matrix, model: str) -> Follower:
    return next(one for one in matrix.followers if one.member.id == model)


def states(matrix: Matrix, model: str) -> dict[str, str]:
    return {cell.concept: cell.state for cell in row(matrix, model).cells}


def test_what_each_did_with_the_template(matrix: Matrix) -> None:
    k2, glm = states(matrix, "kimi-k2"), states(matrix, "glm-4.5")
    assert {one for one, state in k2.items() if state == "dropped"} == {
        "group-limited-routing",
        "multi-token-prediction",
    }
    assert glm["multi-head-latent-attention"] == "replaced"
    assert glm["mixture-of-experts"] == "kept"
    (cell,) = (c for c in row(matrix, "glm-4.5").cells if c.state == "replaced")
    assert (cell.concept, cell.by) == ("multi-head-latent-attention", ("grouped-query-attention",))
    assert row(matrix, "deepseek-v3.2-exp").new == ("sparse-attention",)
    linear = {cell.concept: cell for cell in row(matrix, "kimi-linear-48b-a3b").cells}
    latent = linear["multi-head-latent-attention"]
    assert (latent.state, latent.layers, latent.of) == ("partly", 7, 27)
    assert linear["rope"].by == ("nope",)


def test_every_cell_follows_from_the_trees(tree: Lineage, matrix: Matrix) -> None:
    assert [one.member.released for one in matrix.followers] == sorted(
        one.member.released for one in matrix.followers
    )
    for one in matrix.followers:
        assert tree.originals[one.member.id] == one.member.id
        assert {cell.concept for cell in one.cells} == set(matrix.root.concepts)
        taken = set()
        for cell in one.cells:
            assert (cell.concept in one.member.concepts) == (cell.state in ("kept", "partly"))
            assert bool(cell.by) == (cell.state == "replaced")
            assert set(cell.by) <= set(alternatives()[cell.concept]) & set(one.member.concepts)
            taken |= set(cell.by)
        fresh = set(one.member.concepts) - set(matrix.root.concepts)
        assert set(one.new) | taken == fresh
        assert not set(one.new) & taken
    listed = {one.member.id for one in matrix.followers}
    assert not {step.child.id for step in matrix.left} & listed
    ended = followers(tree, "deepseek-moe-16b").left
    assert any(step.child.id == "kimi-k3" for step in ended)


def test_llamas_recipe_ends_where_experts_and_latents_outnumber_it(tree: Lineage) -> None:
    found = followers(tree, "llama-2-70b")
    members = {one.member.id for one in found.followers}
    assert {"mistral-7b-v0.1", "gpt-oss-120b", "mixtral-8x7b"} <= members
    of_qwen = followers(tree, "qwen1.5-110b")
    assert "qwen3-32b" in {one.member.id for one in of_qwen.followers}
    assert "qwen2-7b" in {copy.id for copy in of_qwen.copies}
    assert not {"deepseek-v2", "deepseek-v3", "kimi-k2"} & members
    assert all(one != "llama-2-70b" for one in members)
    assert {copy.id for copy in found.copies} >= {"llama-3-8b", "yi-34b"}


def test_layers_are_counted_one_by_one(tree: Lineage) -> None:
    root = tree.members["kimi-linear-48b-a3b"].architecture.root
    counted = shares(root)
    assert counted["mixture-of-experts"] == len(layers(root)) - 1
    assert counted["kimi-delta-attention"] + counted["multi-head-latent-attention"] == 27


def test_all_forms_say_the_same(matrix: Matrix) -> None:
    data = followers_json(matrix, names())
    text, table = followers_text(matrix, names()), followers_markdown(matrix, names())
    assert json.loads(json.dumps(data)) == data
    docs = (Path(__file__).parents[2] / "docs" / "lineage.md").read_text("utf-8")
    for part in (data, data["concepts"][0], data["followers"][0], data["followers"][0]["cells"][0]):
        assert all(f'"{key}"' in docs for key in part)
    for one in data["followers"]:
        assert one["name"] in text
        assert one["name"] in table
        assert f"{one['kept']} of {len(data['concepts'])}" in text
    lines = [line for line in table.splitlines() if line.startswith("| 20")]
    assert len({line.count(" | ") for line in lines}) == 1
    assert len(lines) == len(matrix.followers)


@pytest.mark.parametrize("root", ["deepseek-v3", "llama-2-70b", "qwen3-next-80b-a3b", "gpt2-xl"])
def test_nothing_covers_anything_in_the_drawing(tree: Lineage, root: str) -> None:
    assert faults(drawn(followers(tree, root)).picture) == ()


def test_recipes_are_the_oldest_of_their_design_and_followed(tree: Lineage) -> None:
    order = list(tree.members)
    assert {"deepseek-v3", "llama-2-70b", "qwen3-next-80b-a3b"} <= set(recipes())
    for one, other in pairwise(recipes()):
        assert order.index(one) < order.index(other)
    assert all(tree.originals[one] == one for one in recipes())


def test_alternatives_are_mutual_and_known() -> None:
    for one, others in alternatives().items():
        assert one in concepts()
        for other in others:
            assert one in alternatives()[other]


@pytest.mark.whole
def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lineage", "--root", "qwen3-next-80b-a3b", "--matrix", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["root"] == "qwen3-next-80b-a3b"
    assert main(["lineage", "--matrix"]) == 2
    assert "--root" in capsys.readouterr().err


def test_a_root_that_isnt_there_is_refused(tree: Lineage) -> None:
    with pytest.raises(Refusal, match='"kimi-k9" is no model of the tree'):
        followers(tree, "kimi-k9")
