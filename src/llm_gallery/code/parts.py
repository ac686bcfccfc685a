"""A block's parts as a printed file names them: by the checkpoint's own names, rows cut out of what is packed."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from llm_gallery.architecture.block import Block, children, join
from llm_gallery.architecture.refusal import Refusal
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

MATRICES = ("linear", "router", "shared_gate")


def part(blocks: Sequence[Block], whole: Mapping[str, Any], path: str) -> Part:
    """A block, or several variants of one, at a path below the block that holds it."""
    leaf = not any(block.inside or _tables(block) for block in blocks)
    settings = Settings(tuple(blocks), whole)
    held = parts(blocks, whole, path if leaf else "")
    return Part(settings, held, view(path) if path else name("w"))


def view(path: str) -> ast.expr:
    """The checkpoint's arrays below a path."""
    at = ast.Attribute(value=name("w"), attr="at", ctx=ast.Load())
    return ast.Call(func=at, args=[ast.Constant(path)], keywords=[])


def parts(blocks: Sequence[Block], whole: Mapping[str, Any], prefix: str = "") -> Parts:
    """What a block holds, arrays and parts, by role."""
    first = blocks[0]
    held: dict[str, Value] = {}
    for tensor in (tensor for block in blocks for tensor in block.tensors):
        held[tensor.role or tensor.name] = array(tensor.tied_to or join(prefix, tensor.name))
    if tables := _tables(first):
        before, after = tables[0].split("0")
        held["tables"] = Shards(join(prefix, before), after)
    if first.kind in MATRICES and isinstance(weight := held.get("weight"), Stored):
        held["weight"] = _oriented(first, weight)
    mlps = ["experts", "shared"] if first.is_mixture else []
    sides = zip(*(children("", block) for block in blocks), strict=True)
    for side in sides:
        path, inner = side[0][0], [block for _, block in side]
        one = inner[0]
        if one.is_mlp and mlps:
            role = mlps.pop(0)
            held[role] = (
                Experts(path, one, whole) if role == "experts" else part(inner, whole, path)
            )
        elif one.kind == "group" and one.roles:
            held[one.roles[0]] = _side_by_side(one, whole, path)
        elif one.roles == ("of_row",):
            held["of_row"] = Experts(path.rpartition(".")[0], one, whole)
        elif len(one.roles) > 1:
            held.update(_shares(one, whole, path))
        else:
            held[next(iter(one.roles), one.kind)] = part(inner, whole, path)
    return Parts(held)


def outside(one: Part) -> Parts:
    """A part's arrays for the block that holds it: where the part has parts of its own, it knows none but its own names."""
    if one.leaf or not isinstance(one.path, ast.Call):
        return one.parts
    at = ast.literal_eval(one.path.args[0])
    own = parts(one.settings.blocks, one.settings.whole, at).held
    arrays = {role: held for role, held in own.items() if isinstance(held, Stored)}
    return Parts(arrays, one.parts.asked)


def numbered(one: Part, name: str, index: ast.expr) -> Part:
    """A part of arrays alone, one of several whose names differ in a number, which only a run knows."""
    place = _Numbered(name, index)
    held = {
        role: Stored(place.visit(held.code))
        for role, held in one.parts.held.items()
        if isinstance(held, Stored)
    }
    return Part(one.settings, Parts(held), one.path)


def shard(table: Shards, index: ast.expr) -> ast.expr:
    """One tensor of a table."""
    number = ast.FormattedValue(index, -1)
    parts = [ast.Constant(table.before), number, ast.Constant(table.after)]
    return ast.Subscript(value=name("w"), slice=ast.JoinedStr(parts), ctx=ast.Load())


class _Numbered(ast.NodeTransformer):
    """Names with a number behind their first word."""

    def __init__(self, name: str, index: ast.expr) -> None:
        self.name, self.index = name, index

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if not isinstance(node.value, str):
            return node
        number = ast.FormattedValue(self.index, -1)
        last = ast.Constant(node.value.removeprefix(self.name))
        return ast.JoinedStr([ast.Constant(f"{self.name}."), number, last])


def stacked(block: Block, whole: Mapping[str, Any]) -> Parts:
    """The matrices of one expert, of a tensor that holds all: the view has taken its row."""
    held: dict[str, Value] = {}
    stored = {tensor.role: array(tensor.name) for tensor in block.tensors}
    for role, packed in stored.items():
        if not role.endswith("bias"):
            maps = _maps(block, role.split(), packed, stored.get(f"{role} bias"), whole)
            held.update(maps)
    return Parts(held)


def _side_by_side(group: Block, whole: Mapping[str, Any], path: str) -> Part:
    """A norm for each head as one, whose scale is (heads, channels)."""
    norm = group.inside[0]
    below = join(path, norm.name)
    text = f"w[{below + '.weight'!r}][None]"  # a single head's has its number in its name
    if norm.copies > 1:
        text = f"np.stack([w[f{below + '.{i}.weight'!r}] for i in range({norm.copies})])"
    scales = Stored(ast.parse(text, mode="eval").body)
    return Part(Settings((norm,), whole), Parts({"weight": scales}), name("w"))


def _shares(block: Block, whole: Mapping[str, Any], path: str) -> Iterator[tuple[str, Part]]:
    """The part of each role of one that stores several."""
    stored = {tensor.role: array(join(path, tensor.name)) for tensor in block.tensors}
    return _maps(block, block.roles, stored["weight"], stored.get("bias"), whole)


def _maps(
    block: Block,
    roles: Sequence[str],
    packed: Stored,
    bias: Stored | None,
    whole: Mapping[str, Any],
) -> Iterator[tuple[str, Part]]:
    """One matrix for each role, with its share of the bias."""
    columns = bool(block.settings.get("transposed"))
    weights = _rows(block, roles, packed, columns)
    shifts = [None] * len(roles) if bias is None else _rows(block, roles, bias, False)
    for role, weight, shift in zip(roles, weights, shifts, strict=True):
        held: dict[str, Value] = {"weight": _oriented(block, weight)}
        if shift is not None:
            held["bias"] = shift
        map_ = Block("linear", settings=block.settings)
        yield role, Part(Settings((map_,), whole), Parts(held), name("w"))


def _tables(block: Block) -> list[str]:
    """The names of the tensors that a table is stored in."""
    return [tensor.name for tensor in block.tensors if tensor.role == "tables"]


def _oriented(block: Block, weight: Stored) -> Stored:
    """As (inputs, outputs)."""
    if block.settings.get("transposed"):
        return weight
    return Stored(ast.Attribute(value=weight.code, attr="T", ctx=ast.Load()))


def _rows(block: Block, roles: Sequence[str], packed: Stored, columns: bool) -> Sequence[Stored]:
    """What of a packed array is each role's: rows in one piece, or in as many as there are groups."""
    if len(roles) == 1:
        return [packed]
    rows, groups = block.settings.get("rows"), block.settings.get("groups", 1)
    if rows is None:
        raise Refusal(
            f"can't run yet: {block.name} stores {', '.join(roles)}, and nothing says which rows are whose"
        )
    ends = [*accumulate(rows)]
    return [
        _share(packed, (end - count, end, ends[-1]), groups, columns)
        for count, end in zip(rows, ends, strict=True)
    ]


def _share(packed: Stored, rows: tuple[int, int, int], groups: int, columns: bool) -> Stored:
    """Rows or columns from one to another of so many, in each of several groups."""
    text = ast.unparse(packed.code)
    first, last, every = rows
    if groups == 1:
        cut = f"{first or ''}:{'' if last == every else last}"
        made = f"{text}[:, {cut}]" if columns else f"{text}[{cut}]"
    elif last - first == 1:  # every so many rows one
        cut = f"{first}::{every}"
        made = f"{text}[:, {cut}]" if columns else f"{text}[{cut}]"
    elif columns:
        made = f"group_rows({text}.T, {groups}, {first}, {last}).T"
    else:
        made = f"group_rows({text}, {groups}, {first}, {last})"
    return Stored(ast.parse(made, mode="eval").body)
