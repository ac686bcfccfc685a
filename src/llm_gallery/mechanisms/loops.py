"""Stacks whose layers run again: which, how often, and what a pass leaves for the next."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.architecture.block import (
    Block,
    distinct,
    layers,
    main_stack,
    mixers,
)
from llm_gallery.architecture.once import once_a_tree
from llm_gallery.mechanisms.wording import as_large


@once_a_tree
def reruns(root: Block) -> int:
    """How many of a stack's layers run in the weights of an earlier one."""
    return sum(rerun(root))


def rerun(root: Block) -> tuple[bool, ...]:
    """Whether each of a stack's layers mixes tokens in the weights of an earlier one; experts alone make no loop."""
    return tuple(
        any(
            tensor.run_before and tensor.role == "weight"  # not what all layers have in common
            for mixer in mixers(layer)
            for part in distinct(mixer)
            for tensor in part.tensors
        )
        for layer in layers(root)
    )


def left_behind(stack: Block) -> int:
    """How many sums the passes through a loop leave behind, but for the last one's."""
    if "pass_sums" not in stack.facts:
        return 0
    return (stack.number("loop_passes") - 1) * stack.number("pass_sums")


def pass_ends(root: Block) -> Mapping[int, tuple[int, bool]]:
    """Sums that a pass through a loop leaves behind: by the layer before which each is kept, that behind the pass.

    The first of a pass is what was summed before the loop, and goes on there.
    """
    stack = main_stack(root)
    every = None if stack is None else stack.value("saved_every")
    if stack is None or not isinstance(every, int):
        return {}
    found: dict[int, tuple[int, bool]] = {}
    for index, layer in enumerate(stack.inside):
        if layer.child("loop_messages"):
            end = index + 1
            first = end - every * stack.number("pass_sums")
            found |= {kept: (end, kept == first) for kept in range(first, end, every)}
    return found


def looped(layers: int, passes: int, again: int = 0) -> str:
    """What it is to run the same layers several times over; `again` of them run in the weights of others."""
    often = "twice" if passes == 2 else f"{passes:,} times"
    if again:
        return (
            f"A token passes *{layers:,} layers*, of which *{again:,} run again in the weights of others*"
            f"{f', and all of them {often}' if passes > 1 else ''}: the depth of {layers * passes:,} for the "
            f"weights of {layers - again:,}. Each run keeps what it needs of the past for itself."
        )
    return (
        f"A token passes the same *{layers:,} layers {often}*: the depth of {layers * passes:,} for the "
        f"weights of {layers:,}. Each pass keeps what it needs of the past for itself: the cache is "
        f"{as_large(str(passes))} as that of one pass."
    )
