"""Dials on other models: the table that is kept equals what is counted now, and by hand."""

from __future__ import annotations

import pytest

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.lessons import dials, numbers
from llm_gallery.lessons.lesson import Dial, Lesson, lessons

pytestmark = pytest.mark.whole


def dialled(concept: str) -> tuple[Lesson, Dial]:
    lesson = lessons()[concept]
    assert lesson.dial is not None
    return lesson, lesson.dial


@pytest.mark.parametrize("concept", sorted(dials.known()))
def test_the_table_is_what_is_counted(concept: str) -> None:
    """One model of each dial; `make generated` compares all of them."""
    rows = dials.known()[concept]
    model = sorted(rows)[len(rows) // 2]
    found = dials.count(*dialled(concept), model)
    assert found is not None
    assert [*found] == [*rows[model]], "run python -m tools.generate_dials"


def test_another_latent() -> None:
    """Kimi K2's 61 layers keep the latent and a rotated key of 64, two bytes a number; undone, 64 heads' keys and values."""
    lesson, dial = dialled("multi-head-latent-attention")
    turned = dials.on(lesson, dial, "kimi-k2")
    assert turned is not None
    at = dial.counted.index("cache")
    assert [place.value for place in turned.places] == [*dial.values]
    assert [p.amounts[at] for p in turned.places] == [61 * (x + 64) * 2 for x in dial.values]
    assert turned.places[turned.own].value == 512
    assert turned.without is not None
    assert turned.without.amounts[at] == 61 * 64 * (128 + 64 + 128) * 2


def test_its_own_value_is_among_them() -> None:
    for concept, rows in dials.known().items():
        for model in rows:
            turned = dials.on(*dialled(concept), model)
            assert turned is not None
            values = [place.value for place in turned.places]
            assert values == sorted(set(values))
            assert len(values) >= dials.LEAST
            assert values[turned.own] == rows[model][0]


def test_what_moves_nothing_is_not_offered() -> None:
    """A base of rotation changes no count; GPT-2 has no groups."""
    assert dials.count(*dialled("rope"), "qwen3-32b") is None
    assert dials.on(*dialled("rope"), "qwen3-32b") is None
    assert dials.on(*dialled("grouped-query-attention"), "gpt2-xl") is None


def test_a_value_that_no_model_can_have_is_left_out() -> None:
    """Phi-4's 40 heads don't stand in 16 groups; its own 10 are among what is left."""
    _, amounts, _ = dials.known()["grouped-query-attention"]["phi-4"]
    assert [*amounts] == ["1", "2", "4", "8", "10"]
    with pytest.raises(Refusal, match="num_key_value_heads"):
        numbers.with_keys("phi-4", "grouped-query-attention", {"num_key_value_heads": 16})


def test_where_a_config_states_a_key() -> None:
    assert dials.stated({"window": 8}, "window") == ("window", 8)
    assert dials.stated({"text_config": {"window": 8}}, "window") == ("text_config.window", 8)
    assert dials.stated({"window": 8}, "text_config.window") == ("window", 8)
    assert dials.stated({"scaling": {"factor": 4.0}}, "scaling.factor") == ("scaling.factor", 4)
    assert dials.stated({"window": None, "factor": 1.5}, "factor") is None
    assert dials.stated({"window": True}, "window") is None


def test_a_list_of_layers_is_a_dial_where_its_spaces_are_even() -> None:
    _, dial = dialled("hybrid")
    even = {"text_config": {"layer_types": ["linear", "linear", "full_attention"] * 2}}
    (turn,) = dials.turns(even, dial)
    assert turn.own == 3
    assert turn.to(2) == {"text_config.layer_types": ["linear", "full_attention"] * 3}
    assert turn.to(3) == {"text_config.layer_types": even["text_config"]["layer_types"]}
    uneven = ["full_attention", "linear", "linear", "full_attention"]
    assert [*dials.turns({"layer_types": uneven}, dial)] == []
    assert [*dials.turns({"layer_types": [*uneven, "third"]}, dial)] == []


def test_a_list_goes_before_the_key_that_it_stands_for() -> None:
    """Qwen3.5 states an interval and the list that is read; a key may have another name."""
    _, dial = dialled("hybrid")
    both = {"full_attention_interval": 8, "layer_types": ["linear", "full_attention"] * 2}
    assert [turn.own for turn in dials.turns(both, dial)] == [2]
    assert [turn.own for turn in dials.turns({"attn_layer_period": 8}, dial)] == [8]


def test_one_layer_in_so_many_attends() -> None:
    """Of Qwen3.6 27B's 64 layers, sixteen keep 4 heads of 256 numbers, twice, two bytes each."""
    lesson, dial = dialled("hybrid")
    turned = dials.on(lesson, dial, "qwen3.6-27b")
    assert turned is not None
    at = dial.counted.index("cache")
    kept = {place.value: place.amounts[at] for place in turned.places}
    assert kept[4] == 16 * 2 * 4 * 256 * 2
    assert kept[8] == kept[4] // 2
    assert turned.places[turned.own].value == 4
    assert turned.without is not None
    assert turned.without.amounts[at] == 4 * kept[4]


def test_a_list_that_says_otherwise_is_null_while_the_dial_turns() -> None:
    """SmolLM3 lists which layers rotate, and the list goes before the interval."""
    lesson, dial = dialled("nope")
    (turn,) = dials.turns({"no_rope_layer_interval": 4, "no_rope_layers": [1, 0]}, dial)
    assert turn.own == 4
    assert turn.to(9) == {"no_rope_layer_interval": 9, "no_rope_layers": None}
    assert numbers.with_keys(lesson.on, lesson.id, turn.to(9)).having == 4  # of 36
    assert numbers.with_keys(lesson.on, lesson.id, {"no_rope_layer_interval": 9}).having == 9


def test_layers_that_read_keep_nothing() -> None:
    """Gemma 4 E4B: with 18 of 42 layers that read, four of 24 keep all, 2 heads of 512 numbers, twice, two bytes each."""
    lesson, dial = dialled("shared-kv-cache")
    turned = dials.on(lesson, dial, "gemma-4-e4b")
    assert turned is not None
    own = turned.places[turned.own]
    assert own.value == 18
    at = dial.counted.index("cache")
    assert own.amounts[at] == 4 * 2 * 2 * 512 * 2 + 20 * 2 * 2 * 256 * 2
