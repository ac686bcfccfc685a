"""Siblings: models of one release, whose ancestor is common."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.followers import names
from llm_gallery.lineage import Lineage, Member, Step, text, to_json
from llm_gallery.lineage.release import DAYS, releases
from llm_gallery.lineage.series import series
from tests.lineage.descents import SIBLINGS


def edges(tree: Lineage) -> list[Step]:
    return [step for steps in tree.measured.values() for step in steps]


@pytest.mark.parametrize(("elder", "younger"), SIBLINGS)
def test_models_of_one_release_are_siblings(tree: Lineage, elder: str, younger: str) -> None:
    assert younger in tree.siblings[elder]
    assert elder in tree.siblings[younger]
    ancestors = [tree.parent(one) for one in (elder, younger)]
    assert ancestors[0] is not None
    assert ancestors[1] is not None
    assert elder not in {step.parent.id for step in tree.measured[younger]}
    assert tree.one_design(ancestors[0].parent.id, ancestors[1].parent.id)


def test_siblings_are_of_one_release_and_have_one_ancestor(tree: Lineage) -> None:
    release = releases(tuple(tree.members.values()))
    assert sum(map(bool, tree.siblings.values())) > 40
    for own, others in tree.siblings.items():
        for other in others:
            assert own in tree.siblings[other]
            one, two = tree.members[own], tree.members[other]
            assert other in release[own]
            assert (one.house, series(one)) == (two.house, series(two))
            assert abs((one.released - two.released).days) <= DAYS
            first, second = tree.parent(own), tree.parent(other)
            assert first is not None
            assert second is not None
            assert tree.one_design(first.parent.id, second.parent.id)
    for step in edges(tree):
        assert step.parent.id not in release[step.child.id], "nothing descends from its own release"


def test_edges_of_siblings_say_so(tree: Lineage) -> None:
    said = to_json(tree)
    nodes = {node["id"]: node for node in said["nodes"]}
    first = {edge["child"]: edge["parent"] for edge in said["edges"] if edge.get("rank") == 1}
    found = [edge for edge in said["edges"] if edge["relation"] == "sibling" and "common" in edge]
    assert len(found) == len(tree.elder) >= 19
    for edge in found:
        assert edge["evidence"] == "measured"
        assert edge["rank"] is None
        assert edge["child"] in nodes[edge["parent"]]["siblings"]
        assert edge["common"] == nodes[first[edge["child"]]]["copy_of"] or (
            edge["common"] == first[edge["child"]]
        )
    assert "sibling of gpt-oss 120B" not in text(tree, names()), "a copy, on its line"
    assert "Falcon 7B, sibling of Falcon 40B, under " in text(tree, names())


def test_no_ancestor_comes_round(tree: Lineage) -> None:
    for model in tree.members:
        seen = [model]
        while (step := tree.parent(seen[-1])) is not None:
            assert step.parent.id not in seen
            assert step.parent.released <= step.child.released
            seen.append(step.parent.id)


def test_a_name_tells_its_release(members: tuple[Member, ...]) -> None:
    by_id = {member.id: member for member in members}
    found = releases(sorted(members, key=lambda one: (one.released, one.id)))
    assert "gemma-2-2b" in found["gemma-2-27b"], "one number, five weeks"
    assert "qwen3-vl-235b-a22b" not in found["qwen3-next-80b-a3b"], "what hangs on the number"
    assert "deepseek-moe-16b" not in found["deepseek-llm-7b"], "no number, another day"
    assert "command-r-plus-104b" not in found["command-r-35b"]
    assert {series(by_id[one]) for one in ("chatglm3-6b", "glm-4-32b")} == {"glm"}
