"""The panels of a walk, each as a drawing of its own, and all of them in one strip for print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from llm_gallery.analysis.layers import schedule
from llm_gallery.architecture.block import Architecture, Block, stack_path
from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.kit.text import fitting
from llm_gallery.figure.steps.depth import through_layers
from llm_gallery.figure.steps.ending import what_stays
from llm_gallery.figure.steps.layer import in_a_layer
from llm_gallery.figure.steps.leads import inside
from llm_gallery.figure.steps.step import WIDE, Measures, Step, measured, put
from llm_gallery.figure.steps.token import row_of_numbers
from llm_gallery.novelty.leading import leading
from llm_gallery.plan.heading import Heading
from llm_gallery.plan.outer_blocks import outer_blocks
from llm_gallery.plan.planning import plan

SIDE, GAP, HEAD = 40.0, 14.0, 82.0
"""Px at both sides of the strip, between its panels, and over them."""


@dataclass(frozen=True)
class Steps:
    """A token's way through a model."""

    name: str
    panels: tuple[Step, ...]

    @cached_property
    def measures(self) -> Measures:
        """What the panels have in common."""
        return measured(self.panels)

    @cached_property
    def drawings(self) -> tuple[Drawing, ...]:
        """Each panel as a drawing; the stream runs on at the same height in the next one."""
        return tuple(self._panel(number) for number in range(1, len(self.panels) + 1))

    def _panel(self, number: int) -> Drawing:
        step, sheet = self.panels[number - 1], Sheet()
        put(sheet, step, number, self.measures)
        title = f"{self.name}, step {number} of {len(self.panels)}: {step.title}"
        return Drawing(sheet.picture(WIDE, self.measures.high), title, step.words.replace("*", ""))

    @cached_property
    def strip(self) -> Drawing:
        """All panels side by side under one title, the stream running through them."""
        sheet, count = Sheet(), len(self.panels)
        wide = 2 * SIDE + count * WIDE + (count - 1) * GAP
        title = f"A token through {self.name}"
        size = fitting(title, wide - 2 * SIDE, (26.0, 24.0, 22.0, 20.0, 18.0, 16.0, 14.0), 600)
        sheet.label(SIDE, 52, title, size=size, weight=600, role="ink", tracking=-0.4)
        for index, drawing in enumerate(self.drawings):
            sheet.hold(SIDE + index * (WIDE + GAP), HEAD, drawing.picture)
        low = HEAD + self.measures.high + 30
        words = "The words and shades are an illustration; the numbers are those of the config."
        sheet.label(SIDE, low, words, size=12)
        sheet.label(wide - SIDE, low, "16-bit cache", size=12, anchor="end")
        said = " ".join(step.words.replace("*", "") for step in self.panels)
        return Drawing(sheet.picture(wide, round(low + 26)), title, said)


def _most_common(root: Block) -> str:
    """The path of the first layer of the kind that most layers are of."""
    order = schedule(root)
    first = order.index(max(order, key=order.count)) if order else 0
    return f"{stack_path(root)}.{first}"


def steps(architecture: Architecture, heading: Heading) -> Steps:
    """The walk of one token: from its row in the table to the scores of the next one, four to seven panels."""
    shown = plan(architecture.root)
    heroes = leading(shown, heading)
    ends = outer_blocks(architecture.root)
    first, last = ("" if end is None else end[0] for end in (ends.embedding, ends.head))
    panels = (
        replace(row_of_numbers(architecture), part=first),
        replace(through_layers(architecture.root, shown), part=stack_path(architecture.root)),
        replace(in_a_layer(shown), part=_most_common(architecture.root)),
        *inside(heroes),
        replace(what_stays(architecture), part=last),
    )
    return Steps(heading.line, panels)
