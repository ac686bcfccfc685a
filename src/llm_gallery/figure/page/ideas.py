"""What may be new in how layers are put together, which no mechanism's inset shows: loops, and where norms stand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from llm_gallery.figure.page.pictures import loops, norms
from llm_gallery.figure.page.pictures.panel import Panel
from llm_gallery.figure.plan.plan import Branch, Plan, Slot
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.wiring import looped


class Idea(NamedTuple):
    """A concept of the whole layer or stack, with its picture."""

    concept: str
    title: str
    colour: Colour
    layers: tuple[int, ...]
    panel: Panel


def ideas(plan: Plan) -> Iterator[Idea]:
    """Those that the stack has."""
    every = tuple(range(plan.depth))
    if (passes := plan.stream.passes) > 1:
        words = looped(plan.depth, passes)
        panel = Panel(partial(loops.loops, plan), words, True)
        yield Idea("looped-depth", _loops(plan), "norm", every, panel)
    branch = _branch(plan)
    if branch is None:
        return
    before, after = branch
    if after:
        concept = "sandwich-norm" if before else "post-norm"
        title = "Norms before and after" if before else "Norms after, not before"
        words = (
            "Norms what a branch reads *and what it gives back*, before that is added."
            if before
            else "Norms what a branch gives back, *not what it reads*: "
            "attention and MLP see the stream as it is."
        )
        panel = Panel(partial(norms.norms, before), words, True)
        yield Idea(concept, title, "norm", every, panel)


def _loops(plan: Plan) -> str:
    passes = plan.stream.passes
    often = "twice" if passes == 2 else f"{passes:,} times"
    return f"The same {plan.depth:,} layers, {often} over"


def _branch(plan: Plan) -> tuple[bool, bool] | None:
    """Whether branches begin with a norm, and whether they end with one; None where they differ."""
    found = {_around(b) for frame in plan.frames for b in frame.branches if b.added and b.steps}
    return found.pop() if len(found) == 1 else None


def _around(branch: Branch) -> tuple[bool, bool]:
    ends = branch.steps[0], branch.steps[-1]
    before, after = (isinstance(step, Slot) and step.block.is_norm for step in ends)
    return before, after
