"""A matrix that a checkpoint stores for several roles is multiplied once, and the product cut."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import NamedTuple

from llm_gallery.code.definitions import Definition
from llm_gallery.code.edits import Edit
from llm_gallery.code.inlining import names_read, names_set

ADAPTED = "linear("
"""How the call of a map with an adapter begins."""


class Cut(NamedTuple):
    """What is taken of an array: everything before its outputs, which outputs, in how many groups."""

    array: str
    columns: bool  # whether outputs are its columns
    span: str
    groups: str


class Piece(NamedTuple):
    """A product with a part of a stored matrix, and its bias; or the call of a map with an adapter."""

    node: ast.expr
    given: str
    weight: Cut
    bias: str
    called: str = ""  # with the whole matrix


def shared(one: Definition) -> Definition:
    """A function in which no two products of the same read the same matrix."""
    parts = "][" in one.text or "group_rows(" in one.text
    several = one.text.count(" @ ") > 1 or one.text.count(ADAPTED) > 1
    if not parts or not several or one.function is None:
        return one
    groups: dict[tuple[str, ...], list[tuple[ast.stmt, Piece]]] = {}
    for line in one.function.body:
        for piece in _pieces(line):
            key = (piece.given, piece.weight.array, piece.bias, piece.weight.groups, piece.called)
            groups.setdefault(key, []).append((line, piece))
    for pieces in groups.values():
        edits = _edits(one.text, one.function, pieces)
        if edits is not None:
            return shared(one.edited(edits))
    return one


def _pieces(line: ast.stmt) -> Iterator[Piece]:
    """The products of a statement with parts of stored matrices, each with its bias."""
    todo: list[ast.AST] = [line]
    while todo:
        node = todo.pop()
        piece = _piece(node)
        if piece is not None:
            yield piece
        elif not isinstance(node, ast.For | ast.If | ast.GeneratorExp | ast.ListComp):
            todo += ast.iter_child_nodes(node)


def _piece(node: ast.AST) -> Piece | None:
    match node:
        case ast.Call(func=ast.Name(id="linear"), args=[given, *args]):
            return _adapted(node, given, args)
        case ast.BinOp(left=ast.BinOp() as product, op=ast.Add(), right=right):
            made, bias = _piece(product), _cut(right)
            if made is None or made.bias or bias is None or bias.span != made.weight.span:
                return None
            return Piece(node, made.given, made.weight, bias.array)
        case ast.BinOp(left=left, op=ast.MatMult(), right=ast.Attribute(value=stored, attr="T")):
            cut = _cut(stored)
            if cut is not None and not cut.columns:
                return Piece(node, ast.unparse(left), cut, "")
        case ast.BinOp(left=left, op=ast.MatMult(), right=stored):
            cut = _cut(stored)
            if cut is not None and cut.columns:
                return Piece(node, ast.unparse(left), cut, "")
    return None


def _adapted(node: ast.Call, given: ast.expr, args: list[ast.expr]) -> Piece | None:
    """The call of a map of which each matrix is cut at the same outputs, or isn't cut."""
    cuts = [_cut(one.value if isinstance(one, ast.Attribute) else one) for one in args]
    spans = {cut.span for cut in cuts if cut is not None}
    first = next((cut for cut in cuts if cut is not None), None)
    if first is None or first.columns or first.groups or len(spans) > 1:
        return None
    whole = (
        ast.unparse(one)
        if cut is None
        else f"{cut.array}.T"
        if isinstance(one, ast.Attribute)
        else cut.array
        for one, cut in zip(args, cuts, strict=True)
    )
    return Piece(
        node, ast.unparse(given), first, "", f"{ADAPTED}{ast.unparse(given)}, {', '.join(whole)})"
    )


def _cut(node: ast.expr) -> Cut | None:
    match node:
        case ast.Subscript(value=ast.Subscript() as array, slice=ast.Slice() as span):
            return Cut(ast.unparse(array), False, ast.unparse(span), "")
        case ast.Subscript(
            value=ast.Subscript() as array, slice=ast.Tuple(elts=[ast.Slice(), ast.Slice() as span])
        ):
            return Cut(ast.unparse(array), True, ast.unparse(span), "")
        case ast.Call(func=ast.Name(id="group_rows"), args=[array, groups, first, last]):
            outputs = f"{ast.unparse(first)}:{ast.unparse(last)}".removeprefix("0")
            return Cut(ast.unparse(array), False, outputs, ast.unparse(groups))
    return None


def whole(spans: Collection[str]) -> bool:
    """Whether spans, as `:8` and `8:` or `0::2` and `1::2`, leave out no output: the product would have some that nobody reads.

    Of the last one of a group nobody knows whether it ends with the group.
    """
    if all("::" in span for span in spans):
        starts = {int(span.partition("::")[0]) for span in spans}
        return starts == {*range(int(next(iter(spans)).partition("::")[2]))}
    ends = dict(span.split(":")[:2] for span in spans)
    at, seen = "", 0
    while at in ends and seen < len(ends):
        at, seen = ends[at], seen + 1
    return seen == len(ends)


def _edits(
    code: str, node: ast.FunctionDef, pieces: list[tuple[ast.stmt, Piece]]
) -> list[Edit] | None:
    """The product before the first statement that reads of it, and what each piece takes."""
    (first, one), (last, _) = pieces[0], pieces[-1]
    word = _word(one.weight.array)
    between = [line for line in node.body if first.lineno <= line.lineno < last.lineno]
    given = names_read([ast.parse(one.given)])
    taken = names_read([node]) | names_set(node) | {a.arg for a in node.args.args}
    if len(pieces) < 2 or not whole({piece.weight.span for _, piece in pieces}):
        return None
    if not word.isidentifier() or not one.given.isidentifier():
        return None
    if word in taken or any(given & names_set(line) for line in between):
        return None
    product = f"{one.given} @ {one.weight.array}{'' if one.weight.columns else '.T'}"
    product = one.called or product
    if one.bias:
        product += f" + {one.bias}"
    if one.weight.groups:
        product = f"({product}).reshape(len({one.given}), {one.weight.groups}, -1)"
    lines, place = code.splitlines(), first.lineno
    while lines[place - 2].lstrip().startswith("#"):  # what is said of the statement
        place -= 1
    start = Edit(place, 0, place, 0, f"    {word} = {product}\n")
    return [start, *(_taken(code, piece, word) for _, piece in pieces)]


def _taken(code: str, piece: Piece, word: str) -> Edit:
    """A piece of the product, without parentheses around it."""
    text = f"{word}[..., {piece.weight.span}]"
    node = piece.node
    assert node.end_lineno == node.lineno
    line = code.splitlines()[node.lineno - 1].encode()
    first, last = node.col_offset, node.end_col_offset or 0
    alone = line[first - 1 : first] == b"(" and not line[first - 2 : first - 1].isalnum()
    if alone and line[last : last + 1] == b")":
        first, last = first - 1, last + 1
    if piece.weight.groups and not line[last:].startswith(b".reshape("):
        text += f".reshape(len({piece.given}), -1)"
    return Edit(node.lineno, first, node.lineno, last, text)


def _word(array: str) -> str:
    """What the product with an array is called: its name in the checkpoint."""
    name = str(ast.literal_eval(array[len("w[") : -1])) if array.startswith("w['") else ""
    return name.removesuffix(".weight").rpartition(".")[2]
