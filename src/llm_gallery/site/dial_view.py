"""The dial of a lesson as its page shows it: what is read off at each place, with bars to one scale."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.lessons.dial import Turned
from llm_gallery.site.savings import Measure


@dataclass(frozen=True, slots=True)
class Read:
    """A number that follows the dial: as it is, and with the concept undone where that differs."""

    title: str
    own: str
    without: str
    most: int  # the scale of its bar


@dataclass(frozen=True, slots=True)
class Stop:
    """One value: what is read there, and how long the bars are in percent."""

    value: str
    words: tuple[str, ...]
    widths: tuple[float, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DialView:
    """Everything that the template asks for."""

    name: str
    reads: tuple[Read, ...]
    places: tuple[Stop, ...]
    at: int
    undone: str

    @property
    def own(self) -> Stop:
        """The model's own place."""
        return self.places[self.at]

    @property
    def last(self) -> int:
        """Number of the last place."""
        return len(self.places) - 1


def dial_view(turned: Turned, measure: Measure | None) -> DialView:
    """The dial; `measure` has the words for the model without the concept."""
    own = turned.places[turned.own]
    scales = [max(amounts) for amounts in zip(*(p.amounts for p in turned.places), strict=True)]
    reads = []
    for at, title in enumerate(turned.titles):
        undone = turned.without
        differs = undone is not None and undone.amounts[at] != own.amounts[at]
        without = undone.words[at] if undone is not None and differs else ""
        reads.append(Read(title, own.words[at], without, scales[at]))
    stops = tuple(
        Stop(
            f"{place.value:,}",
            place.words,
            tuple(
                round(100 * amount / most, 1) if most else 0.0
                for amount, most in zip(place.amounts, scales, strict=True)
            ),
            place.text,
        )
        for place in turned.places
    )
    words = "without it" if measure is None else measure.undone[:1].lower() + measure.undone[1:]
    return DialView(turned.dial.name, tuple(reads), stops, turned.own, f"{words}:")
