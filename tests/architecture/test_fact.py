"""A value keeps its origin until arithmetic changes it."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.fact import Fact, Value, derived, fact, known
from llm_gallery.architecture.parts.basic import facts


@pytest.mark.parametrize("value", [7, 0.5, "silu"])
def test_a_known_value_is_itself_with_an_origin(value: Value) -> None:
    carried = known(value, "stated", "some_key")
    assert carried == value
    assert fact(carried) == Fact(value, "stated", "some_key")
    assert type(fact(carried).value) is type(value)


def test_arithmetic_drops_the_origin() -> None:
    heads = known(8, "stated", "num_attention_heads")
    assert fact(heads * 2) == Fact(16, "implied", "")
    assert fact(derived(heads * 2, "2 x heads")) == Fact(16, "derived", "2 x heads")


@pytest.mark.parametrize("value", [True, None, (1, 2)])
def test_what_cannot_carry_an_origin_stays_as_it_is(value: object) -> None:
    assert known(value, "stated", "key") is value


def test_facts_leave_out_what_nobody_states() -> None:
    held = facts(heads=known(8, "assumed", "n_head"), window=None, gate=Fact(None, "stated", "g"))
    assert held == {"heads": Fact(8, "assumed", "n_head")}
