"""Expressions of a forward with the block at hand: what is known is computed, what isn't is written down."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from llm_gallery.code.edits import names_in
from llm_gallery.code.lookups import Lookups
from llm_gallery.code.operations import Operations
from llm_gallery.code.operators import TYPES
from llm_gallery.code.values import (
    Function,
    Known,
    Part,
    Value,
    name,
)


class Expressions(Lookups, Operations):
    """Expressions of one function."""

    def value(self, node: ast.expr) -> Value:
        """What an expression comes to."""
        match node:
            case ast.Constant():
                return self.known(node.value, node)
            case ast.Name(id=word):
                return self.scope[word] if word in self.scope else self.outside(word)
            case ast.Attribute(value=base, attr=word):
                return self.attribute(self.value(base), word)
            case ast.Subscript(value=base, slice=index):
                return self.item(self.value(base), self.value(index))
            case ast.Call():
                return self.called(node)
            case ast.BoolOp():
                return self.either(node)
            case ast.UnaryOp(op=op, operand=operand):
                return self.unary(op, self.value(operand))
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(self.value(left), op, self.value(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self.compared(self.value(left), op, self.value(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.chosen(test, body, orelse)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                return self.sequence(node, [self.value(each) for each in elts])
            case ast.Dict():
                return self.mapping(node)
            case ast.GeneratorExp() | ast.ListComp() | ast.DictComp():
                return self.comprehension(node)
        return self.rebuilt(node)

    def called(self, node: ast.Call) -> Value:
        """A call: of a part, of a function of ours, of numpy."""
        match node.func:
            case ast.Name(id="isinstance"):
                same, value = self.agreed(self.value(node.args[0]))
                if same and isinstance(node.args[1], ast.Name):
                    return self.truth(isinstance(value, TYPES[node.args[1].id]))
            case ast.Attribute(value=ast.Name(id="np"), attr="asarray") if (
                len(node.args) == 1 and not node.keywords
            ):
                return self.value(node.args[0])  # which says what it is to a type checker only
            case ast.Attribute(value=base, attr="get"):
                held, table = self.agreed(self.value(base))
                if held and isinstance(table, Mapping):
                    key, *default = (self.value(one) for one in node.args)
                    word = self.agreed(key)[1]
                    if word in table:
                        return self.element(table[word], word)
                    return default[0] if default else self.known(None, ast.Constant(None))
        function = self.value(node.func)
        if isinstance(function, Function | Part):
            given = [self.value(one) for one in node.args]
            if isinstance(function, Part):
                kind = function.settings.blocks[0].kind
                given = [function.settings, function, *given]
                function = Function(kind, "forward")
            return self.caller.call(function, given, self)
        keywords = [ast.keyword(k.arg, self.expression(k.value)) for k in node.keywords]
        args = [self.expression(one) for one in node.args]
        match args:
            case [ast.GeneratorExp(elt=elt, generators=generators)]:
                args = [ast.ListComp(elt, generators)]  # as the only argument it reads as well
        return ast.Call(func=self.code(function), args=args, keywords=keywords)

    def sequence(self, node: ast.Tuple | ast.List, held: Sequence[Value]) -> Value:
        """Several values; known where all are."""
        if held and all(isinstance(one, Known) for one in held):
            values = self.each(
                lambda *given: given, *(one for one in held if isinstance(one, Known))
            )
            shown = type(node)(elts=[self.code(one) for one in held], ctx=ast.Load())
            return Known(values, shown, tuple(held))
        if isinstance(node, ast.List):
            return ast.List(elts=[self.code(one) for one in held], ctx=ast.Load())
        return tuple(held)

    def mapping(self, node: ast.Dict) -> Value:
        """A table: of functions by name, or arrays by name."""
        if None in node.keys:  # another table's entries: none is known before the run
            read = [None if key is None else self.expression(key) for key in node.keys]
            return ast.Dict(keys=read, values=[self.expression(one) for one in node.values])
        keys = [self.value(key) for key in node.keys if key is not None]
        values = [self.value(value) for value in node.values]
        if not values:
            return self.known({}, node)
        if any(isinstance(value, Function) for value in values):
            return {self.agreed(k)[1]: v for k, v in zip(keys, values, strict=True)}
        return ast.Dict(keys=[*map(self.code, keys)], values=[*map(self.code, values)])

    def comprehension(self, node: ast.GeneratorExp | ast.ListComp | ast.DictComp) -> ast.expr:
        """A loop in an expression, over what a run computes."""
        before = dict(self.scope)
        loops = []
        for loop in node.generators:
            over = self.expression(loop.iter)
            for word in targets(loop.target):
                self.scope[word] = name(word)
            tests = [self.expression(test) for test in loop.ifs]
            loops.append(ast.comprehension(loop.target, over, tests, 0))
        made: ast.expr
        if isinstance(node, ast.DictComp):
            made = ast.DictComp(self.expression(node.key), self.expression(node.value), loops)
        else:
            made = type(node)(elt=self.expression(node.elt), generators=loops)
        self.scope = before
        return made

    def rebuilt(self, node: ast.expr) -> ast.expr:
        """Any other expression, its parts worked out."""
        made: dict[str, Any] = {}
        for key, held in ast.iter_fields(node):
            if isinstance(held, list):
                made[key] = [
                    self.expression(one) if isinstance(one, ast.expr) else one for one in held
                ]
            else:
                made[key] = self.expression(held) if isinstance(held, ast.expr) else held
        return type(node)(**made)


def targets(node: ast.expr) -> list[str]:
    """The names that an assignment or a loop sets."""
    return [one.id for one in names_in(node)]
