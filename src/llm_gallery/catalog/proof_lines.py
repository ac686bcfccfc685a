"""A proof in lines for people: each equality with its numbers, and the open parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llm_gallery.analysis.units import grouped

Line = tuple[str, str, str]
"""What was compared, whether it is equal, and how that was seen."""


def miniature(proof: Mapping[str, Any]) -> str:
    """What ran."""
    if not proof["runs"]:
        return "none"
    small = proof["miniature"]
    return (
        f"a miniature of {small['layers']} layers and {grouped(small['parameters'])} random weights, "
        f"run in float64 on {small['tokens']} tokens"
    )


def proven(proof: Mapping[str, Any]) -> Iterator[Line]:
    """The lines of a proof."""
    if proof["runs"]:
        yield from _ran(proof)
    yield from _compared(proof["reference"])
    for what in proof["not_proven"]:
        yield "  not proven", "", what


def _ran(proof: Mapping[str, Any]) -> Iterator[Line]:
    alone = proof["one_by_one"]
    if alone["error"] is not None:
        yield (
            "  one token after another",
            _equal(alone["holds"]),
            f"scores as of all at once, to {alone['error']:.0e} of the largest",
        )
    for name, words, what in (
        ("kept", "  kept after the last token", "numbers"),
        ("multiply_adds", "  multiply-adds of all tokens", "multiply-adds"),
    ):
        done, stated = proof[name]["done"], proof[name]["stated"]
        shown = f"{grouped(done)} {what}, as the fact sheet states"
        holds = proof[name]["holds"]
        if done != stated:
            most = "at most " if holds else ""
            shown = f"{grouped(done)} {what}, the fact sheet states {most}{grouped(stated)}"
        yield words, "no more" if holds and done != stated else _equal(holds), shown
    read, stored = proof["tensors"]["read"], proof["tensors"]["stored"]
    rest = "" if read == stored else "; the others are of experts that no token chose"
    yield "  tensors", "as described", f"{grouped(read)} of {grouped(stored)} read{rest}"


def _compared(reference: Mapping[str, Any]) -> Iterator[Line]:
    models, program = reference["models"], f"transformers {reference['transformers']}"
    if reference["error"] is not None:
        seen = f"{program} gives this miniature the same scores, to {reference['error']:.0e} of the largest"
        yield "  scores of the reference", "equal", seen
    elif models:
        seen = f"{program} gives the miniatures of {', '.join(models)} the same scores"
        yield "  scores of the reference", "equal in the family", seen


def _equal(holds: bool) -> str:
    return "equal" if holds else "DIFFERENT"
