"""The order of kinds of layers: what a reader puts together again from the words is what there was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.comparison.phrases import NUMBERS
from llm_gallery.explanation.layers_in_order import in_order

A, B, C = "sliding-window attention", "global attention", "Mamba-2"
D, E, F = "experts", "an MLP", "sliding window"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([A], ""),
        ([A, A, A], ""),
        ([A, B] * 3, f"{A}, then {B}, 3 times"),
        ([A, A, A, B] * 2, f"three {A} layers to one of {B}, twice"),
        ([C, B, C, C] * 4, f"one of {C}, then one of {B}, then two of {C}, 4 times"),
        ([E] + [D] * 9, f"the first has {E}, the other 9 have {D}"),
        ([E] * 3 + [D] * 58, f"the first 3 have {E}, the other 58 have {D}"),
        ([D] * 4 + [E], f"the first 4 have {D}, the last has {E}"),
        ([A, B, B, A, A], f"3 have {A} and 2 have {B}"),
        ([A, B, C, A], f"2 have {A}, 1 has {B} and 1 has {C}"),
        ([None, A, None, None, B], f"1 has {A} and 1 has {B}"),
        (
            [A, B, C, D, E, A, A, B, C],
            f"3 have {A}, 2 have {B}, 2 have {C}, 1 has {D} and 1 has {E}",
        ),
        (
            [A, B, C, D, E, F, A, A, B, C],
            f"3 have {A}, 2 have {B}, 2 have {C} and 3 have others",
        ),
    ],
)
def test_an_order_reads_so(names: list[str | None], words: str) -> None:
    assert in_order(names, "of") == words


def read(words: str, depth: int) -> list[str] | None:
    """The layers that the words put in order; None where they only count them."""
    if found := re.fullmatch(r"(.*), (?:(\d+) times|twice)", words):
        unit: list[str] = []
        for part in re.split(
            ", then | to ", re.sub(r"^(\w+) (.*) layers to ", r"\1 of \2 to ", found[1])
        ):
            count, of, name = part.partition(" of ")
            size = NUMBERS.index(count) if count in NUMBERS else int(count) if of else 1
            unit += [name if of else part] * size
        return unit * int(found[2] or 2)
    if found := re.fullmatch(
        r"the first(?: (\d+))? ha\w+ (.*), the (?:other (\d+)|last) ha\w+ (.*)", words
    ):
        return [found[2]] * int(found[1] or 1) + [found[4]] * int(found[3] or 1)
    return None


@given(st.lists(st.sampled_from([A, B, C]), min_size=1, max_size=12), st.integers(1, 5))
def test_what_is_put_in_order_is_the_order(unit: list[str], times: int) -> None:
    names = unit * times
    words = in_order(names, "of")
    if len(set(names)) == 1:
        assert words == ""
        return
    told = read(words, len(names))
    if told is not None:
        assert told == names
        return
    counted = re.findall(r"(\d+) ha(?:s|ve) ([^,]+?)(?:,| and |$)", words)
    assert {name: int(count) for count, name in counted} == {n: names.count(n) for n in names}
