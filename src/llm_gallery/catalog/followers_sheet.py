"""The followers of a recipe as a figure, from the plain data that the drawing takes."""

from __future__ import annotations

from llm_gallery.catalog.followers import names
from llm_gallery.concepts import AREAS, concepts
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.family_tree import also
from llm_gallery.figure.sheets.followers import Cell, Column, Row
from llm_gallery.figure.sheets.followers import followers as sheet
from llm_gallery.lineage import Cell as Found
from llm_gallery.lineage import Follower, Matrix, title


def drawn(matrix: Matrix) -> Drawing:
    """The matrix as a drawing."""
    return sheet(columns(matrix), tuple(map(_row, matrix.followers)), title=title(matrix))


def columns(matrix: Matrix) -> tuple[Column, ...]:
    """A column a concept of the recipe, in the order of a model."""
    known = concepts()
    return tuple(
        Column(
            id=concept,
            name=names()[concept],
            area=AREAS[known[concept].area][0],
            colour=known[concept].mechanism,
            apart=concept in matrix.apart,
        )
        for concept in matrix.concepts
    )


def _row(follower: Follower) -> Row:
    step, called = follower.step, names()
    kind = step.evidence.kind
    why = f"distance {step.distance:.1f}" if kind == "measure" else WHY[kind]
    verb = "resembles" if step.evidence.relation == "resembles" else "from"
    copies = [copy.name for copy in follower.copies]
    with_it = f"sibling of {step.elder.name}, " if step.elder is not None else ""
    return Row(
        id=follower.member.id,
        name=follower.member.name,
        copies=also(follower.member.name, copies) if copies else "",
        day=follower.member.released.isoformat(),
        follows=f"{with_it}{verb} {step.parent.name}, {why}",
        resembles=step.evidence.relation == "resembles",
        cells=tuple(map(_cell, follower.cells)),
        kept=follower.concepts_kept,
        new=", ".join(called[concept] for concept in follower.new),
    )


WHY = {
    "authors": "say its authors",
    "series": "one series",
    "code": "one code",
    "mixer": "its mixer",
}
"""What a descent rests on, in two words."""


def _cell(cell: Found) -> Cell:
    words = ""
    if cell.state == "replaced":
        words = ", ".join(names()[concept] for concept in cell.by)
    elif cell.state == "partly":
        words = f"{cell.layers} of {cell.of}"
    return Cell(cell.state, words)
