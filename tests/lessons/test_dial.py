"""Dials and numbers of lessons, beside the same counted by hand from the config."""

from __future__ import annotations

import pytest

from llm_gallery.lessons import apart, numbers, prose
from llm_gallery.lessons.dial import CountedDial, counted_dial
from llm_gallery.lessons.lesson import lessons


def dial(concept: str) -> CountedDial:
    lesson = lessons()[concept]
    assert lesson.dial is not None
    return counted_dial(lesson, lesson.dial)


def test_a_wider_latent_keeps_more() -> None:
    """61 layers keep the latent and a rotated key of 64, two bytes a number."""
    found = dial("multi-head-latent-attention")
    at = found.dial.counted.index("cache")
    for place in found.places:
        assert place.amounts[at] == 61 * (place.value + 64) * 2
    assert found.places[found.own].value == 512
    assert found.without is not None
    assert found.without.amounts[at] == 61 * 128 * (128 + 64 + 128) * 2


def test_more_groups_keep_more() -> None:
    """80 layers of 128 channels a head: a key and a value a group."""
    found = dial("grouped-query-attention")
    at = found.dial.counted.index("cache")
    for place in found.places:
        assert place.amounts[at] == 80 * 2 * place.value * 128 * 2


def test_more_experts_run_more() -> None:
    """32 layers with experts of three matrices, 4,096 by 14,336."""
    found = dial("mixture-of-experts")
    at = found.dial.counted.index("active")
    first = found.places[0]
    for place in found.places:
        more = (place.value - first.value) * 32 * 3 * 4096 * 14336
        assert place.amounts[at] - first.amounts[at] == more


@pytest.mark.parametrize("concept", [one.id for one in lessons().values() if one.dial])
def test_a_dial_shows_what_it_turns(concept: str) -> None:
    """On each side of the model's own value some number moves by a tenth; else what moves stands apart from the rest."""
    found = dial(concept)
    rows = [place.amounts for place in found.places]
    assert not apart.hides(rows, found.own)
    for at, one in enumerate(found.counted):
        if one.is_apart:
            assert all(
                2 * place.amounts[at] <= place.amounts[at - 1]
                for place in found.places[: found.own + 1]
            )
            rest = {found.rest(number, at) for number in range(len(found.places))}
            assert len(rest) == 1 or one.title.startswith("Of it, mixing")


def test_a_window_stands_apart_from_the_layers_without() -> None:
    """Gemma 3 27B: 52 layers see 1,024 tokens, 10 all; 16 keys and values of 128 channels, two bytes a number."""
    found = dial("sliding-window-attention")
    titles = [one.title for one in found.counted]
    at = titles.index("Of it, what the dial turns")
    token = 2 * 16 * 128 * 2
    for number, place in enumerate(found.places):
        assert place.amounts[at] == 52 * place.value * token
        assert found.rest(number, at) == 10 * 131_072 * token
    own = found.places[found.own]
    assert own.words[at] == "416 MiB, 3.9%"
    assert found.without is not None
    assert found.without.amounts[at] == 52 * 131_072 * token


@pytest.mark.parametrize(
    "model", ["gemma-3-27b", "deepseek-v3.2", "qwen3-next-80b-a3b", "gemma-3n-e4b"]
)
def test_parts_are_the_whole(model: str) -> None:
    """Nothing is in two of them, and what is in none is the rest."""
    found = numbers.model(model, "rope")
    for parts, whole in (
        (apart.memory_parts(found, 131_072), found.kept(131_072)),
        (apart.stored(found), found.total),
        (apart.mixing(found, 131_072), found.flops(131_072)),
    ):
        amounts = [part.amount for part in parts.values()]
        assert sum(amounts) == whole
        assert min(amounts) >= 0
    assert apart.memory_parts(found, 131_072)["rest"].amount == 0
    assert apart.stored(found)["rest"].amount == 0


def test_only_the_copies_that_differ_move() -> None:
    """Of experts alike those beyond the fewest; all of them where one is larger."""
    few, many, large = ({"e": apart.Part(each, n)} for each, n in ((10, 4), (10, 6), (11, 6)))
    assert apart.moving([few, few]) == {}
    assert apart.share(many, apart.moving([few, many])) == 20
    assert apart.share(few, apart.moving([few, many])) == 0
    assert apart.share(few, apart.moving([few, large])) == 40
    assert apart.share({}, apart.moving([few, {}])) == 0
    assert apart.share(few, apart.moving([few, {}])) == 40
    beyond = {"e": apart.Part(10, 9)}  # no place has so many
    assert apart.share(beyond, apart.moving([few, many])) == 20


def test_a_key_inside_another_is_set_alone() -> None:
    before = numbers.config("gemma-3-27b")
    changed = numbers.with_keys("gemma-3-27b", "rope", {"text_config.sliding_window": 64})
    assert changed.first("attention").window == 64
    assert before["text_config"]["sliding_window"] == 1024


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ 70272 | bytes }}", "68.6 KiB"),
        ("{{ 671026419200 | short }}", "671B"),
        ("{{ 75000000000 | flop }}", "75 GFLOP"),
        ("{{ 71.1 | times }} and {{ 2.46 | times }}", "71 and 2.5"),
        ("{{ 0.0123 | percent }} and {{ 0.54 | percent }}", "1.2% and 54%"),
        ("{{ 1 | many('head') }}, {{ 1.8 | many('head') }}", "1 head, 1.8 heads"),
        ("{{ 7168 }}", "7,168"),
    ],
)
def test_numbers_are_said(text: str, shown: str) -> None:
    assert prose.filled(text, {}, "here") == shown


def test_modules_that_predict_stand_beside_the_stack() -> None:
    """Twice as many hold twice as much; the stack and its cache stay."""
    found = dial("multi-token-prediction")
    beside = [place.amounts[found.dial.counted.index("beside")] for place in found.places]
    assert beside == [beside[1] * place.value for place in found.places]
    for name in ("total", "cache"):
        assert len({place.amounts[found.dial.counted.index(name)] for place in found.places}) == 1
