"""Followers by concept as text, as Markdown, and as plain data with stable keys (docs/lineage.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.comparison.report import escaped
from llm_gallery.lineage.followers import Cell, Follower, Matrix, State
from llm_gallery.lineage.tree_report import link_words

Json = dict[str, Any]
Names = Mapping[str, str]

SIGNS: Mapping[State, str] = {"kept": "●", "partly": "◐", "replaced": "⇄", "dropped": "·"}
"""Of what became of a concept."""
KEY = "● kept  ◐ kept in fewer than half of the layers  ⇄ replaced  · dropped"
RARE = "sets it apart"
"""What is said of a concept that fewer than half of the earlier models had."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def text(matrix: Matrix, names: Names) -> str:
    """A letter a concept, a line of signs a follower, and under it what stands in the place of what, and what is new."""
    return "\n".join(_text(matrix, names)) + "\n"


def _text(matrix: Matrix, names: Names) -> Iterator[str]:
    yield title(matrix)
    yield ""
    for index, concept in enumerate(matrix.concepts):
        rare = f"  {RARE}" if concept in matrix.apart else ""
        yield f"  {_letter(index)}  {names[concept]}{rare}"
    wide = max((len(row.member.name) for row in matrix.followers), default=0)
    heads = " ".join(_letter(index) for index in range(len(matrix.concepts)))
    if len(matrix.apart) < len(matrix.concepts):
        yield from ("", f"“{RARE}”: fewer than half of the earlier models here had it.")
    yield from ("", f"{' ' * (wide + 14)}{heads}")
    for row in matrix.followers:
        signs = " ".join(SIGNS[cell.state] for cell in row.cells)
        yield f"{row.member.released.isoformat()}  {row.member.name:<{wide}}  {signs}  {row.concepts_kept} of {len(row.cells)}"
        yield f"{' ' * 12}{'; '.join((link_words(row.step), *change_words(row, names)))}"
    yield from ("", KEY, *_left(matrix))


def _letter(index: int) -> str:
    return LETTERS[index] if index < len(LETTERS) else LETTERS[index - len(LETTERS)].upper()


def title(matrix: Matrix) -> str:
    """ "What 31 designs made of the recipe of DeepSeek V3"."""
    count = len(matrix.followers)
    designs = f"{count:,} design{'' if count == 1 else 's'}"
    return f"What {designs} made of the recipe of {matrix.root.name}"


def change_words(row: Follower, names: Names) -> Iterator[str]:
    """What isn't kept throughout, and what is new; the copies."""
    for cell in row.cells:
        if cell.state in ("replaced", "partly"):
            yield cell_words(cell, names)
    gone = [names[cell.concept] for cell in row.cells if cell.state == "dropped"]
    if gone:
        yield f"without {', '.join(gone)}"
    if row.new:
        yield f"new: {', '.join(names[concept] for concept in row.new)}"
    if row.copies:
        yield f"the same design: {', '.join(copy.name for copy in row.copies)}"


def cell_words(cell: Cell, names: Names) -> str:
    """What became of a concept, in words."""
    name = names[cell.concept]
    if cell.state == "replaced":
        return f"{name} → {' and '.join(names[concept] for concept in cell.by)}"
    if cell.state == "partly":
        return f"{name} in {cell.layers} of {cell.of} layers"
    return f"{name}: {cell.state}"


def _left(matrix: Matrix) -> Iterator[str]:
    if matrix.left:
        names = ", ".join(dict.fromkeys(step.child.name for step in matrix.left))
        yield from ("", f"No longer this recipe, nor what follows: {names}")


def markdown(matrix: Matrix, names: Names) -> str:
    """A table: a row a follower, a column a concept."""
    heads = [escaped(names[concept]) for concept in matrix.concepts]
    lines = [f"# {escaped(title(matrix))}", "", KEY, ""]
    lines.append(f"| released | model | follows | kept | {' | '.join(heads)} | new |")
    lines.append(f"|---|---|---|---:|{':-:|' * len(heads)}---|")
    for row in matrix.followers:
        model = ", ".join(escaped(member.name) for member in (row.member, *row.copies))
        cells = [_cell(cell, names) for cell in row.cells]
        new = ", ".join(names[concept] for concept in row.new)
        lines.append(
            f"| {row.member.released.isoformat()} | {model} | {escaped(link_words(row.step))} "
            f"| {row.concepts_kept} of {len(cells)} | {' | '.join(cells)} | {new} |"
        )
    return "\n".join([*lines, *_left(matrix)]) + "\n"


def _cell(cell: Cell, names: Names) -> str:
    if cell.state == "replaced":
        return f"⇄ {', '.join(names[concept] for concept in cell.by)}"
    return f"◐ {cell.layers}/{cell.of}" if cell.state == "partly" else SIGNS[cell.state]


def to_json(matrix: Matrix, names: Names) -> Json:
    """The recipe, its concepts, and each follower's cells."""
    return {
        "root": matrix.root.id,
        "name": matrix.root.name,
        "copies": [copy.id for copy in matrix.copies],
        "concepts": [
            {"id": concept, "name": names[concept], "sets_apart": concept in matrix.apart}
            for concept in matrix.concepts
        ],
        "followers": [_follower(row) for row in matrix.followers],
        "left": [{"id": step.child.id, "parent": step.parent.id} for step in matrix.left],
    }


def _follower(row: Follower) -> Json:
    evidence = row.step.evidence
    return {
        "id": row.member.id,
        "name": row.member.name,
        "organization": row.member.organization,
        "released": row.member.released.isoformat(),
        "copies": [copy.id for copy in row.copies],
        "parent": row.step.parent.id,
        "sibling": None if row.step.elder is None else row.step.elder.id,
        "distance": row.step.distance,
        "relation": evidence.relation,
        "because": {"kind": evidence.kind, "words": evidence.words, "source": evidence.source},
        "kept": row.concepts_kept,
        "cells": [
            {
                "concept": cell.concept,
                "state": cell.state,
                "by": list(cell.by),
                "layers": cell.layers,
                "of": cell.of,
            }
            for cell in row.cells
        ],
        "new": list(row.new),
    }
