"""Functions that differ in nothing but a constant or two, or a word in names of arrays, are one that takes them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from llm_gallery.code.edits import (
    Edit,
    behind,
    between,
    calls,
    edited,
    functions,
    mentions,
    names_in,
    replaced,
    without,
)

MOST = 2
"""What a function takes in the place of its own."""
BRANCH = "branch"
"""What a word in the names of arrays is called."""
Column = tuple[str, ...]
"""What stands at one place of several functions that are alike otherwise."""


class Parameter(NamedTuple):
    """What functions differ in, as one of them takes it."""

    word: str
    type: str
    given: Column  # by the calls of each
    places: Mapping[Column, str]  # what stands for it in the function


@dataclass(slots=True)
class Merging:
    """The constants of a file: their values, and what each is called where no other has its name."""

    constants: Mapping[str, Any]
    shorter: Mapping[str, str]
    made: set[str] = field(default_factory=set)  # functions that take more

    def merged(self, code: str) -> str:
        """The code of functions, those that are alike once."""
        while (smaller := self.once(code)) is not None:
            code = smaller
        for name in sorted(self.made):
            code = self.with_default(code, name)
        return code

    def once(self, code: str) -> str | None:
        """With one group of functions merged; None where there is none."""
        tree = ast.parse(code)
        alike: dict[str, list[ast.FunctionDef]] = {}
        for node in functions(tree):
            alike.setdefault(self.shape(node), []).append(node)
        for group in (group for group in alike.values() if len(group) > 1):
            edits = self.edits(tree, group)
            if edits is not None:
                return edited(code, edits)
        return None

    def shape(self, node: ast.FunctionDef) -> str:
        """A function without its name, its constants and the names of its arrays."""
        places = [(one, {**vars(one)}) for one in self.places(node)]
        own, node.name = node.name, ""
        for one, _ in places:
            vars(one)["id" if isinstance(one, ast.Name) else "value"] = "_"
        said = ast.dump(node)
        node.name = own
        for one, before in places:  # a copy of the tree takes longer than all the rest
            vars(one).update(before)
        return said

    def places(self, node: ast.AST) -> Iterator[ast.Name | ast.Constant]:
        """Where a function names constants and arrays of its part."""
        for one in ast.walk(node):
            match one:
                case ast.Name(id=word) if word in self.constants:
                    yield one
                case ast.Subscript(value=ast.Name(id="w"), slice=ast.Constant() as array):
                    yield array

    def edits(self, tree: ast.Module, group: Sequence[ast.FunctionDef]) -> list[Edit] | None:
        """What makes a group one function; None where it would take too much, or isn't only called."""
        first, names = group[0], [node.name for node in group]
        called = calls(tree, names)
        places = [[*self.places(node)] for node in group]
        columns = [tuple(map(ast.unparse, place)) for place in zip(*places, strict=True)]
        parameters = self.parameters(columns)
        words = {parameter.word for parameter in parameters}
        inside = {one.id for one in names_in(first)}
        inside |= {argument.arg for argument in first.args.args}
        if len(called) != mentions(tree, names) or words & inside:
            return None
        if len(words) < len(parameters) or len(parameters) > MOST:
            return None
        more = "".join(f", {one.word}: {one.type}" for one in parameters)
        edits = [behind(first.args.args[-1], more), *(without(node) for node in group[1:])]
        for column, place in zip(columns, places[0], strict=True):
            edits += [
                replaced(place, one.places[column]) for one in parameters if column in one.places
            ]
        dropped = {id(one) for node in group[1:] for one in ast.walk(node)}
        for call in (call for call in called if id(call) not in dropped):
            assert isinstance(call.func, ast.Name)
            which = names.index(call.func.id)
            given = "".join(f", {one.given[which]}" for one in parameters)
            edits += [replaced(call.func, first.name), behind(call, given, inside=1)]
        self.made.add(first.name)
        return edits

    def parameters(self, columns: Sequence[Column]) -> list[Parameter]:
        """What a group differs in."""
        made: dict[Column, Parameter] = {}
        for column in (column for column in columns if len({*column}) > 1):
            if column[0] in self.constants:
                word = self.shorter.get(column[0], column[0]).lower()
                made[column] = Parameter(word, self.type_of(column), column, {column: word})
                continue
            given, place = differing(column)
            before = made[given].places if given in made else {}
            made[given] = Parameter(BRANCH, "str", given, {**before, column: place})
        return [*made.values()]

    def type_of(self, column: Column) -> str:
        """The type of a parameter for several constants."""
        return "float" if any(isinstance(self.constants[one], float) for one in column) else "int"

    def with_default(self, code: str, name: str) -> str:
        """What most calls give a function last is its default."""
        tree = ast.parse(code)
        node = next((node for node in functions(tree) if node.name == name), None)
        called = [call.args[-2:] for call in calls(tree, [name])]
        counts = Counter(last.id for *_, last in called if isinstance(last, ast.Name))
        if node is None or not counts:
            return code
        ((most, times),) = counts.most_common(1)
        if most not in self.constants or times < 3 or times <= len(called) / 2:
            return code
        edits = [behind(node.args.args[-1], f" = {most}")]
        for before, last in called:
            if isinstance(last, ast.Name) and last.id == most:
                edits.append(between(before, last))
        return edited(code, edits)


def differing(column: Column) -> tuple[Column, str]:
    """The words in which names of arrays differ, and the name in which a parameter stands for them."""
    split = [re.split(r"([._'])", name) for name in column]
    apart = [parts for parts in zip(*split, strict=False) if len({*parts}) > 1]
    if len({len(parts) for parts in split}) > 1 or len(apart) != 1:
        return column, ""
    stands = [
        "{" + BRANCH + "}" if parts == apart[0] else parts[0] for parts in zip(*split, strict=True)
    ]
    return tuple(map(repr, apart[0])), f"f{''.join(stands)}"
