"""Writes docs/running.md and what `llm-gallery facts --prove` says of the reference: measured, family by family.

Usage: python -m tools.generate_running [--check]. Needs the `truth` extra (transformers, no weights).
Errors are those of the machine that measured them, so a check passes over their digits. That each is small is
what tests/truth holds; that the error without any fact is a hundred times as large is held here, where all are measured.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries, find
from llm_gallery.running.compared import FILE
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import proof
from llm_gallery.running.proven import refused
from llm_gallery.running.walk import walked
from tools import reference
from tools.generate_truth import built
from tools.generated import MARK, ROOT, settled
from tools.reference_run import Answer, answer
from tools.wired_facts import each_without

PAGE = ROOT / "docs/running.md"
MADE_BY = MARK.format(tool="tools/generate_running.py")
HEAD = """# What runs

`llm_gallery.run` takes a described model's own tensors and gives its scores. A family runs when its scores,
all tokens at once and one by one, equal the reference's in float64, and when it keeps and computes what
`memory` and `compute` state, to the last number (`tests/truth/test_running.py`); what can't run yet is refused,
with this reason. The error is the largest difference of a score in the miniatures of the models, as a part of
the largest score.

| family | models | runs | error |
|---|---|---|---|
"""
FACTS = """
# What the proof sees

Each wired fact was taken away in each miniature that has it: a norm left out, a scale, cap, gate, window, bias
or extension of the rotation left unstated, another activation or base put in its place. The error is then that
of the model where it is smallest; each is at least a hundred times the error with the fact, or this page
can't be written.

| fact | models | error without it | error with it | smallest in |
|---|---|---|---|---|
"""
TIMES = 100
"""How much larger an error without a fact is, at least."""
SMALLEST = 1e-16
"""The error where there is none that float64 shows."""


class Measured(NamedTuple):
    """A miniature's error, and the errors without each of its wired facts."""

    error: float
    without: Mapping[str, float]


def measured(config: str) -> Measured:
    """A miniature beside the reference."""
    return beside(answer(json.loads(config)))


def beside(wanted: Answer) -> Measured:
    """A run beside the scores that it should give, whole and without each of its wired facts."""
    architecture, weights, tokens, _ = wanted
    without = each_without(architecture, weights, tokens)
    return Measured(
        max(SMALLEST, wanted.error(walked(architecture, weights, tokens)[0])),
        {fact: wanted.error(scores) for fact, scores in without},
    )


def measurements() -> Mapping[str, Measured]:
    """Every model that runs and that the reference builds; copies of a model are measured once."""
    asked = {
        entry.id: json.dumps(miniature(entry.config), sort_keys=True)
        for entry in entries()
        if built(entry) and not refused(find(entry.id).architecture)
    }
    configs = [*dict.fromkeys(asked.values())]
    with ProcessPoolExecutor() as pool:
        found = dict(zip(configs, pool.map(measured, configs), strict=True))
    return {model: found[config] for model, config in sorted(asked.items())}


def unseen(found: Mapping[str, Measured]) -> Iterator[str]:
    """A line for each model of whose facts the proof sees too little: one that could be taken away, or hardly any."""
    for model, one in found.items():
        if len(one.without) < 4:
            yield f"{model}: {len(one.without)} wired facts, expected at least 4"
        for fact, error in one.without.items():
            if error < TIMES * one.error:
                yield f"{model}: {error:.0e} without {fact}, {one.error:.0e} with it; expected {TIMES} times that"


def families(found: Mapping[str, Measured]) -> Mapping[str, Mapping[str, float]]:
    """The error of each model that was measured, by family."""
    told: dict[str, dict[str, float]] = {}
    for model, one in found.items():
        family = told.setdefault(find(model).architecture.model_type, {})
        family[model] = float(f"{one.error:.0e}")
    return dict(sorted(told.items()))


def family_rows(found: Mapping[str, Measured]) -> Iterator[str]:
    """A line a family, in alphabetical order."""
    models: dict[str, list[str]] = {}
    reasons: dict[str, dict[str, None]] = {}
    for entry in entries():
        architecture = find(entry.id).architecture
        models.setdefault(architecture.model_type, []).append(entry.id)
        reason = "" if entry.id in found else unable(entry)
        reasons.setdefault(architecture.model_type, {})[reason or "yes"] = None
    for family, of_it in sorted(models.items()):
        errors = [found[model].error for model in of_it if model in found]
        error = f"{max(errors):.0e}" if errors else ""
        listed = ", ".join(sorted(of_it))
        yield f"| `{family}` | {listed} | {'; '.join(reasons[family])} | {error} |"


def unable(entry: Entry) -> str:
    """Why a model that the reference doesn't build can't run; what only a run finds too."""
    if reason := refused(find(entry.id).architecture):
        return reason
    try:
        proof(entry.config)
    except Refusal as refusal:
        return str(refusal).removeprefix("can't run yet: ")
    return ""


def fact_rows(found: Mapping[str, Measured]) -> Iterator[str]:
    """A line a wired fact: where taking it away shows least."""
    facts: dict[str, dict[str, Measured]] = {}
    for model, one in found.items():
        for fact in one.without:
            facts.setdefault(fact, {})[model] = one
    for fact, models in sorted(facts.items()):
        least = min(models, key=lambda model: (float(f"{models[model].without[fact]:.0e}"), model))
        without, error = models[least].without[fact], models[least].error
        yield f"| {fact} | {len(models)} | {without:.0e} | {error:.0e} | {least} |"


def page(found: Mapping[str, Measured]) -> str:
    """The whole page."""
    parts = (
        f"<!-- {MADE_BY} -->\n",
        HEAD,
        *lines(family_rows(found)),
        FACTS,
        *lines(fact_rows(found)),
    )
    return "".join(parts)


def lines(rows: Iterator[str]) -> Iterator[str]:
    """Rows with their ends."""
    return (f"{row}\n" for row in rows)


def data(found: Mapping[str, Measured]) -> str:
    """What the package carries of it."""
    held = {"//": MADE_BY, "transformers": reference.version(), "families": families(found)}
    return json.dumps(held, indent=1) + "\n"


def as_before(path: Path, text: str) -> str:
    """The text, or what the file holds where nothing but digits of errors differ."""
    before = path.read_text("utf-8") if path.exists() else ""
    return before if _without_errors(before) == _without_errors(text) else text


def _without_errors(text: str) -> str:
    return re.sub(r"\b\de[-+]\d+", "", text)


def main() -> int:
    found = measurements()
    if hidden := [*unseen(found)]:
        print("What the proof doesn't see:", *hidden, sep="\n", file=sys.stderr)
        return 1
    made: dict[Path, str | bytes] = {
        path: as_before(path, text) for path, text in ((PAGE, page(found)), (FILE, data(found)))
    }
    return settled(__doc__ or "", "tools.generate_running", made)


if __name__ == "__main__":
    sys.exit(main())
