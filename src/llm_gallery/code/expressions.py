"""Expressions of a forward with the block at hand: what is known is computed, what isn't is written down."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.operators import BINARY, COMPARED, TYPES
from llm_gallery.code.parts import numbered, outside, part, shard, stacked, view
from llm_gallery.code.sources import found, source
from llm_gallery.code.values import (
    Experts,
    Function,
    Known,
    Name,
    Part,
    Parts,
    Settings,
    Shards,
    Stored,
    Value,
    constant,
    field,
    is_number,
    name,
)


class Caller(Protocol):
    """What makes a function of the file for a call."""

    asked: set[str]  # facts that differ between the variants and were met

    def call(self, function: Function, given: Sequence[Value], frame: Expressions) -> Value:
        """The call, or what it comes to."""


class Expressions:
    """The names of one function and what they stand for."""

    def __init__(self, caller: Caller, module: str, scope: dict[str, Value], variants: int) -> None:
        self.caller, self.module, self.scope = caller, module, scope
        self.variants = variants
        self.folded = False  # whether a test in it was known
        self.alive = frozenset(range(variants))  # the variants that run the statement at hand

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

    def expression(self, node: ast.expr) -> ast.expr:
        """The same as code."""
        return self.code(self.value(node))

    def code(self, value: Value) -> ast.expr:
        """How the file writes a value."""
        match value:
            case ast.expr():
                return value
            case Known():
                return value.shown
            case Stored():
                return value.code
            case tuple() | list():
                return ast.Tuple(elts=[self.code(each) for each in value], ctx=ast.Load())
        raise Refusal(f"can't print: {type(value).__name__} is used as a number")

    def agreed(self, value: Value) -> tuple[bool, Any]:
        """Whether all variants that run have one value, and which."""
        if not isinstance(value, Known):
            return False, None
        held = [value.values[i] for i in sorted(self.alive)]
        same = all(type(one) is type(held[0]) and one == held[0] for one in held)
        return same, held[0]

    def known(self, value: Any, shown: ast.expr) -> Known:
        """The same value in all variants."""
        return Known((value,) * self.variants, shown)

    def each(self, compute: Callable[..., Any], *given: Known) -> tuple[Any, ...]:
        """A value for each variant that runs."""
        try:
            return tuple(
                compute(*(one.values[i] for one in given)) if i in self.alive else None
                for i in range(self.variants)
            )
        except TypeError as error:  # a formula of what the block doesn't state
            raise Refusal(
                f"can't print code yet: {self.module} computes with nothing ({error})"
            ) from None

    def outside(self, word: str) -> Value:
        """What a module knows by a name: its own function or constant, an import, a builtin."""
        module, word = found(self.module, word)
        held = source(module)
        if word in held.functions:
            return Function(module, word)
        if word in held.constants:
            return self.stated(module, word, held.constants[word])
        return Name(word, brings=held.others.get(word, ""))

    def stated(self, module: str, word: str, node: ast.expr) -> Value:
        """A constant of a module."""
        inner = Expressions(self.caller, module, {}, self.variants)
        value = inner.value(node)
        if isinstance(value, Known) and is_number(value.values[0]):
            return Known(value.values, constant(word, value.values[0]))
        if isinstance(value, ast.expr):
            return Name(word.strip("_").upper(), computed=value)
        return value

    def attribute(self, base: Value, word: str) -> Value:
        """A setting, a part, or an attribute of what a run computes."""
        match base:
            case Settings():
                return self.setting(base, word)
            case Parts():
                base.asked.add(word)
                return base.held.get(word, self.known(None, ast.Constant(None)))
            case Part(settings=settings) if word in "bw":
                return settings if word == "b" else outside(base)
        return ast.Attribute(value=self.code(base), attr=word, ctx=ast.Load())

    def setting(self, b: Settings, word: str) -> Value:
        """A fact or a setting of the block, of the whole model where the block has none."""
        if word == "layer":
            return name("layer")
        b.asked.update((min(i, len(b.blocks) - 1), word) for i in self.alive)
        blocks = b.blocks * (self.variants if len(b.blocks) == 1 else 1)
        values = tuple(_stated(block, b.whole, word) for block in blocks)
        known = Known(values, ast.Constant(None))
        same, value = self.agreed(known)
        if not same or word in self.caller.asked:
            self.caller.asked.add(word)
            return Known(values, field(word))
        return Known(values, constant(word, value) if is_number(value) else ast.Constant(value))

    def item(self, base: Value, index: Value) -> Value:
        """An element of what is known, an expert, or an element of what a run computes."""
        same, key = self.agreed(index)
        if isinstance(base, Shards):
            return shard(base, self.code(index))
        if isinstance(base, Experts):
            return self.expert(base, self.code(index))
        if isinstance(base, Mapping) and same:
            return base[key]
        holds, held = self.agreed(base)
        if holds and same and isinstance(held, Mapping | list | tuple):
            return self.element(held[key], key)
        if isinstance(base, Known) and same and not holds:
            values = self.each(lambda one: one[key], base)
            return Known(values, field(str(key)))
        return ast.Subscript(value=self.code(base), slice=self.code(index), ctx=ast.Load())

    def element(self, value: Any, key: Any) -> Known:
        """A value that a setting holds, under the name that it has there."""
        named = isinstance(key, str) and (is_number(value) or isinstance(value, list | tuple))
        return self.known(value, constant(key, value) if named else ast.Constant(value))

    def expert(self, experts: Experts, index: ast.expr) -> Part:
        """An expert that the run chooses."""
        at = view(experts.name)
        assert isinstance(at, ast.Call)
        if experts.block.stacked:
            at.args.append(index)
            settings = Settings((experts.block,), experts.whole)
            return Part(settings, stacked(experts.block, experts.whole), at)
        made = part([experts.block], experts.whole, experts.name)
        if made.leaf:
            return numbered(made, experts.name, index)
        at.args = [ast.JoinedStr([ast.Constant(f"{experts.name}."), ast.FormattedValue(index, -1)])]
        if experts.block.copies == 1:
            at.args = [ast.Constant(experts.name)]
        return Part(made.settings, made.parts, at)

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

    def truth(self, value: bool) -> Known:
        return self.known(value, ast.Constant(value))

    def either(self, node: ast.BoolOp) -> Value:
        """`and`, `or`: no further than the first that decides."""
        stop = isinstance(node.op, ast.Or)
        left: list[Value] = []
        for each in node.values:
            value = self.value(each)
            same, one = (True, True) if isinstance(value, Stored) else self.agreed(value)
            if same and bool(one) is stop:
                left.append(value)
                break
            if not same or each is node.values[-1]:
                left.append(value)
        if len(left) == 1:
            return left[0]
        shown = ast.BoolOp(op=node.op, values=[self.code(one) for one in left])
        if all(isinstance(one, Known) for one in left):

            def decided(*given: Any) -> Any:
                for one in given:
                    if bool(one) is stop:
                        return one
                return given[-1]

            return Known(
                self.each(decided, *(one for one in left if isinstance(one, Known))), shown
            )
        return shown

    def unary(self, op: ast.unaryop, operand: Value) -> Value:
        shown = ast.UnaryOp(op=op, operand=self.code(operand))
        if not isinstance(operand, Known):
            return shown
        if isinstance(op, ast.Not):
            return Known(self.each(operator.not_, operand), shown)
        return Known(self.each(operator.neg, operand), shown)

    def binary(self, left: Value, op: ast.operator, right: Value) -> Value:
        shown = ast.BinOp(left=self.code(left), op=op, right=self.code(right))
        if isinstance(left, Known) and isinstance(right, Known) and type(op) in BINARY:
            return Known(self.each(BINARY[type(op)], left, right), shown)
        return shown

    def compared(self, left: Value, op: ast.cmpop, right: Value) -> Value:
        """A comparison; an array of the checkpoint and a part are never None."""
        there = isinstance(left, Part | Experts | Stored)
        if there and isinstance(op, ast.Is | ast.IsNot):
            return self.truth(isinstance(op, ast.IsNot))
        if isinstance(right, Mapping) and isinstance(left, Known):
            right = self.known(right, ast.Constant(None))
            return Known(self.each(COMPARED[type(op)], left, right), ast.Constant(None))
        shown = ast.Compare(left=self.code(left), ops=[op], comparators=[self.code(right)])
        if isinstance(left, Known) and isinstance(right, Known):
            return Known(self.each(COMPARED[type(op)], left, right), shown)
        return shown

    def chosen(self, test: ast.expr, body: ast.expr, orelse: ast.expr) -> Value:
        """One of two values."""
        asked = self.value(test)
        same, yes = self.agreed(asked)
        if same:
            self.folded = True
            return self.value(body if yes else orelse)
        yes_value, no_value = (
            self.narrowed(asked, side, to) for side, to in ((body, True), (orelse, False))
        )
        shown = ast.IfExp(
            test=self.code(asked), body=self.code(yes_value), orelse=self.code(no_value)
        )
        if all(isinstance(one, Known) for one in (asked, yes_value, no_value)):
            picks = (asked, yes_value, no_value)
            held = [one for one in picks if isinstance(one, Known)]
            return Known(self.each(lambda t, a, b: a if t else b, *held), shown)
        return shown

    def narrowed(self, asked: Value, node: ast.expr, to: bool) -> Value:
        """The value of an expression where a test that tells variants apart came out so."""
        before = self.alive
        self.alive = self.where(asked, to)
        value = self.value(node)
        self.alive = before
        return value

    def where(self, asked: Value, to: bool) -> frozenset[int]:
        """The variants for which a test comes out so; all where only a run can tell."""
        if not isinstance(asked, Known):
            return self.alive
        return frozenset(i for i in self.alive if bool(asked.values[i]) is to)

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
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name)]


def _stated(block: Any, whole: Mapping[str, Any], word: str) -> Any:
    if word in block.settings:
        return block.settings[word]
    return block.facts[word].value if word in block.facts else whole.get(word)
