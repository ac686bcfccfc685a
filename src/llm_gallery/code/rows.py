"""Rows of a stored table are read without the others: a table is larger than all that a text needs of it."""

from __future__ import annotations

import ast
import re

from llm_gallery.code.definitions import Definition
from llm_gallery.code.edits import nodes_in, replaced

LOOKED_UP = re.compile(r"\]\[\w")
"""What stands where a stored array is indexed by a name."""


def by_rows(one: Definition) -> Definition:
    """A function in which `w["a"][tokens]` is `w.rows("a", tokens)`."""
    if not LOOKED_UP.search(one.text):
        return one
    edits = []
    for node in nodes_in(one.tree):
        match node:
            case ast.Subscript(
                value=ast.Subscript(
                    value=stored, slice=ast.Constant(value=str()) | ast.JoinedStr() as word
                ),
                slice=ast.Name(id=rows),
            ) if ast.unparse(stored).startswith("w"):
                text = f"{ast.unparse(stored)}.rows({ast.unparse(word)}, {rows})"
                edits.append(replaced(node, text))
    return one.edited(edits) if edits else one
