"""What a key leaves out changes no description and no refusal; what is left says the same in the same bytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.census.normal import count, moment, name, normal
from llm_gallery.census.outcome import outcome
from llm_gallery.families._ignored import IGNORED
from llm_gallery.families._reader import MOST_KEYS
from llm_gallery.recognition import always_ignored, describe
from tests.odd_configs import VALUES, changed, places
from tests.sample import sample

CONFIGS = {entry.id: dict(entry.config) for entry in entries()}
UNKNOWN = {
    "model_type": "unheard_of",
    **{k: v for k, v in CONFIGS["gpt2-xl"].items() if k != "model_type"},
}
ODD = [value for value in VALUES if isinstance(value, str | int | float | list | dict | None)]


class Asked(dict[str, Any]):
    """A config that remembers which keys somebody asked for, rather than went through."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        super().__init__(held)
        self.asked: set[object] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)


def said(config: Mapping[str, Any]) -> object:
    """The description, or the refusal in words."""
    try:
        return describe(config)
    except Refusal as refusal:
        return str(refusal)


def test_what_is_left_out_is_what_somebody_reviewed() -> None:
    assert always_ignored() < IGNORED
    assert {
        "_name_or_path",
        "torch_dtype",
        "transformers_version",
        "bos_token_id",
    } <= always_ignored()
    assert (
        not {"architectures", "eos_token_id", "rms_norm_eps", "quantization_config", "model_type"}
        & always_ignored()
    )


@pytest.mark.parametrize("model", [*CONFIGS, "unknown"])
def test_nobody_asks_for_what_is_left_out(model: str) -> None:
    """With all of them there, no reader looks one up."""
    config = Asked(CONFIGS.get(model, UNKNOWN) | dict.fromkeys(always_ignored(), "4096"))
    said(config)
    assert "model_type" in config.asked
    assert not config.asked & always_ignored()


@given(
    st.sampled_from([*sample(), "unknown"]),
    st.dictionaries(
        st.sampled_from(sorted(always_ignored())), st.sampled_from(ODD), min_size=1, max_size=9
    ),
)
@settings(max_examples=60, deadline=None)
def test_what_is_left_out_changes_nothing(model: str, others: dict[str, Any]) -> None:
    config = CONFIGS.get(model, UNKNOWN)
    assert said(config | others) == said({k: v for k, v in config.items() if k not in others})
    assert normal(config | others) == normal(config)


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_the_order_of_keys_says_nothing(data: st.DataObject) -> None:
    """Not even where several values are wrong: which fault is named doesn't depend on it."""
    config: dict[str, Any] = CONFIGS[data.draw(st.sampled_from(sample()))]
    for place in data.draw(
        st.lists(st.sampled_from(list(places(config))), max_size=3, unique=True)
    ):
        if len(place) == 1:
            config = changed(config, place, data.draw(st.sampled_from(VALUES)))
    other = dict(data.draw(st.permutations(list(config.items()))))
    assert said(other) == said(config)
    assert normal(other) == normal(config)


def test_a_key_is_that_of_the_text_and_of_the_object() -> None:
    config = {"model_type": "llama", "rope_theta": 1e4, "use_cache": True, "a": {"y": 1, "x": None}}
    key = normal(config).key
    assert normal(json.dumps(config, indent=3).encode()).key == key
    assert (
        normal(b'{"a": {"y": 1, "x": null}, "model_type": "\\u006clama", "rope_theta":10000.0}').key
        == key
    )
    assert normal(config | {"rope_theta": 10_000}).key != key
    assert normal(config | {"a": {"x": None, "y": 1}}).key != key
    assert normal(config | {"a": None}).key != key
    assert len(key) == 32


def test_nothing_is_left_out_where_there_are_too_many_keys() -> None:
    many = {f"key {number}": 1 for number in range(MOST_KEYS)} | {"use_cache": True}
    assert "use_cache" in json.loads(normal(many).text)
    refused = outcome(normal(many | {"model_type": "llama"}).text)
    assert "1,002 keys, expected at most 1,000" in refused["reason"]


def test_a_text_that_is_no_config_is_refused() -> None:
    for text in (b"", b"[]", b'{"a": 1, "a": 2}', b"\xff", b'{"a": 1,}'):
        with pytest.raises(Refusal, match="the config"):
            normal(text)
    with pytest.raises(Refusal, match="can't be written as JSON"):
        normal({"when": datetime(2024, 1, 1)})


def test_times() -> None:
    noon, west = datetime(2024, 5, 6, 12), timezone(timedelta(hours=-3))
    texts = ("2024-05-06T12:00:00Z", "2024-05-06T12:00:00.000Z", b"2024-05-06 14:00:00+02:00")
    for same in (*texts, noon, noon.replace(tzinfo=UTC), datetime(2024, 5, 6, 9, tzinfo=west)):
        assert moment(same) == noon
    assert moment("2024-05-06") == moment(date(2024, 5, 6)) == datetime(2024, 5, 6)
    assert moment(datetime.max.replace(tzinfo=west)) is None
    odd: tuple[object, ...] = ("", "yesterday", 1714996800, None, b"\xff", True, [])
    assert [moment(one) for one in odd] == [None] * 7


def test_counts() -> None:
    assert [count(same) for same in (12, 12.0, "12", b"12")] == [12] * 4
    assert count(0) == 0
    odd: tuple[object, ...] = (-1, 1.5, nan, inf, 1e300, 2**63, True, None, [])
    texts = ("1e3", "", "-1", "²", "9" * 19)
    assert [count(one) for one in (*odd, *texts)] == [None] * 14


def test_names() -> None:
    assert [name(same) for same in ("a/b", b"a/b", " a/b\n")] == ["a/b"] * 3
    odd: tuple[object, ...] = ("", "  ", None, 7, b"", [])
    assert [name(one) for one in odd] == [None] * 6
    assert name(b"a/\xff") == "a/�"
    assert name("a/\ud800") == "a/?"
