"""Two models have one fingerprint where comparing them finds nothing that it stands for, and only there."""

from __future__ import annotations

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.comparison import Difference, Profile, Subject, profile
from llm_gallery.comparison.fingerprint import architecture, design
from llm_gallery.lineage import Member
from llm_gallery.recognition import describe
from tests.sample import Pairs, pairs


@pytest.mark.parametrize("compared", pairs())
def test_fingerprints_are_equal_where_nothing_changed(
    compared: Pairs, members: tuple[Member, ...]
) -> None:
    named = {name for pair in compared for name in pair}
    own = {member.id: member.profile for member in members if member.id in named}
    designs = {name: design(one) for name, one in own.items()}
    kinds = {name: architecture(one) for name, one in own.items()}
    for old, new in compared:
        difference = Difference(own[old], own[new])
        in_part = any(own[name].architecture.uncounted for name in (old, new))
        for printed, changes in ((designs, difference.causes), (kinds, difference.changes)):
            alike = printed[old] == printed[new]
            # Of parts that nobody describes no change is told.
            assert alike == (not changes) or (in_part and not alike), (old, new)


def of(**changes: object) -> Profile:
    config = {**find("llama-3-8b").config, **changes}
    return profile(Subject(id="", name="", architecture=describe(config)))


def test_a_size_is_of_the_architecture_and_a_mechanism_of_the_design() -> None:
    plain, large, bare = (
        of(),
        of(num_hidden_layers=40, intermediate_size=4096),
        of(num_key_value_heads=32),
    )
    assert design(plain) == design(large) != design(bare)
    assert len({architecture(plain), architecture(large), architecture(bare)}) == 3
    assert design(of(rope_theta=7e4)) == design(plain)
    assert architecture(of(rope_theta=7e4)) != architecture(plain)


def test_whether_a_size_is_stated_says_nothing_and_it_is_known_again() -> None:
    stated = of(attention_bias=False, head_dim=128)
    assert architecture(stated) == architecture(of())
    assert (design(of()), architecture(of())) == (DESIGN, ARCHITECTURE)


DESIGN, ARCHITECTURE = "31684cc47b92277295cd9875623c8a50", "3a7b8b7ebc3e1f647dcc3e7bf22de700"
"""Of Llama 3 8B: whoever changes these makes old and new censuses incomparable, and says so in CHANGELOG.md."""
