"""In how many layers a thing stands is counted: a pattern is told only where every layer keeps to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_gallery import explain
from llm_gallery.catalog.load import entries, find
from llm_gallery.comparison import Difference, Profile, profile
from llm_gallery.comparison.changes import ROLES
from llm_gallery.comparison.places import in_place
from llm_gallery.comparison.profile import place
from tests.comparison.shares import is_of, stated_shares
from tests.sample import Pairs, models, pairs

GIVEN_UP = r"(?<=: )(?P<name>[^:]+), its makers' previous design, had (?P<had>.+? layers)\.(?= |$)"
"""What the makers' previous design had, in layers of its own."""
_PROFILES: dict[str, Profile] = {}


def held(model: str) -> Profile:
    if model not in _PROFILES:
        _PROFILES[model] = profile(find(model))
    return _PROFILES[model]


def misplaced(text: str, *models: Profile) -> list[tuple[int, int, bool]]:
    return [
        share for share in stated_shares(text) if not any(is_of(share, model) for model in models)
    ]


@pytest.mark.parametrize("model", models())
def test_every_part_stands_in_as_many_layers_as_its_cell_says(model: str) -> None:
    own = held(model)
    for part in own.parts:
        assert misplaced(in_place(part.place), own) == [], part.label
    for role in ROLES:
        for part in own.of_role(role):
            count, _, of = part.place.words.partition(" in ")
            if of:
                assert int(count) * part.place.of == int(of) * len(part.layers), part.label


@pytest.mark.parametrize("compared", pairs())
def test_every_share_of_any_two_models_is_one_of_their_layers(
    compared: Pairs,
) -> None:
    found = [
        (one.old.id, one.new.id, text, wrong)
        for pair in compared
        for old, new in (pair, pair[::-1])
        for one in (Difference(held(old), held(new)),)
        for text in (*one.sentences, *(change.words for change in one.changes))
        if (wrong := misplaced(text, one.old, one.new))
    ]
    assert found == []


@pytest.mark.parametrize("model", models())
def test_every_share_in_an_explanation_is_one_of_the_layers(model: str) -> None:
    text = " ".join(paragraph.text for paragraph in explain(model).paragraphs)
    own = re.sub(r"before: [\w ]+ of \w+", "", text)  # what the nearest earlier model has
    if (given_up := re.search(GIVEN_UP, own)) is not None:
        previous = next(entry.id for entry in entries() if entry.name == given_up["name"])
        assert misplaced(given_up["had"], held(previous)) == []
        own = own.replace(given_up[0], "")
    assert misplaced(own, held(model)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("qwen3-8b", "nemotron-h-56b", "Mamba-2 in 54 and attention in 10 of 118 layers"),
        ("qwen3-8b", "nemotron-3-ultra-550b-a55b", "attention in 12 of 108 layers"),
        ("qwen3-8b", "minicpm-sala-9b", "Lightning attention in 24 of 32 layers, leaving softmax attention in 8"),
        ("gemma-2-27b", "gemma-3-27b", "full attention in 10 of 62 layers (before: one layer of two)"),
        ("llama-3-8b", "llama-4-scout", "no positions in one layer of four"),
    ],
)  # fmt: skip
def test_a_pattern_that_leaves_layers_over_is_a_count(old: str, new: str, said: str) -> None:
    assert any(said in change.words for change in Difference(held(old), held(new)).changes)


def test_one_schedule_at_two_depths_is_no_other_layout() -> None:
    small, large = ([i for i in range(depth) if i % 6 == 5] for depth in (48, 62))
    assert place(small, 48).pattern == place(large, 62).pattern == "1 in 6"
    assert (place(small, 48).words, place(large, 62).words) == ("1 in 6", "10 of 62")


@given(st.lists(st.booleans(), min_size=1, max_size=40).filter(any))
def test_words_of_a_place_give_its_layers_back(having: list[bool]) -> None:
    depth, chosen = len(having), [index for index, has in enumerate(having) if has]
    words = place(chosen, depth).words
    if words == "all":
        assert len(chosen) == depth
    elif words.startswith("first "):
        assert chosen == [*range(int(words.split()[-1]))]
    elif words.startswith("all but"):
        assert chosen == [*range(int(words.split()[-1]), depth)]
    elif " in " in words:
        count, unit = map(int, words.split(" in "))
        assert depth % unit == 0
        assert all(sum(having[at : at + unit]) == count for at in range(0, depth, unit))
    else:
        assert words == f"{len(chosen)} of {depth}"
