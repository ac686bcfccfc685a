"""Functions that differ in nothing but a constant or two are one, which is called with them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from llm_gallery.code.edits import (
    Edit,
    behind,
    calls,
    edited,
    functions,
    mentions,
    replaced,
    without,
)

MOST = 2
"""Constants that a function takes in the place of its own."""


@dataclass(slots=True)
class Merging:
    """The constants of a file: their values, and what each is called where no other has its name."""

    constants: Mapping[str, Any]
    shorter: Mapping[str, str]
    taken: dict[str, int] = field(default_factory=dict)  # functions made: how many they take more

    def merged(self, code: str) -> str:
        """The code of functions, those that are alike once."""
        while (smaller := self.once(code)) is not None:
            code = smaller
        return self.with_defaults(code)

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
        """A function without its name and its constants."""
        bare = deepcopy(node)
        bare.name = ""
        for one in self.used(bare):
            one.id = "_"
        return ast.dump(bare)

    def used(self, node: ast.AST) -> Iterator[ast.Name]:
        """Where a function names constants."""
        for one in ast.walk(node):
            if isinstance(one, ast.Name) and one.id in self.constants:
                yield one

    def edits(self, tree: ast.Module, group: Sequence[ast.FunctionDef]) -> list[Edit] | None:
        """What makes a group one function; None where it would take too much, or isn't only called."""
        first, names = group[0], [node.name for node in group]
        called = calls(tree, names)
        if len(called) != mentions(tree, names):
            return None
        places = [[*self.used(node)] for node in group]
        columns = [tuple(one.id for one in place) for place in zip(*places, strict=True)]
        differing = [*dict.fromkeys(column for column in columns if len({*column}) > 1)]
        words = {column: self.word(column[0]) for column in differing}
        inside = {one.id for one in ast.walk(first) if isinstance(one, ast.Name)}
        if len(differing) > MOST or len({*words.values()} - inside) < len(differing):
            return None
        more = "".join(f", {words[column]}: {self.type_of(column)}" for column in differing)
        edits = [behind(first.args.args[-1], more)]
        for column, place in zip(columns, places[0], strict=True):
            if column in words:
                edits.append(replaced(place, words[column]))
        edits += [without(node) for node in group[1:]]
        dropped = {id(one) for node in group[1:] for one in ast.walk(node)}
        for call in (call for call in called if id(call) not in dropped):
            assert isinstance(call.func, ast.Name)
            which = names.index(call.func.id)
            given = "".join(f", {column[which]}" for column in differing)
            edits += [replaced(call.func, first.name), behind(call, given, inside=1)]
        self.taken[first.name] = self.taken.get(first.name, 0) + len(differing)
        return edits

    def word(self, constant: str) -> str:
        """What a parameter for a constant is called."""
        return self.shorter.get(constant, constant).lower()

    def type_of(self, column: Sequence[str]) -> str:
        """The type of a parameter for several constants."""
        return "float" if any(isinstance(self.constants[one], float) for one in column) else "int"

    def with_defaults(self, code: str) -> str:
        """What most calls give is the default of the last parameter."""
        for name in self.taken:
            tree = ast.parse(code)
            made = next((node for node in functions(tree) if node.name == name), None)
            given = [call.args[-1] for call in calls(tree, [name])]
            if made is None or not all(isinstance(one, ast.Name) for one in given):
                continue
            counts = Counter(one.id for one in given if isinstance(one, ast.Name))
            (most, times), *_ = counts.most_common(1)
            if most not in self.constants or times <= len(given) / 2 or len(given) < 3:
                continue
            edits = [behind(made.args.args[-1], f" = {most}")]
            for call in calls(tree, [name]):
                *_, before, last = call.args
                if isinstance(last, ast.Name) and last.id == most:
                    edits.append(
                        Edit(
                            before.end_lineno or 0,
                            before.end_col_offset or 0,
                            last.end_lineno or 0,
                            last.end_col_offset or 0,
                            "",
                        )
                    )
            code = edited(code, edits)
        return code
