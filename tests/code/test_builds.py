"""What runs the same code is told by a number, and printed once."""

from __future__ import annotations

import ast
import inspect
from dataclasses import replace

from llm_gallery import describe
from llm_gallery.architecture.block import Block, layers
from llm_gallery.code import edits
from llm_gallery.code.binding import of_the_model
from llm_gallery.code.builds import Builds
from llm_gallery.code.edits import names_in
from llm_gallery.code.functions import Functions
from llm_gallery.code.values import name


def mlp() -> Block:
    layer = layers(describe("qwen3-0.6b").root)[0]
    return next(part for branch in layer.inside for part in branch.inside if part.kind == "mlp")


def wider(block: Block) -> Block:
    fact = block.facts["inner"]
    return replace(block, facts={**block.facts, "inner": replace(fact, value=7)})


def test_blocks_that_state_the_same_have_one_number() -> None:
    builds, block = Builds(), mlp()
    again = replace(block)
    assert again is not block
    assert builds.exact(block) == builds.exact(again)
    assert builds.whole(block) == builds.whole(wider(block))
    assert builds.exact(block) != builds.exact(wider(block))
    assert builds.whole(block) != builds.whole(replace(block, name="other"))
    assert builds.built(block) == builds.built(replace(block, name="other"))
    other = replace(block, settings={**block.settings, "epsilon": 1e-3})
    assert builds.whole(block) != builds.whole(other)


def test_a_part_that_is_alike_is_printed_once() -> None:
    root, block = describe("qwen3-0.6b").root, mlp()
    functions, whole = Functions(), of_the_model(root)
    first = functions.plain(block, "mlp", whole, name("x"))
    made = len(functions.bound)
    assert made
    assert functions.plain(replace(block), "mlp", whole, name("x")) == first
    assert len(functions.bound) == made
    assert "'second'" in functions.plain(block, "second", whole, name("x"))
    assert len(functions.bound) > made
    assert [*functions.texts] == ["sigmoid", "silu", "mlp"]


def test_names_come_in_the_order_of_a_walk() -> None:
    tree = ast.parse(inspect.getsource(edits))
    walked = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    assert walked
    assert [*names_in(tree)] == walked
