"""What a page of a model is held to beside the gates of every picture."""

from __future__ import annotations

from collections.abc import Iterator

from llm_gallery.figure import Detail
from llm_gallery.figure.kit.shapes import Picture
from tests.figure import gates
from tests.figure.leading import told


def of_a_page(page: Picture, detail: Detail) -> tuple[str, ...]:
    """Every fault of a page in words: its format, type, rows without ink, what is hidden, what leads too low."""
    return tuple(_faults(page, detail))


def of_any_page(page: Picture) -> tuple[str, ...]:
    """The faults that no page may have, however many kinds of layers it shows: what isn't read or isn't seen."""
    covered = gates.hidden(page)
    return (*gates.faults(page), *covered, *gates.set_too_small(page))


def _faults(page: Picture, detail: Detail) -> Iterator[str]:
    if detail in ("standard", "phone"):  # a page of all weights is as high as they are many
        yield from gates.out_of_format(page)
    yield from gates.too_small(page)
    yield from gates.blank_rows(page)
    yield from gates.blank_bands(page)
    if detail != "full":  # a table's columns end where they end
        yield from gates.deserts(page)
    yield from gates.hidden(page)
    if detail == "phone":  # shown 375 px wide, where 10 px stay
        yield from gates.set_too_small(page, 10.7)
    if detail in ("standard", "full") and (leads := told(page)) is not None:
        yield from gates.too_low(leads)
