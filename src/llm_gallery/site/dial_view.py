"""The dial of a lesson as its page shows it: what is read off at each place, with bars to one scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.savings import Measure
from llm_gallery.lessons.dial import Turned


@dataclass(frozen=True, slots=True)
class Read:
    """A number that follows the dial: as it is, and with the concept undone where that differs."""

    title: str
    own: str
    without: str
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


NAMED = 3
"""Models that are named at a value, the newest first; the rest are counted."""


def dial_view(turned: Turned, measure: Measure | None, users: Sequence[Entry]) -> DialView:
    """The dial; `measure` has the words for the model without the concept, `users` stand at their values."""
    own = turned.places[turned.own]
    scales = [max(amounts) for amounts in zip(*(p.amounts for p in turned.places), strict=True)]
    reads = []
    for at, title in enumerate(turned.titles):
        undone = turned.without
        differs = undone is not None and undone.amounts[at] != own.amounts[at]
        without = undone.words[at] if undone is not None and differs else ""
        reads.append(Read(title, own.words[at], without, _width(own.amounts[at], scales[at])))
    stops = tuple(
        Stop(
            f"{place.value:,}",
            place.words,
            tuple(map(_width, place.amounts, scales)),
            place.text,
            _named(
                [entry for entry in users if stated(entry.config, turned.dial.key) == place.value]
            ),
        )
        for place in turned.places
    )
    words = "without it" if measure is None else measure.undone[:1].lower() + measure.undone[1:]
    return DialView(turned.dial.name, tuple(reads), stops, turned.own, f"{words}:")


def stated(config: Mapping[str, object], key: str) -> object:
    """What a config says of a key; one whose language model has a table of its own may say it there."""
    name = key.rpartition(".")[2]
    inner = config.get("text_config")
    return config.get(name, inner.get(name) if isinstance(inner, Mapping) else None)


def _width(amount: int, most: int) -> float:
    return round(100 * amount / most, 1) if most else 0.0


def _named(entries: Sequence[Entry]) -> str:
    """Of the newest by name: "A", "A and B", "A, B, C and 9 more"."""
    names = [entry.name for entry in sorted(entries, key=lambda e: e.released, reverse=True)]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    shown = names[:NAMED] + more
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
