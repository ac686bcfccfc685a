"""The poster has each model once, in families that follow the tree, and no hole."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.architecture.block import layers
from llm_gallery.catalog.family_members import members
from llm_gallery.catalog.load import find
from llm_gallery.figure import Heading, poster
from llm_gallery.figure.frame.layer_frame import picture as frame
from llm_gallery.figure.kit.segments import stretches
from llm_gallery.figure.kit.shapes import Mark, Text, flat
from llm_gallery.figure.page.depth_strip import strip_place
from llm_gallery.figure.sheets.families import LEAST, families
from llm_gallery.figure.sheets.poster import CARD, CHANNEL, GUTTER, MARGIN, NAMES, TOKEN, wide_names
from llm_gallery.figure.sheets.small_frame import least, small_frame
from llm_gallery.figure.strip.strip import PARTING
from llm_gallery.lineage import lineage
from llm_gallery.plan.one_layer import layers_of
from llm_gallery.plan.planning import plan
from tests.described_catalog import drawable
from tests.figure.gates import faults, words
from tests.sample import drawings


def test_each_model_stands_in_one_family() -> None:
    found = [member.heading.name for family in families(drawable()) for member in family.members]
    assert Counter(found) == Counter(heading.name for _, heading in drawable())


@pytest.mark.whole
def test_families_follow_the_tree() -> None:
    """A member's nearest measured ancestor is in its family, but for the one that the family begins with."""
    tree = lineage(members())
    names = {member.id: " ".join(member.name.split()) for member in tree.members.values()}
    parents = {names[one]: tree.parent(one) for one in names}
    for family in families(drawable()):
        inside = [member.heading.line for member in family.members]
        for member in family.members[1:]:
            step = parents[member.heading.line]
            assert step is not None
            assert names[step.parent.id] in inside
            # It stands after its ancestor, one step below it.
            before = family.members[inside.index(names[step.parent.id])]
            assert inside.index(names[step.parent.id]) < inside.index(member.heading.line)
            assert member.depth == before.depth + 1


def test_families_are_large_enough_to_be_ones() -> None:
    """But for those that nobody follows and that follow nobody."""
    sizes = [len(family.members) for family in families(drawable())]
    assert all(size >= LEAST or size == 1 for size in sizes)
    assert sizes.count(1) <= 1


def test_names_in_a_circle_lose_nobody() -> None:
    architecture = find("llama-3-8b").architecture
    named = {"A": "B", "B": "A", "C": "C", "D": "nobody"}
    given = [(architecture, Heading(name=n, ancestor=a)) for n, a in named.items()]
    found = [member.heading.name for family in families(given) for member in family.members]
    assert sorted(found) == ["A", "B", "C", "D"]


def test_the_sheet_has_no_hole() -> None:
    """Every cell of the grid is covered once, by a card or by a family's name."""
    drawn = poster(drawable()).picture
    across = round((drawn.width - 2 * MARGIN + GUTTER) / (CARD + GUTTER))
    tops = sorted({at.y for at, _ in drawn.inside})
    taken = Counter(
        (tops.index(at.y), round((at.x - MARGIN) / (CARD + GUTTER)) + cell)
        for at, part in drawn.inside
        for cell in range(round((part.width + GUTTER) / (CARD + GUTTER)))
    )
    cells = {(row, column) for row in range(len(tops)) for column in range(across)}
    assert taken == Counter(cells)
    assert {part.height for _, part in drawn.inside} == {drawn.inside[0][1].height}
    assert drawn.height / drawn.width == pytest.approx(2**0.5, rel=0.06)


@given(st.lists(st.integers(2, 9), min_size=1, max_size=9), st.integers(3, 8))
def test_wide_names_fill_the_last_row_where_any_do(sizes: list[int], across: int) -> None:
    """A choice is found wherever trying all of them finds one; without one no name is wide."""

    def whole(wide: frozenset[int]) -> bool:
        at = 0
        for index, size in enumerate(sizes):
            if index in wide and at % across == across - 1:
                return False
            at += size + (index in wide)
        return at % across == 0

    families = range(len(sizes))
    fewest = [many for many in range(len(sizes) + 1) if (sum(sizes) + many) % across == 0][:1]
    ways = [frozenset(each) for many in fewest for each in combinations(families, many)]
    found = wide_names(sizes, across)
    assert whole(found) if any(map(whole, ways)) else not found


def test_every_name_stands_over_a_card() -> None:
    drawn = poster(drawable()).picture
    titled = [
        words(shape)
        for shape in flat(drawn)
        if isinstance(shape, Text) and shape.about is not None and shape.about.data
    ]
    assert Counter(titled) == Counter(heading.line for _, heading in drawable())


@pytest.mark.parametrize("name", drawings())
@pytest.mark.parametrize("room", [0.0, 60.0])
def test_a_small_frame_has_the_blocks_of_the_large_one(name: str, room: float) -> None:
    """What mixes stands in both, and both have as many sums; the small one fits in what it says it needs."""
    shown = plan(find(name).architecture.root)
    for one in layers_of(shown.root):
        high = least(one, shown.stream, CARD) + room
        small = small_frame(one, shown.stream, CARD, high)
        assert faults(small) == ()
        assert (small.width, small.height) == (CARD, high)
        mixing = {
            (choice.name, choice.layers)
            for branch in one.branches
            for place in branch.places
            if place.mixes
            for choice in place.choices
        }
        said = " ".join(words(s) for s in small.shapes if isinstance(s, Text))
        for called, _ in mixing:
            first = called.split()[0].rstrip(",")
            assert first in said or "Experts" in said or "…" in said
        large = frame(one, shown, 400)
        assert sums(small.shapes) == sums(large.shapes)


def sums(shapes: object) -> int:
    """Rings on the stream and bars across several streams that write them."""
    assert isinstance(shapes, tuple)
    return sum(
        1
        for shape in shapes
        if getattr(shape, "form", "") == "circle" and getattr(shape, "width", 0) == 17
    )


@pytest.mark.parametrize("name", drawings())
def test_layers_are_parted(name: str) -> None:
    """Every layer has a cell of its own, with room to the next one, up to 140 layers."""
    model = find(name)
    drawn, depth = (
        poster([(model.architecture, model.heading)]).picture,
        len(layers(model.architecture.root)),
    )
    card = drawn.inside[-1][1]
    place = strip_place(depth, CARD, NAMES, token=TOKEN, channel=CHANNEL)
    seen = set()
    for mark in (
        shape for shape in card.shapes if isinstance(shape, Mark) and shape.fill is not None
    ):
        for points in (stretch.points for stretch in stretches(mark.path)):
            across = [mark.x + x for x, _ in points]
            assert max(across) - min(across) <= place.cell + 0.1
            seen.add(int(((min(across) + max(across)) / 2 - place.left) / place.pitch))
    assert seen == set(range(depth))
    assert place.pitch - place.cell >= min(PARTING, place.pitch / 2) - 1e-9
