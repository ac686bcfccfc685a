"""The saving of a concept on the models that use it: each beside itself with the concept undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llm_gallery.analysis.units import binary
from llm_gallery.catalog.savings import measure, saved
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.short_forms import count, flop, share

WORDS = {"bytes": binary, "parameters": count, "flop": flop}


@dataclass(frozen=True, slots=True)
class Saving:
    """One model: what it would take without the concept, and what it takes."""

    model: Exhibit
    undone: int
    actual: int
    undone_words: str
    actual_words: str
    how: str

    @property
    def factor(self) -> str:
        """How much smaller it is: "8 ×", or "0.2%" where that is little."""
        if self.actual == 0:
            return "all"
        ratio = self.undone / self.actual
        return f"{ratio:.3g} ×" if ratio >= 1.1 else share(self.undone - self.actual, self.undone)


def savings(concept: str, models: Sequence[Exhibit]) -> tuple[Saving, ...]:
    """Every model on which it saves something, in the order given."""
    counted = measure(concept)
    if counted is None:
        return ()
    words, rows = WORDS[counted.unit], []
    for model in models:
        numbers = saved(concept, model.root)
        if numbers is not None:
            before, after = numbers
            how = counted.how(model.root)
            rows.append(Saving(model, before, after, words(before), words(after), how))
    return tuple(rows)
