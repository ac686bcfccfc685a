"""What a sequence takes, and what is left of a device: by hand, and by what must hold for any rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.engines.counted import how
from llm_gallery.engines.placed import Placed, Room
from llm_gallery.engines.split import Split
from llm_gallery.engines.term import Term, reserved

CELLS = Term("GQA", 10, unit=256 * 10 * 8192, step=256)
WINDOW = Term("sliding-window GQA", 52, unit=256 * 52 * 8192, step=256, limit=1024 + 512)
PAGES = Term(
    "MLA", 61, unit=61 * 64 * 1152, step=64, limit=4095, in_flight=True, beyond=1, padding=7
)
STATE = Term("Mamba-2", 3, unit=3 * 1000, step=0)
terms = st.builds(
    Term,
    label=st.just("GQA"),
    layers=st.integers(1, 9),
    unit=st.integers(1, 10**6),
    step=st.sampled_from([0, 1, 16, 256]),
    limit=st.none() | st.integers(1, 10**5),
    in_flight=st.booleans(),
    beyond=st.integers(0, 2),
)
rooms = st.builds(
    Room,
    st.lists(
        st.builds(Placed, st.integers(0, 10**9), st.lists(terms, max_size=3).map(tuple)),
        min_size=1,
        max_size=3,
    ).map(tuple),
    st.integers(0, 10**10),
    st.integers(0, 10**4),
)


def test_units_are_whole() -> None:
    assert [CELLS.units(length) for length in (1, 256, 257, 65_536)] == [1, 1, 2, 256]
    assert [WINDOW.units(length) for length in (1000, 1536, 100_000)] == [4, 6, 6]
    assert [PAGES.units(100_000, in_flight) for in_flight in (0, 4096)] == [65, 129]
    assert STATE.units(10**6) == 1
    assert STATE._replace(beyond=2).units(5) == 3


def test_a_sequence_is_the_sum_of_its_rows() -> None:
    expected = 65_536 * 10 * 8192 + 1536 * 52 * 8192 + 3000
    assert reserved((CELLS, WINDOW, STATE), 65_536) == expected


def test_how_a_row_is_counted_is_said() -> None:
    assert how(CELLS, 65_536) == "10 layers × 65,536 tokens × 8,192 B"
    assert how(CELLS, 65_536, sequences=4) == "4 sequences × 10 layers × 65,536 tokens × 8,192 B"
    assert how(STATE, 9) == "3 layers × 1,000 B, at any length"
    assert how(PAGES, 128) == "3 blocks of 64 tokens × 4,497,408 B for 61 layers, 7 B of it padding"
    assert (
        how(STATE._replace(padding=2), 9)
        == "3,000 B for 3 layers, 2 B of it padding, at any length"
    )


def test_the_fullest_rank_decides() -> None:
    small, large = Placed(100, (CELLS,)), Placed(10**9, ())
    room = Room((small, large), usable=10**9 + 1)
    assert room.fullest(256, 1) == large
    assert room.spare(256, 1) == 1
    assert room.spare(65_536, 1) == 10**9 + 1 - 100 - 65_536 * 10 * 8192
    assert room.most_sequences(256) == (10**9 + 1 - 100) // (256 * 10 * 8192)


def test_what_takes_nothing_has_no_most() -> None:
    assert Room((Placed(5, ()),), usable=9).most_sequences(8) is None
    assert Room((Placed(10, ()),), usable=9).most_sequences(8) == 0
    assert Room((Placed(10, (CELLS,)),), usable=9).most_sequences(8) == 0


@given(rooms, st.integers(1, 4), st.integers(1, 10**6))
def test_the_longest_context_fits_and_no_longer_one(room: Room, sequences: int, most: int) -> None:
    longest = room.longest(sequences, most)
    assert 0 <= longest <= most
    assert longest == 0 or room.spare(longest, sequences) >= 0
    assert longest == most or room.spare(longest + 1, sequences) < 0


@given(rooms, st.integers(1, 10**6))
def test_the_most_sequences_fit_and_not_one_more(room: Room, length: int) -> None:
    most = room.most_sequences(length)
    if most is None:
        assert room.spare(length, 10**6) >= 0
    else:
        assert room.spare(length, most) >= 0 or most == 0
        assert room.spare(length, most + 1) < 0


def test_sequences_are_spread_over_groups() -> None:
    split = Split(tensor=2, data=3)
    assert split.ranks == 6
    assert [split.sequences(count) for count in (1, 3, 4)] == [1, 1, 2]
