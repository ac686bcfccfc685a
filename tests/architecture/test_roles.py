"""Roles: what a part does in the block that holds it, in one vocabulary."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.block import Architecture, Block
from llm_gallery.architecture.parts import fused, gated_mlp, linear, rms_norm
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.architecture.schema import from_json, to_json

JOINT = linear("in_proj_ba", 8, 4, role=("beta", "alpha"))
BLOCK = Block("gated_deltanet", inside=(rms_norm("norm", 8, role="output_norm"), JOINT))


def test_a_part_is_found_by_its_role_alone_or_among_others() -> None:
    assert BLOCK.part("alpha") is BLOCK.part("beta") is BLOCK.part("alpha", "beta") is JOINT
    assert BLOCK.part("query") is None
    assert BLOCK.part("beta", "output_norm") is None


def test_what_is_no_role_is_refused_where_it_is_given_and_where_it_is_asked_for() -> None:
    with pytest.raises(
        ValueError,
        match="a role is 'qeury', expected a role of architecture/roles.py; the nearest is 'query'",
    ):
        linear("q_proj", 8, 8, role="qeury")
    with pytest.raises(ValueError, match="a role is 'qeury'"):
        BLOCK.part("qeury")
    written = to_json(Architecture("made_up", BLOCK))
    written["blocks"][0]["roles"] = ["qeury"]
    with pytest.raises(Refusal, match="a role is 'qeury'"):
        from_json(written)


def test_roles_survive_json() -> None:
    assert from_json(to_json(Architecture("made_up", BLOCK))).root == BLOCK


def test_what_is_stored_as_one_has_all_its_roles_in_their_order() -> None:
    roles = ("query", "key", "value", "output")
    inside = tuple(linear(role, 8, 8, role=role) for role in roles)
    joint, out = fused(Block("attention", inside=inside), "qkv_proj", "dense").inside
    assert (joint.roles, out.roles) == (roles[:3], ("output",))
    wide, down = gated_mlp("mlp", width=8, inner=16, activation="silu", fused=True).inside
    assert (wide.roles, down.roles) == (("gate", "up"), ("down",))
