"""The dial of a lesson as its page shows it: what is read off at each place, with bars to one scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llm_gallery.catalog.entry import Entry
from llm_gallery.lessons.dial import CountedDial
from llm_gallery.lessons.dials import turns
from llm_gallery.lessons.lesson import Dial


@dataclass(frozen=True, slots=True)
class Read:
    """A number that follows the dial: as it is, and with the concept undone where that differs."""

    title: str
    own: str
    beside: str
    own_width: float  # of its bar, in percent; 0 where there is none


@dataclass(frozen=True, slots=True)
class Stop:
    """One value: what is read there, and how long the bars are in percent."""

    value: str
    words: tuple[str, ...]
    widths: tuple[float, ...]
    text: str
    having: str  # models of the gallery that state this very value


@dataclass(frozen=True, slots=True)
class Other:
    """Another model that the dial turns on."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DialView:
    """Everything that the template asks for."""

    name: str
    reads: tuple[Read, ...]
    places: tuple[Stop, ...]
    at: int
    others: tuple[Other, ...]

    @property
    def own(self) -> Stop:
        """The model's own place."""
        return self.places[self.at]

    @property
    def last(self) -> int:
        """Number of the last place."""
        return len(self.places) - 1


NAMED = 3
"""Models that are named at a value, the newest first; the rest are counted."""


def dial_view(
    counted_dial: CountedDial, without: str, users: Sequence[Entry], others: Sequence[Entry] = ()
) -> DialView:
    """The dial; `without` are the words for the model without the concept, `users` stand at their values."""
    stops = tuple(
        Stop(
            f"{place.value:,}",
            place.words,
            widths,
            place.text,
            _named(
                [entry for entry in users if _stated_value(entry, counted_dial.dial) == place.value]
            ),
        )
        for place, widths in zip(counted_dial.places, _widths(counted_dial), strict=True)
    )
    return DialView(
        counted_dial.dial.name,
        tuple(_reads(counted_dial, without)),
        stops,
        counted_dial.own,
        tuple(Other(entry.id, entry.name) for entry in others),
    )


def on_others(counted_dials: Mapping[str, CountedDial], without: str) -> dict[str, Any]:
    """The dial on other models, as the page loads it: by model its own place, all places, what stands under a number."""
    return {
        model: [
            counted_dial.own,
            [
                [f"{place.value:,}", place.words, widths]
                for place, widths in zip(counted_dial.places, _widths(counted_dial), strict=True)
            ],
            [read.beside for read in _reads(counted_dial, without)],
        ]
        for model, counted_dial in counted_dials.items()
    }


def _reads(counted_dial: CountedDial, without: str) -> Iterator[Read]:
    """The numbers as they are, and without the concept where they differ."""
    place, undone = counted_dial.places[counted_dial.own], counted_dial.without
    widths = _widths(counted_dial)[counted_dial.own]
    for at, number in enumerate(counted_dial.counted):
        beside = f"as it is {place.words[at]}"
        if number.is_apart:
            beside += f", the rest {number.words(counted_dial.rest(counted_dial.own, at))}"
        if undone is not None and undone.amounts[at] != place.amounts[at]:
            beside += f"; {without}: {undone.words[at]}"
        yield Read(number.title, place.words[at], beside, widths[at])


def _widths(counted_dial: CountedDial) -> list[tuple[float, ...]]:
    """How long the bars are at each place, in percent of the longest."""
    scales = [
        max(amounts) for amounts in zip(*(p.amounts for p in counted_dial.places), strict=True)
    ]
    return [tuple(map(_width, place.amounts, scales)) for place in counted_dial.places]


def _stated_value(entry: Entry, dial: Dial) -> int | None:
    """What its config says of a dial's value."""
    return next((turn.own for turn in turns(entry.config, dial)), None)


def _width(amount: int, most: int) -> float:
    return round(100 * amount / most, 1) if most else 0.0


def _named(entries: Sequence[Entry]) -> str:
    """Of the newest by name: "A", "A and B", "A, B, C and 9 more"."""
    names = [entry.name for entry in sorted(entries, key=lambda e: e.released, reverse=True)]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    shown = names[:NAMED] + more
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
