"""A config as TOML holds it: `nulls` names the keys that are null, and a repeated list is written once.

nulls = ["rope_scaling"]
layer_types = [{ times = 8, of = ["sliding", "sliding", "sliding", "full"] }]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.architecture.repeats import fold

NULLS = "nulls"
SHORT = 8
"""Lists of so few values stay as they are."""
LONGEST = 4096


def unfolded(table: Mapping[str, Any]) -> dict[str, Any]:
    """The config that a TOML table stands for."""
    config = {key: _unfolded_value(value) for key, value in table.items() if key != NULLS}
    nulls = table.get(NULLS, [])
    if not isinstance(nulls, list) or not all(isinstance(key, str) for key in nulls):
        raise Refusal(f"{NULLS} is {quoted(nulls)}, expected a list of keys; correct the entry")
    for key in nulls:
        if key in config:
            raise Refusal(f"{key} has a value and stands in {NULLS}, expected one of them")
        config[key] = None
    return config


def folded(config: Mapping[str, Any]) -> dict[str, Any]:
    """The table that `unfolded` turns back into the config; the model_type first, the nulls last."""
    if NULLS in config:
        raise Refusal(f"the config has a key named {NULLS}, which an entry keeps for itself")
    nulls = [key for key, value in config.items() if value is None]
    order = sorted(config, key=lambda key: key != "model_type")
    table = {key: _folded_value(config[key]) for key in order if config[key] is not None}
    return {**table, NULLS: nulls} if nulls else table


def _unfolded_value(value: Any) -> Any:
    if isinstance(value, dict):
        return unfolded(value)
    if not isinstance(value, list):
        return value
    values: list[Any] = []
    for item in value:
        if isinstance(item, dict) and set(item) == {"times", "of"}:
            values += _repeated(item["times"], item["of"])
        else:
            values.append(_unfolded_value(item))
    return values


def _repeated(times: object, of: object) -> list[Any]:
    if not isinstance(times, int) or not isinstance(of, list) or not 1 <= times <= LONGEST:
        raise Refusal(
            f"a repeated list has times = {quoted(times)}, expected 1 to {LONGEST:,} and a list "
            "in `of`; correct the entry"
        )
    return of * times


def _folded_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return folded(value)
    if isinstance(value, list):
        return _folded_list(value)
    return value


def _folded_list(values: Sequence[Any]) -> list[Any]:
    """Runs of the shortest repeating unit, where that is shorter and the values are plain."""
    plain = all(isinstance(value, int | str) for value in values)
    if len(values) <= SHORT or len(values) > LONGEST or not plain:
        return [_folded_value(value) for value in values]
    distinct = [(type(value), value) for value in dict.fromkeys(values)]
    index = {key: i for i, key in enumerate(distinct)}
    if any((type(value), value) not in index for value in values):
        return list(values)  # true and 1 in one list are equal to a dict, not to a reader
    folded_runs: list[Any] = []
    for run in fold([index[type(value), value] for value in values]):
        unit = [distinct[kind][1] for kind in run.unit]
        folded_runs += [{"times": run.times, "of": unit}] if run.times > 1 else unit
    return folded_runs if len(folded_runs) < len(values) / 2 else list(values)
