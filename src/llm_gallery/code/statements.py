"""Statements of a forward with the block at hand: branches that it doesn't take are gone, and names that nobody needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.expressions import Expressions, targets
from llm_gallery.code.text import comment, note, sets, without_unused
from llm_gallery.code.values import Known, Stored, Value, name

SHORT = (ast.Name, ast.Constant, ast.Attribute)
"""What reads as well wherever it stands as under a name of its own."""


@dataclass(slots=True)
class Body:
    """What is left of a function: statements, and the value where it is nothing but a return."""

    lines: list[ast.stmt] = field(default_factory=list)
    value: Value | None = None


class Statements(Expressions):
    """The statements of one function."""

    loops = 0  # around the statement at hand, tests that only a run decides included

    def body(self, function: ast.FunctionDef) -> Body:
        """A function's statements; what comes to one value is that."""
        self.sets = lines_that_set(function)
        lines: list[ast.stmt] = []
        value = self.through(function.body, lines)
        lines = without_unused(lines)
        return Body(lines, value if len(lines) == 1 and isinstance(lines[0], ast.Return) else None)

    def through(self, statements: Sequence[ast.stmt], lines: list[ast.stmt]) -> Value | None:
        """Statements in order, to the first return that all reach; its value, or None where there is none."""
        for node in statements:
            value = self.statement(node, lines)
            if value is not None:
                return value
        return None

    def statement(self, node: ast.stmt, lines: list[ast.stmt]) -> Value | None:
        """One statement; its value where it returns."""
        match node:
            case ast.Expr(value=ast.Constant()):
                return None
            case ast.Return(value=ast.expr() as value):
                given = self.value(value)
                lines.append(_noted(ast.Return(self.returned(given)), node))
                return given
            case ast.Assign(targets=[target], value=value):
                self.assign(target, self.value(value), node, lines)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.assign(target, self.value(value), node, lines)
            case ast.AugAssign(target=target, op=op, value=value):
                self.settle(targets(target), lines)
                made = ast.AugAssign(self.place(target), op, self.expression(value))
                lines.append(_noted(made, node))
            case ast.If():
                return self.test(node, lines)
            case ast.Match():
                return self.match(node, lines)
            case ast.For():
                self.loop(node, lines)
            case ast.Expr(value=value):
                lines.append(_noted(ast.Expr(self.expression(value)), node))
            case ast.Raise(exc=ast.Call(func=ast.Name(id="Refusal"), args=[said])):
                error = ast.Call(ast.Name("ValueError", ast.Load()), [self.expression(said)], [])
                lines.append(_noted(ast.Raise(error), node))
            case ast.Raise(exc=ast.Call(args=[what, value])):
                said, held = (self.agreed(self.value(one))[1] for one in (what, value))
                raise Refusal(f"can't run yet: {said} is {held!r}, which nothing computes")
            case _:
                raise Refusal(f"can't print: a forward has {type(node).__name__}")
        return None

    def returned(self, given: Value) -> ast.expr:
        """How a return writes what it gives; what can't be written is a value of the caller's."""
        writes = isinstance(given, ast.expr | Known | Stored | tuple)
        return self.code(given) if writes else ast.Constant(None)

    def assign(self, target: ast.expr, value: Value, node: ast.stmt, lines: list[ast.stmt]) -> None:
        """A name for what is known is a line less; any other is a line."""
        sides = [(target, value)]
        if isinstance(target, ast.Tuple):
            parts = self.unpacked(value, target)
            if parts is None:
                lines.append(_noted(ast.Assign([target], self.code(value), lineno=0), node))
                self.run_only(targets(target))
                return
            sides = [*zip(target.elts, parts, strict=True)]
        left: list[tuple[ast.expr, ast.expr]] = []
        for place, given in sides:
            if isinstance(place, ast.Name):
                if not self.bound(place.id, given, node):
                    left.append((place, self.code(given)))
                    keeps = isinstance(given, Known) and not self.loops
                    self.scope[place.id] = (
                        Known(given.values, name(place.id))
                        if keeps and isinstance(given, Known)
                        else name(place.id)
                    )
            else:
                left.append((self.place(place), self.code(given)))
        if left:
            places, values = zip(*left, strict=True)
            made = ast.Assign([_together(places)], _together(values), lineno=0)
            lines.append(_noted(made, node))

    def unpacked(self, value: Value, target: ast.Tuple) -> Sequence[Value] | None:
        """One value for each name, where it is known how many there are."""
        if isinstance(value, tuple):
            return value
        if isinstance(value, Known):
            if value.held is not None:
                return value.held
            same, many = self.agreed(value)
            if same:
                names = targets(target)
                return [self.element(one, word) for one, word in zip(many, names, strict=True)]
        return None

    def bound(self, word: str, value: Value, node: ast.stmt) -> bool:
        """Whether a name only stands for something else from here on."""
        if isinstance(value, ast.Name) and value.id == word:
            self.scope[word] = value
            return True
        if isinstance(value, Known):
            if isinstance(value.shown, ast.Name) and value.shown.id == word:
                self.scope[word] = value
                return True
            if self.loops or not isinstance(value.shown, SHORT):
                return False
        elif isinstance(value, ast.Name):
            first = node.lineno
            if self.loops or self.set_from(value.id, first) or self.set_from(word, first + 1):
                return False
        elif isinstance(value, ast.expr | Stored | tuple):
            return False
        self.scope[word] = value
        return True

    def set_from(self, word: str, first: int) -> bool:
        """Whether a name is set on a line or further down."""
        return any(line >= first and other == word for line, other in self.sets)

    def place(self, target: ast.expr) -> ast.Name | ast.Subscript:
        """What an assignment writes to."""
        match target:
            case ast.Name():
                return target
            case ast.Subscript():
                base, index = self.expression(target.value), self.expression(target.slice)
                return ast.Subscript(value=base, slice=index, ctx=ast.Store())
        raise Refusal(f"can't print: a forward writes to {ast.unparse(target)}")

    def run_only(self, words: Iterable[str]) -> None:
        """From here on only a run knows them."""
        for word in words:
            self.scope[word] = name(word)

    def settle(self, words: Iterable[str], lines: list[ast.stmt]) -> None:
        """Names that a branch or a loop sets are lines before it, where they stood for something known."""
        for word in words:
            value = self.scope.get(word)
            if isinstance(value, Known | Stored | ast.expr):
                shown = self.code(value)
                if not (isinstance(shown, ast.Name) and shown.id == word):
                    lines.append(ast.Assign([name(word)], shown, lineno=0))
            self.scope[word] = name(word)

    def test(self, node: ast.If, lines: list[ast.stmt]) -> Value | None:
        """A branch that is known is all that is left of a test."""
        asked = self.value(node.test)
        same, yes = self.agreed(asked)
        if same:
            self.folded = True
            first = len(lines)
            value = self.through(node.body if yes else node.orelse, lines)
            if yes and len(lines) > first and not comment(lines[first]):
                _noted(lines[first], node)
            return value
        self.settle(_set_in(node), lines)
        body, orelse = self.side(asked, node.body, True), self.side(asked, node.orelse, False)
        if not body and orelse:
            asked, body, orelse = ast.UnaryOp(ast.Not(), self.code(asked)), orelse, []
        if body:
            lines.append(_noted(ast.If(self.code(asked), body, orelse), node))
        return None

    def side(self, asked: Value, statements: Sequence[ast.stmt], to: bool) -> list[ast.stmt]:
        """One side of a test that only a run decides."""
        before, scope = self.alive, dict(self.scope)
        self.alive = self.where(asked, to)
        self.loops += 1
        lines: list[ast.stmt] = []
        self.through(statements, lines)
        self.loops -= 1
        self.alive, self.scope = before, scope
        return lines

    def match(self, node: ast.Match, lines: list[ast.stmt]) -> Value | None:
        """The cases that some variant takes; where it is one, nothing but its statements."""
        subject = self.value(node.subject)
        if not isinstance(subject, Known):
            raise Refusal("can't print: a forward matches what only a run knows")
        before, taken = self.alive, []
        left = self.alive
        for case in node.cases:
            hit = frozenset(i for i in left if _matches(case.pattern, subject.values[i]))
            if case.guard is not None and hit:
                self.alive = hit
                same, yes = self.agreed(self.value(case.guard))
                hit = hit if same and yes else frozenset()
            if hit:
                taken.append((case, hit))
                left -= hit
        self.alive = before
        for place, (case, hit) in enumerate(taken):
            self.alive = hit
            if place == len(taken) - 1 and not left:
                return self.through(case.body, lines)
            body: list[ast.stmt] = []
            self.loops += 1
            if self.through(case.body, body) is None:
                raise Refusal("can't print: a case of a forward doesn't return")
            self.loops -= 1
            lines.append(ast.If(_is(self.code(subject), case.pattern), body, []))
        self.alive = left
        return None

    def loop(self, node: ast.For, lines: list[ast.stmt]) -> None:
        """A loop; what it sets, only the run knows."""
        over = self.expression(node.iter)
        self.settle([word for word in _set_in(node) if word in self.scope], lines)
        self.run_only(targets(node.target))
        self.loops += 1
        body: list[ast.stmt] = []
        self.through(node.body, body)
        self.loops -= 1
        self.run_only(_set_in(node))
        lines.append(_noted(ast.For(node.target, over, body, [], lineno=0), node))


def _noted(made: ast.stmt, node: ast.stmt) -> ast.stmt:
    """With the comment of the statement that it was made of."""
    note(made, comment(node))
    return made


def _together(many: Sequence[ast.expr]) -> ast.expr:
    return many[0] if len(many) == 1 else ast.Tuple(elts=[*many], ctx=ast.Load())


@cache
def lines_that_set(function: ast.FunctionDef) -> tuple[tuple[int, str], ...]:
    """On which line of a function which name is set."""
    statements = (one for one in ast.walk(function) if isinstance(one, ast.stmt))
    return tuple((one.lineno, word) for one in statements for word in sets(one))


@cache
def _set_in(node: ast.stmt) -> tuple[str, ...]:
    """The names that any statement inside sets, in order."""
    return tuple(dict.fromkeys(word for one in ast.walk(node) for word in sets(one)))


def _is(subject: ast.expr, pattern: ast.pattern) -> ast.expr:
    """The test that a case makes."""
    match pattern:
        case ast.MatchSingleton(value=one):
            return ast.Compare(subject, [ast.Is()], [ast.Constant(one)])
        case ast.MatchValue(value=one):
            return ast.Compare(subject, [ast.Eq()], [one])
    raise Refusal("can't print: a forward matches by shape")


def _matches(pattern: ast.pattern, value: object) -> bool:
    match pattern:
        case ast.MatchSingleton(value=one):
            return value is one
        case ast.MatchValue(value=ast.Constant(value=one)):
            return bool(value == one)
        case ast.MatchOr(patterns=many):
            return any(_matches(one, value) for one in many)
        case ast.MatchAs(pattern=None):
            return True
    raise Refusal("can't print: a forward matches by shape")
