"""docs/running.md as rows: read from the page, added to by what was measured anew, and written again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

HEAD = """# What runs

`llm_gallery.run` executes what `llm-gallery code` prints, on a described model's own tensors, and returns its
scores. A model runs where each of its parts has a forward. `runs` names a part that has none.

`compared` names what a type's scores were compared with in float64, all tokens at once and one by one
(`tests/truth/test_running.py`). Cache and compute are those of `memory` and `compute`, to the last number.

- `itself`: the type's own class in transformers.
- `another type`: a class of transformers that computes the same from weights stored otherwise.
- `a second writing`: a naive one of the published code.

The error is the largest difference of a score in the miniatures, as a part of the largest score.

| family | models | runs | compared | error |
|---|---|---|---|---|
"""
TYPES = """
# Types without a model here

Random configs of these were compared, too.

| compared | types |
|---|---|
"""
FACTS = """
# What the proof sees

Each wired fact was taken away in each miniature that has it. A norm, scale, cap, gate, window or bias was left
out, or another activation or base put in. The error is that of the model where it is smallest. Each is at least a
hundred times the error with the fact, or this page can't be written.

| fact | models | error without it | error with it | smallest in |
|---|---|---|---|---|
"""
FAMILY = re.compile(r"^\| `(?P<family>\w+)` \| .* \| (?P<runs>.*) \| .* \| .* \|$", re.MULTILINE)
FACT = re.compile(r"^\| (.+) \| (\d+) \| (\S+) \| (\S+) \| (\S+) \|$", re.MULTILINE)


class Measured(NamedTuple):
    """A miniature's error, and the errors without each of its wired facts."""

    error: float
    without: Mapping[str, float]


class Fact(NamedTuple):
    """How many models have a wired fact, and its errors where taking it away shows least."""

    models: int
    without: float
    error: float
    smallest: str


def rounded(error: float) -> float:
    """An error with the one digit that the page has."""
    return float(f"{error:.0e}")


def reasons(text: str) -> Mapping[str, str]:
    """What a page says of each family: "yes", or why it can't run."""
    return {row["family"]: row["runs"] for row in FAMILY.finditer(text)}


def facts(text: str) -> Mapping[str, Fact]:
    """The wired facts of a page."""
    rows = (row.groups() for row in FACT.finditer(text))
    return {
        name: Fact(int(count), float(without), float(error), model)
        for name, count, without, error, model in rows
    }


def with_measured(
    held: Mapping[str, Fact], found: Mapping[str, Measured], known: Iterable[str] = ()
) -> Mapping[str, Fact]:
    """The facts with those of the models that were measured; what is `known` of them already was counted once.

    Raises ValueError where a known model has other facts, or a smaller error, than the page has of it: only all
    models together tell that row.
    """
    made, before = {**held}, {*known}
    for model, one in found.items():
        for name, without in one.without.items():
            own = Fact(1, rounded(without), rounded(one.error), model)
            row = made.get(name)
            if model in before:
                if row is None or (model != row.smallest and own.without < row.without):
                    raise ValueError(f"{model} has {name} at {own.without:.0e}")
            elif row is None:
                made[name] = own
            else:
                least = min(own, row, key=lambda fact: (fact.without, fact.smallest))
                made[name] = least._replace(models=row.models + 1)
    return dict(sorted(made.items()))


def fact_rows(held: Mapping[str, Fact]) -> Iterator[str]:
    """A line a wired fact: where taking it away shows least."""
    for name, row in held.items():
        yield f"| {name} | {row.models} | {row.without:.0e} | {row.error:.0e} | {row.smallest} |\n"


def type_rows(types: Mapping[str, str], listed: Collection[str]) -> Iterator[str]:
    """A line for each way of comparing, with the types that no model above is of."""
    for way in dict.fromkeys(types.values()):
        others = (f"`{kind}`" for kind, how in types.items() if how == way and kind not in listed)
        yield f"| {way} | {', '.join(others)} |\n"


def family_row(
    family: str, models: Iterable[str], said: Iterable[str], compared: str, errors: Iterable[float]
) -> str:
    """The line of a family: its models, what is said of each, how it was compared, and the largest error."""
    largest = max(errors, default=None)
    error = "" if largest is None else f"{largest:.0e}"
    runs = "; ".join(dict.fromkeys(said))
    return f"| `{family}` | {', '.join(sorted(models))} | {runs} | {compared} | {error} |\n"
