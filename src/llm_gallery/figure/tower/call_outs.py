"""A tower's call-outs: a name, a little picture, one number and what it counts; and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from llm_gallery.figure.kit.blocks import Sheet
from llm_gallery.figure.kit.text import Weight, fitting, wrap
from llm_gallery.figure.pictures.little import Inks, Little, Norms, Pen, of_call
from llm_gallery.figure.tower.body import Places
from llm_gallery.figure.tower.formats import Format
from llm_gallery.figure.tower.rows import Call, Spot, Tower


def role(call: Call) -> str:
    """Of its words."""
    return f"{call.colour}.text" if call.colour else "ink"


def line(call: Call) -> str:
    """Of its leader."""
    return f"{call.colour}.line" if call.colour else "norm.text"


def pictures(tower: Tower) -> Mapping[Call, tuple[Little, Spot | None]]:
    """A little picture for each call-out that has one; no two are of one kind."""
    found: dict[Call, tuple[Little, Spot | None]] = {}
    for call in tower.calls:
        spot = call.at if isinstance(call.at, Spot) else None
        block = None if spot is None else tower.at(spot).block
        norms = None
        if spot is not None:
            branch = tower.storeys[spot.storey].branches[spot.branch]
            norms = Norms(branch.before, branch.after, branch.on_stream)
        taken = [little for little, _ in found.values()]
        for little in of_call(call.concept, block, norms):
            if little not in taken:
                found[call] = little, spot
                break
    return found


def draw_picture(
    sheet: Sheet,
    tower: Tower,
    call: Call,
    little: tuple[Little, Spot | None],
    area: tuple[float, float, float, float],
    align: float = 0.5,
) -> None:
    """One in its area: in the middle, or at its left edge (0)."""
    draw, spot = little
    block = None if spot is None else tower.at(spot).block
    faint = f"{call.colour}.edge" if call.colour else "norm.edge"
    with sheet.group("picture", "picture", call.name):
        draw(Pen(sheet, *area, Inks(line(call), faint), align), block)


@dataclass(frozen=True, slots=True)
class Said:
    """A call-out's words as they are set."""

    name: tuple[str, ...]
    name_size: float
    number: str
    number_size: float
    words: tuple[str, ...]
    size: float

    @property
    def high(self) -> float:
        """Px from the upper edge to the last line's foot."""
        names = len(self.name) * self.name_size * 1.25
        return names + self.number_size * 0.98 + len(self.words) * self.size * 1.24

    def draw(self, sheet: Sheet, call: Call, x: float, y: float, gap: float = 0.0) -> None:
        """From an upper left corner on; a gap for a picture is left under the name."""
        colour = role(call)
        for words in self.name:
            y += self.name_size * 1.25
            sheet.label(
                x, y - self.name_size * 0.3, words, size=self.name_size, weight=600, role=colour
            )
        y += gap + self.number_size * 0.98
        left, base = x - self.number_size * 0.03, y - self.number_size * 0.17
        sheet.label(left, base, self.number, size=self.number_size, weight=600, role=colour)
        for words in self.words:
            y += self.size * 1.24
            sheet.label(x, y - self.size * 0.3, words, size=self.size, role="ink")


def said(
    fmt: Format, call: Call, room: float, number: float, size: float, lines: int, names: int
) -> Said:
    """Its words in a room so wide."""
    name, name_size = whole(call.name, room, fmt.down(size), names, weight=600)
    small = tuple(number * share for share in (1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56, 0.5))
    counted = fitting(call.number, room, small, 600)
    words, words_size = whole(call.words, room, fmt.down(size), lines)
    return Said(name, name_size, call.number, counted, words, words_size)


def whole(
    words: str, room: float, sizes: tuple[float, ...], lines: int, *, weight: Weight = 400
) -> tuple[tuple[str, ...], float]:
    """The words uncut in so many lines of about one length, smaller where they need more."""
    for size in sizes:
        found = wrap(words, room, size, weight, lines)
        if " ".join(found) == words:
            break
    else:
        return found, size
    narrow = room
    while len(found) > 1 and narrow > room / 2:
        narrow -= size / 4
        closer = wrap(words, narrow, size, weight, len(found))
        if " ".join(closer) != words:
            break
        found = closer
    return found, size


def middle(call: Call, places: Places) -> float:
    """The height that its leader begins at."""
    port = None if call.at is None else places.get(call.at)
    return 0.0 if port is None else port.at.y + port.below
