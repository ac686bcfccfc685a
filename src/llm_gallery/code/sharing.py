"""A matrix that a checkpoint stores for several roles is multiplied once, and the product cut."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, join
from llm_gallery.code.binding import cuts, of_a_copy
from llm_gallery.code.definitions import Definition
from llm_gallery.code.edits import Edit, names_in, replaced
from llm_gallery.code.inlining import names_read, names_set
from llm_gallery.code.supported import run_parts

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


Names = Mapping[tuple[str, int], tuple[str, int]]
"""Of the outputs of a stored array that begin with one: their role, and how many all have, or all of a group."""
LETTERS = {
    "query": "q", "key": "k", "value": "v", "x": "u", "latent_down": "latent", "rotated_key": "k_rope", "step_down": "step", "read": "share",
}  # fmt: skip
"""Roles that the field has another name for."""


def stored_together(root: Block) -> Names:
    """What the outputs of each array are that a text runs through and that is stored for several roles."""
    found: dict[tuple[str, int], tuple[str, int]] = {}
    for block in run_parts(root):
        if len(block.roles) > 1:
            names = [_last(join(block.name, tensor.name)) for tensor in block.tensors]
            of = {cut.first: (role, cut.every) for role, cut in cuts(block, block.roles)}
            found |= {(name, first): held for name in names for first, held in of.items()}
        if block.stacked:
            for role, weight, _, cut in of_a_copy(block):
                found |= {} if cut is None else {(_last(weight.name), cut.first): (role, cut.every)}
    return found


def _last(name: str) -> str:
    """The last word of an array's name."""
    return name.removesuffix(".weight").rpartition(".")[2]


def shared(one: Definition, names: Names, constants: Mapping[str, Any]) -> Definition:
    """A function in which no two products of the same read the same matrix."""
    parts = "][" in one.text or "group_rows(" in one.text
    several = one.text.count(" @ ") > 1 or one.text.count(ADAPTED) > 1
    if not parts or not several or one.function is None:
        return one
    groups: dict[tuple[object, ...], list[tuple[ast.stmt, Piece]]] = {}
    for place, lines in enumerate(_bodies(one.function)):
        for line, piece in ((own, piece) for own in lines for piece in _pieces(own)):
            of = (piece.given, piece.weight.array, piece.bias, piece.weight.groups, piece.called)
            groups.setdefault((place, *of), []).append((line, piece))
    for pieces in groups.values():
        edits = _edits(one.function, pieces, one.text, names, constants)
        if edits is not None:
            return shared(_without_itself(one.edited(edits)), names, constants)
    return one


def _bodies(node: ast.FunctionDef | ast.If) -> Iterator[list[ast.stmt]]:
    """The statements of a function, and of each side of its tests."""
    for lines in (node.body, node.orelse) if isinstance(node, ast.If) else (node.body,):
        yield lines
        for line in lines:
            if isinstance(line, ast.If):
                yield from _bodies(line)


def _plain(node: ast.FunctionDef) -> list[ast.stmt]:
    """The statements of a function that hold no others."""
    return [one for one in ast.walk(node) if isinstance(one, ast.stmt) and not hasattr(one, "body")]


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
    node: ast.FunctionDef,
    pieces: list[tuple[ast.stmt, Piece]],
    code: str,
    names: Names,
    constants: Mapping[str, Any],
) -> list[Edit] | None:
    """The product before the first statement that reads of it, split into parts with names, and the name of each piece."""
    (first, one), (last, _) = pieces[0], pieces[-1]
    between = [line for line in _plain(node) if first.lineno <= line.lineno < last.lineno]
    given = names_read([ast.parse(one.given)])
    if len(pieces) < 2 or not whole({piece.weight.span for _, piece in pieces}):
        return None
    if not one.given.isidentifier() or any(given & names_set(line) for line in between):
        return None
    product = f"{one.given} @ {one.weight.array}{'' if one.weight.columns else '.T'}"
    product = one.called or product
    if one.bias:
        product += f" + {one.bias}"
    if one.weight.groups:
        heads = _heads(node, one.weight.groups, constants)
        product = f"({product}).reshape(len({one.given}), {heads}, -1)"
    spans = {piece.weight.span: line for line, piece in pieces}
    parts: dict[str, str] = {}
    for span in sorted(spans, key=_start):
        role, every = names.get((_stored(one.weight.array), _start(span)), ("", 0))
        parts[span] = _free(role, node, first, spans[span], {*parts.values()})
    last_end = [*parts][-1].partition(":")[2]
    if last_end.isdecimal() and int(last_end) != every:
        return None  # more follows, which nobody reads
    lines, place = code.splitlines(), first.lineno
    while lines[place - 2].lstrip().startswith("#"):  # what is said of the statement
        place -= 1
    indent = " " * first.col_offset
    start = Edit(
        place, 0, place, 0, f"{indent}{', '.join(parts.values())} = {_split(product, [*parts])}\n"
    )
    return [start, *(_taken(code, piece, parts[piece.weight.span]) for _, piece in pieces)]


def _heads(node: ast.FunctionDef, count: str, constants: Mapping[str, Any]) -> str:
    """A number of heads under the name that the function has for it."""
    named = (name.id for name in names_in(node) if name.id.endswith("HEADS"))
    return next((word for word in named if constants.get(word) == int(count)), count)


def _split(product: str, spans: Sequence[str]) -> str:
    """A product's parts: one behind another, or every so many columns one."""
    if "::" in spans[0]:
        return f"np.moveaxis(({product}).reshape(len(x), -1, {len(spans)}), -1, 0)"
    return f"np.split({product}, [{', '.join(str(_start(span)) for span in spans[1:])}], axis=-1)"


def _start(span: str) -> int:
    """The first output of a span."""
    return int(span.partition(":")[0] or 0)


def _stored(array: str) -> str:
    """The last words of the name of a stored array."""
    return _last(array.partition("[")[2].strip("f'\"]"))


def _free(
    role: str, node: ast.FunctionDef, first: ast.stmt, last: ast.stmt, taken: Collection[str]
) -> str:
    """A name for the part of a role: nothing in the function means another thing by it before the part was read."""
    word = LETTERS.get(role, role) or "part"
    before = [line for line in _plain(node) if line.lineno < last.lineno]
    after = [line for line in _plain(node) if first.lineno <= line.lineno <= last.lineno]
    used = {argument.arg for argument in node.args.args} | {*taken} | names_read(after)
    used |= {name for line in before if line.lineno >= first.lineno for name in names_set(line)}
    used |= names_read(before) & {name for line in before for name in names_set(line)}
    candidates = (word, f"{word}_part", *(f"{word}_{i}" for i in range(2, 9)))
    return next(one for one in candidates if one not in used)


def _taken(code: str, piece: Piece, word: str) -> Edit:
    """The name of a piece, without parentheses around it."""
    text = word
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


def _without_itself(one: Definition) -> Definition:
    """Without `q = q` among the names that a statement sets."""
    assert one.function is not None
    edits = []
    for line in _plain(one.function):
        match line:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                sides = zip(map(ast.unparse, targets), map(ast.unparse, values), strict=True)
                left = [(target, value) for target, value in sides if target != value]
                if len(left) < len(targets) and left:
                    text = f"{', '.join(t for t, _ in left)} = {', '.join(v for _, v in left)}"
                    edits.append(replaced(line, text))
                elif not left:
                    edits.append(_gone(line))
            case ast.Assign(targets=[ast.Name(id=word)], value=ast.Name(id=other)) if word == other:
                edits.append(_gone(line))
    return one.edited(edits)


def _gone(line: ast.stmt) -> Edit:
    """Nothing in the place of a line."""
    return Edit(line.lineno, 0, (line.end_lineno or line.lineno) + 1, 0, "")
