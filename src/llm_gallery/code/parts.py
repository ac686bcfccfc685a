"""A block's parts as a printed file names them: by the checkpoint's own names, rows cut out of what is packed."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Block, join
from llm_gallery.code import binding
from llm_gallery.code.binding import Abreast, Bound, Copies, Cut, Inner, Sharded, Share, Stack
from llm_gallery.code.values import (
    Experts,
    Part,
    Parts,
    Settings,
    Shards,
    Stored,
    Value,
    array,
    name,
)


def part(blocks: Sequence[Block], whole: Mapping[str, Any], path: str) -> Part:
    """A block, or several variants of one, at a path below the block that holds it."""
    leaf = not any(block.inside or binding.tables(block) for block in blocks)
    settings = Settings(tuple(blocks), whole)
    held = parts(blocks, whole, path if leaf else "")
    return Part(settings, held, view(path) if path else name("w"))


def view(path: str) -> ast.expr:
    """The checkpoint's arrays below a path; all that are given, where a part has no name of its own."""
    return below(path) if path else name("w")


def below(path: str) -> ast.Call:
    """The call that gives the checkpoint's arrays below a path."""
    at = ast.Attribute(value=name("w"), attr="at", ctx=ast.Load())
    return ast.Call(func=at, args=[ast.Constant(path)], keywords=[])


def parts(blocks: Sequence[Block], whole: Mapping[str, Any], prefix: str = "") -> Parts:
    """What a block holds, arrays and parts, by role."""
    held: dict[str, Value] = {}
    for block in blocks:
        for role, tensor, turned in binding.own(block):
            tied = tensor.tied_to if block.is_head else None  # layers': see lent.py
            stored = array(tied or join(prefix, tensor.name), len(tensor.shape))
            held[role] = _oriented(stored, turned)
    sides = [dict(binding.inside("", block)) for block in blocks]
    for role, bound in max(sides, key=len).items():  # a variant that borrows has fewer
        held[role] = _called(bound, [side.get(role, bound).block for side in sides], whole)
    return Parts(held)


def _called(bound: Bound, blocks: Sequence[Block], whole: Mapping[str, Any]) -> Value:
    """What a role stands for, in several variants of the block that holds it."""
    match bound:
        case Inner(path):
            return part(blocks, whole, path)
        case Copies(path, block, joint):
            return Experts(path, block, whole, joint)
        case Sharded(path, block):
            before, number, after = binding.tables(block)[0].name.partition("0")
            return Shards(join(path, before), after, one=not number)
        case Stack(path, block):
            return array(join(path, block.tensors[0].name))
        case Abreast(path, block):
            return _abreast(block, whole, path)
        case Share(path, block, cut):
            stored = {tensor.role: array(join(path, tensor.name)) for tensor in block.tensors}
            made = _map(block, stored["weight"], stored.get("bias"), cut, whole)
            if "adapter_down" not in stored:
                return made
            up = _share(stored["adapter_up"], cut, columns=False)
            beside = {
                "adapter_down": _oriented(stored["adapter_down"], True),
                "adapter_up": _oriented(up, True),
            }
            return replace(made, parts=Parts({**made.parts.held, **beside}))


def from_outside(one: Part) -> Parts:
    """A part's arrays for the block that holds it: where the part has parts of its own, it knows none but its own names."""
    if one.leaf or not isinstance(one.path, ast.Call):
        return one.parts
    at = ast.literal_eval(one.path.args[0])
    own = parts(one.settings.blocks, one.settings.whole, at).held
    arrays = {role: held for role, held in own.items() if isinstance(held, Stored)}
    return Parts(arrays, one.parts.asked)


def numbered(one: Part, several: Experts, index: ast.expr) -> Part:
    """A part of arrays alone, one of several whose names differ in a number, which only a run knows."""
    place = _Numbered(several, index)
    held = {
        role: Stored(place.visit(held.code))
        for role, held in one.parts.held.items()
        if isinstance(held, Stored)
    }
    return Part(one.settings, Parts(held), one.path)


def shard(table: Shards, index: ast.expr) -> ast.expr:
    """One tensor of a table."""
    if table.one:
        return array(table.before).code
    number = ast.FormattedValue(index, -1)
    parts = [ast.Constant(table.before), number, ast.Constant(table.after)]
    return ast.Subscript(value=name("w"), slice=ast.JoinedStr(parts), ctx=ast.Load())


class _Numbered(ast.NodeTransformer):
    """Names with a number behind their first word."""

    def __init__(self, several: Experts, index: ast.expr) -> None:
        self.name, self.joint, self.index = several.name, several.joint, index

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        number = ast.FormattedValue(self.index, -1)
        last = ast.Constant(node.value.removeprefix(self.name))
        return ast.JoinedStr([ast.Constant(f"{self.name}{self.joint}"), number, last])


def stacked(block: Block, whole: Mapping[str, Any]) -> Parts:
    """The matrices of one expert, of a tensor that holds all: the view has taken its row."""
    held: dict[str, Value] = {}
    for role, tensor in binding.own_of_a_copy(block):
        held[role] = array(tensor.name)
    for role, weight, bias, cut in binding.of_a_copy(block):
        shift = None if bias is None else array(bias.name)
        held[role] = _map(block, array(weight.name), shift, cut, whole, role)
    return Parts(held)


def _abreast(norm: Block, whole: Mapping[str, Any], path: str) -> Part:
    """A norm for each head as one, whose scale is (heads, channels)."""
    text = f"w[{path + '.weight'!r}][None]"  # a single head's has its number in its name
    if norm.copies > 1:
        text = f"np.stack([w[f{path + '.{i}.weight'!r}] for i in range({norm.copies})])"
    scales = Stored(ast.parse(text, mode="eval").body)
    return Part(Settings((norm,), whole), Parts({"weight": scales}), name("w"))


def _map(
    block: Block,
    weight: Stored,
    bias: Stored | None,
    cut: Cut | None,
    whole: Mapping[str, Any],
    role: str = "",
) -> Part:
    """A matrix with its bias, or what of both is one role's."""
    turned = binding.turned(block, role)
    held: dict[str, Value] = {"weight": _oriented(_share(weight, cut, not turned), turned)}
    if bias is not None:
        held["bias"] = _share(bias, cut, False)
    return Part(Settings((Block("linear"),), whole), Parts(held), name("w"))


def _oriented(stored: Stored, turned: bool) -> Stored:
    """A matrix as (inputs, outputs), whichever way it is stored."""
    return replace(stored, code=ast.Attribute(stored.code, "T", ast.Load())) if turned else stored


def _share(packed: Stored, cut: Cut | None, columns: bool) -> Stored:
    """The rows of one role in a packed array, or its columns."""
    if cut is None:
        return packed
    text, (first, last, every, groups) = ast.unparse(packed.code), cut
    if groups == 1:
        span = f"{first or ''}:{'' if last == every else last}"
        made = f"{text}[:, {span}]" if columns else f"{text}[{span}]"
    elif last - first == 1:  # every so many rows one
        span = f"{first}::{every}"
        made = f"{text}[:, {span}]" if columns else f"{text}[{span}]"
    elif columns:
        made = f"group_rows({text}.T, {groups}, {first}, {last}).T"
    else:
        made = f"group_rows({text}, {groups}, {first}, {last})"
    return Stored(ast.parse(made, mode="eval").body)
