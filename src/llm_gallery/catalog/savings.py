"""The saving of a concept on a model that has it: its counts, and the same with the concept undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.counterfactual import without
from llm_gallery.analysis.memory import cache
from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, distinct_layers, layers, mixers, walk
from llm_gallery.architecture.reach import reach
from llm_gallery.concepts import Saving, concepts, filled, numbers
from llm_gallery.mechanisms import MIXING, concepts_of
from llm_gallery.mechanisms.moe import used

LONG = 131_072
Unit = Literal["bytes", "parameters", "flop"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted, and in which words."""

    title: str
    undone: str  # heads the column of the model without the concept
    of: Callable[[Block], int]
    unit: Unit
    how: Callable[[Block], str] = lambda root: ""  # what the model has, in a few words


def saved(concept: str, root: Block) -> tuple[int, int] | None:
    """The number without the concept and as it is; None where it saves nothing that is counted here."""
    counted = measure(concept)
    undone = None if counted is None else without(root, concept)
    if counted is None or undone is None:
        return None
    before, after = counted.of(undone), counted.of(root)
    return (before, after) if before > after else None


def measure(concept: str) -> Measure | None:
    """What is measured for a concept; None where it saves nothing that is counted here."""
    described = concepts()[concept]
    if (saves := described.saves) is not None:
        title, of, unit = _COUNTED[saves.of]
        return Measure(title, saves.undone, of, unit, partial(_how, concept, saves.how))
    drawn = MIXING.get(described.drawn)
    if drawn is None or not drawn.against_attention:
        return None
    title, of, unit = _COUNTED["cache of a long text"]
    return Measure(title, "If those layers attended", of, unit, partial(_mixed_by, drawn.kind))


def _per_token(root: Block) -> int:
    return cache(root).bytes_per_token


def _at_long(root: Block) -> int:
    return cache(root).at(LONG)


def _stored(root: Block) -> int:
    return parameters(root).total


def _run(root: Block) -> int:
    return parameters(root).active


def _work(root: Block) -> int:
    return flops_per_token(root, LONG)


_COUNTED: Mapping[Saving, tuple[str, Callable[[Block], int], Unit]] = {
    "cache per token": ("Cache per token, bf16", _per_token, "bytes"),
    "cache of a long text": ("Cache and state of 131,072 tokens, bf16", _at_long, "bytes"),
    "parameters": ("Parameters stored", _stored, "parameters"),
    "active parameters": ("Active parameters", _run, "parameters"),
    "compute": ("Compute for the token at 131,072", _work, "flop"),
}


def _how(concept: str, lines: Sequence[str], root: Block) -> str:
    """The first line whose {numbers} there all are: facts of the first block that shows it, and what is counted of the layers."""
    shown = [
        b for layer in distinct_layers(root) for _, b in walk(layer) if concept in concepts_of(b)
    ]
    stated = numbers(shown[0]) if shown else {}
    return next(filled(lines, {**stated, **_counted(root, shown)}), "")


def _counted(root: Block, shown: Sequence[Block]) -> dict[str, object]:
    """Layers whose attention is limited and to how many tokens, layers that keep a state, experts that run."""
    stack = layers(root)
    limits = [
        reaches for layer in stack if (reaches := [n for b in mixers(layer) if (n := reach(b))])
    ]
    return {
        "layers": len(stack),
        "limited": len(limits),
        "reach": " or ".join(f"{length:,}" for length in sorted({*map(min, limits)})),
        "recurring": sum(any(block.recurs for block in mixers(layer)) for layer in stack),
        "used": used(shown[0]) if shown and shown[0].is_mixture else 0,
    }


def _mixed_by(kind: str, root: Block) -> str:
    """How many layers mix tokens by such a block."""
    stack = layers(root)
    having = sum(any(block.kind == kind for block in mixers(layer)) for layer in stack)
    return f"{having} of {len(stack)} layers"
