"""Functions that differ in nothing but a constant or two, or a word in names of arrays, are one that takes them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from llm_gallery.code.definitions import Definition, functions
from llm_gallery.code.edits import Edit, behind, between, nodes_in, replaced

MOST = 2
"""What a function takes in the place of its own."""
BRANCH = "branch"
"""What a word in the names of arrays is called."""
Column = tuple[str, ...]
"""What stands at one place of several functions that are alike otherwise."""
Edits = dict[Definition, list[Edit]]
"""Changes of each function that has some."""


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
    shapes: dict[Definition, str] = field(default_factory=dict)  # of those that were looked at

    def merged(self, held: Sequence[Definition]) -> Sequence[Definition]:
        """Those functions that are alike once."""
        while (fewer := self.once(held)) is not None:
            held = fewer
        for name in sorted(self.made):
            held = self.with_default(held, name)
        return held

    def once(self, held: Sequence[Definition]) -> list[Definition] | None:
        """With one group of functions merged; None where there is none."""
        heads = {one: _head(node) for one, node in functions(held)}
        times = Counter(heads.values())
        alike: dict[str, list[Definition]] = {}
        for one, head in heads.items():
            if times[head] > 1:
                alike.setdefault(self.shape(one), []).append(one)
        for group in (group for group in alike.values() if len(group) > 1):
            edits = self.edits(held, group)
            if edits is not None:
                return _edited([one for one in held if one not in group[1:]], edits)
        return None

    def shape(self, one: Definition) -> str:
        """A function without its name, its constants and the names of its arrays."""
        if one not in self.shapes:
            (node,) = ast.parse(one.text).body  # a tree to be changed; a copy takes longer
            assert isinstance(node, ast.FunctionDef)
            node.name = ""
            for place in [*self.places(node)]:
                vars(place)["id" if isinstance(place, ast.Name) else "value"] = "_"
            self.shapes[one] = ast.dump(node)
        return self.shapes[one]

    def places(self, node: ast.AST) -> Iterator[ast.Name | ast.Constant]:
        """Where a function names constants and arrays of its part."""
        for one in nodes_in(node):
            match one:
                case ast.Name(id=word) if word in self.constants:
                    yield one
                case ast.Subscript(value=ast.Name(id="w"), slice=ast.Constant() as array):
                    yield array

    def edits(self, held: Sequence[Definition], group: Sequence[Definition]) -> Edits | None:
        """What makes a group one function; None where it would take too much, or isn't only called."""
        nodes = [node for _, node in functions(group)]
        first, names = nodes[0], [node.name for node in nodes]
        called = {one: one.calls(names) for one in held}
        places = [[*self.places(node)] for node in nodes]
        columns = [tuple(map(ast.unparse, place)) for place in zip(*places, strict=True)]
        parameters = self.parameters(columns)
        words = {parameter.word for parameter in parameters}
        inside = {*group[0].named, *(argument.arg for argument in first.args.args)}
        named = sum(one.named.get(name, 0) for one in held for name in names)
        if sum(map(len, called.values())) != named or words & inside:
            return None
        if len(words) < len(parameters) or len(parameters) > MOST:
            return None
        if not all(place for one in parameters for place in one.places.values()):
            return None  # names of arrays that differ in more than a word
        more = "".join(f", {one.word}: {one.type}" for one in parameters)
        edits: Edits = {group[0]: [behind(first.args.args[-1], more)]}
        for column, place in zip(columns, places[0], strict=True):
            edits[group[0]] += [
                replaced(place, one.places[column]) for one in parameters if column in one.places
            ]
        for one, calls in called.items():
            for call in calls:
                assert isinstance(call.func, ast.Name)
                which = names.index(call.func.id)
                given = "".join(f", {parameter.given[which]}" for parameter in parameters)
                edits.setdefault(one, []).extend(
                    [replaced(call.func, first.name), behind(call, given, inside=1)]
                )
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

    def with_default(self, held: Sequence[Definition], name: str) -> list[Definition]:
        """What most calls give a function last is its default."""
        of = next(((one, node) for one, node in functions(held) if node.name == name), None)
        called = {one: [call.args[-2:] for call in one.calls([name])] for one in held}
        lasts = [last for calls in called.values() for *_, last in calls]
        counts = Counter(last.id for last in lasts if isinstance(last, ast.Name))
        if of is None or not counts:
            return [*held]
        ((most, times),) = counts.most_common(1)
        if most not in self.constants or times < 3 or times <= len(lasts) / 2:
            return [*held]
        own, node = of
        edits: Edits = {own: [behind(node.args.args[-1], f" = {most}")]}
        for one, calls in called.items():
            for before, last in calls:
                if isinstance(last, ast.Name) and last.id == most:
                    edits.setdefault(one, []).append(between(before, last))
        return _edited(held, edits)


def _edited(held: Sequence[Definition], edits: Edits) -> list[Definition]:
    """The code with what changes in some of its functions."""
    return [one.edited(edits[one]) if one in edits else one for one in held]


def _head(node: ast.FunctionDef) -> tuple[object, ...]:
    """What functions that are alike have in common for certain, and nearly all others don't: what they say and take."""
    return ast.get_docstring(node, clean=False), len(node.body), len(node.args.args)


def differing(column: Column) -> tuple[Column, str]:
    """The words in which names of arrays differ, and the name in which a parameter stands for them."""
    split = [re.split(r"([._'])", name) for name in column]
    start, end = _alike(split), _alike([parts[::-1] for parts in split])
    most = min(map(len, split)) - start
    apart = [parts[start : len(parts) - min(end, most)] for parts in split]
    words = tuple(map("".join, apart))
    if not all(words) or len({*map(len, split)}) == 1 != len(apart[0]):
        return column, ""
    first = split[0]
    before, behind = "".join(first[:start]), "".join(first[len(first) - min(end, most) :])
    return tuple(map(repr, words)), f"f{before}{{{BRANCH}}}{behind}"


def _alike(split: Sequence[Sequence[str]]) -> int:
    """How many words all begin with."""
    return next(
        (at for at, parts in enumerate(zip(*split, strict=False)) if len({*parts}) > 1),
        min(map(len, split)),
    )
