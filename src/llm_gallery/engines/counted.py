"""How a row of a sequence is counted, in words."""

from __future__ import annotations

from llm_gallery.architecture.refusal import counted
from llm_gallery.engines.term import Term


def how(term: Term, length: int, in_flight: int = 0, sequences: int = 1) -> str:
    """Layers, tokens and bytes of a row: "10 layers × 65,536 tokens × 8,192 B"."""
    times = f"{sequences:,} sequences × " if sequences > 1 else ""
    layers, units = counted(term.layers, "layer"), term.units(length, in_flight)
    padding = f", {term.padding:,} B of it padding" if term.padding else ""
    if not term.step:
        states = f"{units} × " if units > 1 else ""
        each, rest = divmod(term.unit, term.layers)
        if rest or padding:
            return f"{times}{states}{term.unit:,} B for {layers}{padding}, at any length"
        return f"{times}{states}{layers} × {each:,} B, at any length"
    each, rest = divmod(term.unit, term.layers * term.step)
    if rest or padding or term.beyond:
        return f"{times}{units:,} blocks of {counted(term.step, 'token')} × {term.unit:,} B for {layers}{padding}"
    return f"{times}{layers} × {counted(units * term.step, 'token')} × {each:,} B"
