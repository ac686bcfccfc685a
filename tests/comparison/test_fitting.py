"""What is named beside what leads is fitted by counts of words, which are those of the sentences."""

from __future__ import annotations

from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from llm_gallery.comparison.brevity import count
from llm_gallery.comparison.grammar import phrased, phrased_words
from llm_gallery.comparison.sentences import Cause, DifferenceText

PHRASES = (
    "biases on queries, keys and values",
    "no positions",
    "no positions in one layer of four",
    "twice the heads (32 → 64)",
    "no shared expert and no gate",
    "windows of 1,024 tokens in five layers of six",
)


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=5, unique=True))
def test_words_of_a_list_are_counted_without_it(phrases: list[str]) -> None:
    assert phrased_words(phrases) == count(phrased(phrases))


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=5, unique=True))
def test_words_of_something_else_that_is_listed_are_not_counted(phrases: list[str]) -> None:
    assert phrased_words(phrases, others=True) == count(phrased([*phrases, "another"])) - 1


def test_all_is_named_where_there_are_words_for_it_and_no_more_than_there_are_words_for() -> None:
    for lead, size in product(PHRASES, range(1, 5)):
        said = DifferenceText("A is B", "", " with", (lead,), listing=False, always=(), follows=())
        for phrases in combinations(PHRASES, size):
            rest = [Cause(words, 1.0) for words in phrases]
            whole = said.filled(rest, (), 1000)
            assert whole.rest == phrases
            assert not whole.more
            for most in range(len(lead.split()) + 10, 50):
                words = sum(map(count, said.filled(rest, (), most).sentences()))
                assert words <= most
