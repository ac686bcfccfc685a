"""The functions of a printed file: each forward and helper once for what it is called with, short ones where they are called."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.code.builds import Builds
from llm_gallery.code.edits import names_in
from llm_gallery.code.expressions import Expressions
from llm_gallery.code.frame import Frame
from llm_gallery.code.labels import label
from llm_gallery.code.parts import part, parts
from llm_gallery.code.sources import found, source
from llm_gallery.code.statements import Body, Statements
from llm_gallery.code.text import block_text
from llm_gallery.code.values import (
    Experts,
    Function,
    Known,
    Name,
    Part,
    Parts,
    Settings,
    Stored,
    Value,
    is_number,
    name,
)

SHORTEST = 60
"""Characters of an expression that needs no function of its own."""


@dataclass(slots=True)
class Taken:
    """What a function is called with: names that it knows, and what the call gives for those that stay parameters."""

    scope: dict[str, Value] = field(default_factory=dict)
    passed: dict[str, ast.expr] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)  # parameters that are None for some variants
    decides: bool = False  # whether something in it is known before the run
    own: bool = False  # whether it is a part with a view of its own


@dataclass(slots=True)
class Functions:
    """What a file defines, in the order in which it is needed."""

    texts: dict[str, str] = field(default_factory=dict)  # name -> source
    constants: dict[str, Any] = field(default_factory=dict)
    computed: dict[str, str] = field(default_factory=dict)  # name -> the expression that it is
    imports: set[str] = field(default_factory=set)
    forwards: set[str] = field(default_factory=set)  # names of those that are a mechanism's
    bound: list[Part] = field(default_factory=list)  # whose forward was made
    kind: str = ""  # the mixer at hand ...
    title: str = ""  # ... and what tells it from others of its kind
    varying: set[str] = field(default_factory=set)  # its facts that differ between variants
    asked: set[str] = field(default_factory=set)  # ... which a test or a formula has met
    builds: Builds = field(default_factory=Builds)
    called: dict[tuple[object, ...], str] = field(default_factory=dict)  # parts that keep nothing
    labels: dict[str, str] = field(default_factory=dict)  # what a constant is ...
    shorter: dict[str, str] = field(default_factory=dict)  # ... and what its block calls it

    def call(self, function: Function, given: Sequence[Value], frame: Frame) -> Value:
        """The call, or what it comes to where that is known or reads as well."""
        function = Function(*found(function.module, function.name))
        held = source(function.module).functions[function.name]
        taken = self.taken(function, held, given, frame)
        inner = Statements(self, function.module, taken.scope, frame.variants)
        inner.alive = frame.alive
        body = inner.body(held)
        value = body.value
        if isinstance(value, Function | Part | Experts | Parts | Mapping):
            return value
        if value is not None and (taken.decides or inner.folded) and _by_view(value, taken):
            short = self.inlined(body, taken.passed)
            same, one = frame.agreed(value)
            if short is not None:
                return value if same and not is_number(one) else short
        return self.defined(function, held, body, taken)

    def taken(
        self,
        function: Function,
        held: ast.FunctionDef,
        given: Sequence[Value],
        frame: Frame,
    ) -> Taken:
        """What a function is called with. Raises Refusal where it needs more than it is given."""
        names = [one.arg for one in held.args.args]
        if len(given) < len(names) - len(held.args.defaults):
            raise Refusal(
                f"can't run yet: {function.module.replace('_', ' ')} reads more than the stream"
            )
        rest = [frame.known(None, ast.Constant(None)) for _ in names[len(given) :]]
        made = Taken()
        arrays: dict[str, ast.expr] = {}  # of a part without parts, which come last
        for word, value in zip(names, [*given, *rest], strict=True):
            same, one = frame.agreed(value)
            match value:
                case Part() if word == "w":
                    self.bound.append(value)
                    made.scope[word] = self.arrays(value, made.passed, arrays)
                    made.own = not value.leaf and isinstance(value.path, ast.Call)
                    made.decides = True
                case Settings() | Parts():
                    made.scope[word], made.passed[word] = value, name(word)
                    made.decides = True
                case Known() if not same or isinstance(one, str) or is_number(one):
                    made.scope[word] = Known(value.values, name(word))
                    made.passed[word] = value.shown
                    if None in value.values:
                        made.optional.add(word)
                case ast.expr() | tuple():
                    made.scope[word], made.passed[word] = name(word), frame.code(value)
                case Stored():
                    made.scope[word] = replace(value, code=name(word))
                    made.passed[word] = value.code
                case _:
                    made.scope[word] = value
                    made.decides = True
        made.passed |= arrays
        return made

    def arrays(self, one: Part, passed: dict[str, ast.expr], arrays: dict[str, ast.expr]) -> Parts:
        """What a part is called with: its arrays where it has no parts, a view on the checkpoint where it has."""
        if not one.leaf:
            passed["w"] = one.path
            return one.parts
        given: dict[str, Value] = {}
        for role, array in one.parts.held.items():
            if isinstance(array, Stored):
                word = role.replace(" ", "_")
                arrays[word] = array.code
                given[role] = replace(array, code=name(word))
        return Parts(given, one.parts.asked)

    def inlined(self, body: Body, passed: Mapping[str, ast.expr]) -> ast.expr | None:
        """What a function returns with what it is given in its place; None where it reads better as a call."""
        (line,) = body.lines
        assert isinstance(line, ast.Return)
        assert line.value is not None
        used = [one.id for one in names_in(line.value)]
        for word, given in passed.items():
            simple = isinstance(given, ast.Name | ast.Constant)
            if used.count(word) > 1 and not simple:
                return None
        if len(ast.unparse(line.value)) > SHORTEST:
            return None
        placed: ast.expr = _placed(line.value, passed)
        return placed

    def defined(
        self,
        function: Function,
        held: ast.FunctionDef,
        body: Body,
        taken: Taken,
    ) -> ast.expr:
        """The call of a function that the file defines, once for each text."""
        lines = body.lines
        used = {one.id for one in names_in(*lines)}
        word = self.word(function)
        self.settled(lines)
        annotations = {one.arg: one.annotation for one in held.args.args}
        parameters, args = [], []
        for parameter, given in taken.passed.items():
            if parameter in used:
                kind = annotations.get(parameter)
                kept = parameter in taken.optional
                parameters.append(f"{parameter}: {self.type_of(parameter, kind, given, kept)}")
                args.append(given)
        if taken.own and "b" in used:
            raise Refusal(f"can't print yet: a part of {self.kind} varies with its layer")
        if "layer" in used:
            parameters.append("layer: int")
            args.append(name("layer"))
        if held.returns is None:
            raise Refusal(f"can't print: {function.name} doesn't say what it returns")
        text = (
            f"({', '.join(parameters)}) -> {ast.unparse(held.returns)}:\n"
            f"{self.doc(function, held)}{block_text(lines, 1)}"
        )
        chosen = self.named(word, text)
        if function.name == "forward":
            self.forwards.add(chosen)
        return ast.Call(func=name(chosen), args=args, keywords=[])

    def word(self, function: Function) -> str:
        """What a function is called where no other has its name."""
        if function.name != "forward":
            return function.name.strip("_")
        return self.title if function.module == self.kind else function.module

    def named(self, word: str, text: str) -> str:
        """The name of a function of this text, which is new or there already."""
        for other, whole in self.texts.items():
            if whole == f"def {other}{text}":
                return other
        chosen = self.free(word, self.texts)
        self.texts[chosen] = f"def {chosen}{text}"
        return chosen

    def free(self, word: str, taken: Mapping[str, Any], states: str = "") -> str:
        """A name, said more closely where another has it: by the part that states it, or by the mixer."""
        closer = [states] if states and states != self.kind else []
        more = [f"{one}_{word.lower()}" for one in (*closer, self.title) if one != word]
        candidates = [word, *(one if word.islower() else one.upper() for one in more)]
        numbered = (f"{word}_{i}" for i in range(2, len(taken) + 3))
        return next(one for one in (*candidates, *numbered) if one not in taken)

    def type_of(
        self, parameter: str, annotation: ast.expr | None, given: ast.expr, optional: bool
    ) -> str:
        """The type of a parameter: never None, but where a variant has none, and for what is kept, which the first call lacks."""
        if parameter == "b":
            return self.settings_type
        if annotation is None:
            return "Array"
        text = ast.unparse(annotation)
        kept = isinstance(given, ast.Call) and ast.unparse(given.func).endswith(".get")
        return text if kept or optional else text.removesuffix(" | None")

    @property
    def settings_type(self) -> str:
        """The class of what varies between the blocks of the mixer at hand."""
        return "".join(part.capitalize() for part in self.title.split("_"))

    def doc(self, function: Function, held: ast.FunctionDef) -> str:
        """What a mechanism is, where it comes from, and what its function takes and gives."""
        said = ast.get_docstring(held) or ""
        if function.name != "forward":
            return _docstring(said)
        what, *links = re.split(r"(?=(?:Paper|Model|Report)s?:)", source(function.module).doc)
        if "past" not in {one.arg for one in held.args.args}:
            said = said.partition(";")[0].rstrip(".") + "."  # what follows is of other models
        return _docstring("\n\n".join(filter(None, (what.strip(), said, *links))))

    def settled(self, lines: Sequence[ast.stmt]) -> None:
        """Names of constants, imports and what varies, of what is really there."""
        for node in (one for line in lines for one in names_in(line)):
            if not isinstance(node, Name):
                continue
            if node.computed is not None:
                self.settled([ast.Expr(node.computed)])
                self.computed[node.id] = ast.unparse(node.computed)
                self.labels[node.id] = node.says
            if node.number is not None:
                self.numbered(node, node.number)
            if node.brings:
                self.imports.add(node.brings)
            if node.field:
                self.varying.add(node.field)

    def numbered(self, node: Name, value: Any) -> None:
        """A constant under its name, or under one that says whose it is where another has that name."""
        for other, held in self.constants.items():
            same = type(held) is type(value) and held == value
            if same and node.id in (other, self.shorter.get(other)):
                node.id = other
                return
        chosen = self.free(node.id, self.constants, node.of)
        self.constants[chosen], self.shorter[chosen] = value, node.id
        self.labels[chosen] = node.says or label(node.of or self.kind, node.id)
        node.id = chosen

    def plain(self, block: Block, path: str, whole: Mapping[str, Any], *given: ast.expr) -> str:
        """The call of a part at its path, with what else it is given."""
        self.kind = self.title = block.kind
        key = (self.builds.exact(block), path, *map(ast.unparse, given))
        if key not in self.called:
            made = part([block], whole, path)
            forward = Function(block.kind, "forward")
            self.called[key] = self.text(forward, [made.settings, made, *given])
        return self.called[key]

    def text(self, function: Function, given: Sequence[Value]) -> str:
        """A call as the file writes it."""
        self.asked = set()
        frame = Expressions(self, function.module, {}, 1)
        code = frame.code(self.call(function, given, frame))
        self.settled([ast.Expr(code)])
        return ast.unparse(code)

    def mixer(
        self,
        title: str,
        blocks: Sequence[Block],
        whole: Mapping[str, Any],
        given: Sequence[ast.expr],
    ) -> ast.expr:
        """The call of a block's function, made for several variants of it, with nothing before what it reads."""
        self.kind, self.title = blocks[0].kind, title
        self.varying, self.asked = set(), set()
        frame = Expressions(self, blocks[0].kind, {}, len(blocks))
        settings = Settings(tuple(blocks), whole)
        function = Function(blocks[0].kind, "forward")
        called = self.call(
            function, [settings, Part(settings, parts(blocks, whole), name("w")), *given], frame
        )
        return frame.code(called)


def _by_view(value: Value, taken: Taken) -> bool:
    """Whether what a function returns may stand where it is called: a part with a view of its own only hands that on."""
    if not taken.own:
        return True
    return isinstance(value, ast.Call) and any(
        isinstance(arg, ast.Name) and arg.id == "w" for arg in value.args
    )


def _docstring(text: str) -> str:
    """A text as a docstring: in one line, or its paragraphs after the first in lines of their own."""
    first, *rest = text.split("\n\n")
    last = " ".join(rest[-2:])
    if len(rest) > 1 and len(last) <= 96 and "\n" not in last:
        rest[-2:] = [last]
    made = f'"""{first}' + ("\n\n" + "\n".join(rest) + "\n" if rest else "") + '"""\n'
    return textwrap.indent(made, "    ", lambda line: bool(line.strip()))


def _placed(node: Any, passed: Mapping[str, ast.expr]) -> Any:
    """A new tree with what a call gives in the place of the parameters; other trees may hold the nodes of this one."""
    match node:
        case ast.Name():
            return node if isinstance(node, Name) else passed.get(node.id, node)
        case ast.AST() if node._fields:
            return type(node)(*(_placed(getattr(node, word), passed) for word in node._fields))
        case list():
            return [_placed(one, passed) for one in node]
    return node
