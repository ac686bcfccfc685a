"""Writes docs/running.md and what `llm-gallery facts --prove` says of the reference: measured, family by family.

Usage: python -m tools.generate_running [ID ...] [--check]. Needs the `truth` extra (transformers, no weights).
Where models are named, they alone are measured and added to the page; what else changed, a run without names finds.
Errors are those of the machine that measured them, so a check passes over their digits. That each is small is
what tests/truth holds; that the error without any fact is a hundred times as large is held here, where all are measured.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import entries, find
from llm_gallery.code.supported import refused
from llm_gallery.running.compared import (
    FILE,
    OTHER_TYPE,
    REFERENCE,
    SAID,
    TWICE,
    compared_models,
)
from llm_gallery.running.miniature import miniature
from llm_gallery.running.proof import proof
from llm_gallery.running.run import run
from tools import reference
from tools.generate_truth import built
from tools.generated import MARK, ROOT, arguments, named, settled
from tools.reference_run import Answer, answer
from tools.running_page import (
    FACTS,
    HEAD,
    TYPES,
    Fact,
    Measured,
    fact_rows,
    facts,
    family_row,
    reasons,
    rounded,
    type_rows,
    with_measured,
)
from tools.wired_facts import each_without

PAGE = ROOT / "docs/running.md"
MADE_BY = MARK.format(tool="tools/generate_running.py")
TIMES = 100
"""How much larger an error without a fact is, at least."""
SMALLEST = 1e-16
"""The error where there is none that float64 shows."""


def measured(config: str) -> Measured:
    """A miniature beside the reference."""
    return beside(answer(json.loads(config)))


def beside(wanted: Answer) -> Measured:
    """A run beside the scores that it should give, whole and without each of its wired facts."""
    architecture, weights, tokens, _ = wanted
    without = each_without(architecture, weights, tokens)
    return Measured(
        max(SMALLEST, wanted.error(run(architecture, weights, tokens)[0])),
        {fact: wanted.error(scores) for fact, scores in without},
    )


def measurements(asked_of: Iterable[Entry]) -> Mapping[str, Measured]:
    """Each that runs and that the reference builds; copies of a model are measured once."""
    asked = {
        entry.id: json.dumps(miniature(entry.config), sort_keys=True)
        for entry in asked_of
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


def families(errors: Mapping[str, float]) -> Mapping[str, Mapping[str, float]]:
    """The error of each model that was measured, by family."""
    told: dict[str, dict[str, float]] = {}
    for model, error in sorted(errors.items()):
        told.setdefault(find(model).architecture.model_type, {})[model] = error
    return dict(sorted(told.items()))


def compared_types() -> Mapping[str, str]:
    """Each type that tests/truth compares, and how: by random configs or models of its own, or by another writing."""
    from tests.truth.equivalents import EQUIVALENTS
    from tests.truth.naive.models import NAIVE
    from tests.truth.test_any_wrapper import RUN
    from tests.truth.test_running import DRAWN, RUNNING

    made = [find(model).architecture for model in RUNNING]
    own = {one.model_type for one in made} | {
        str(one.root.settings.get("wrapped", one.model_type)) for one in made
    }
    of_each = {**dict.fromkeys(NAIVE, TWICE), **dict.fromkeys(EQUIVALENTS, OTHER_TYPE)}
    return of_each | dict.fromkeys({*own, *RUN, *DRAWN}, REFERENCE)


def family_rows(errors: Mapping[str, float], said: Callable[[Entry], str]) -> Iterator[str]:
    """A line a family, in alphabetical order; `said` tells why a model that wasn't measured can't run."""
    types = compared_types()
    held: dict[str, list[Entry]] = {}
    for entry in entries():
        held.setdefault(find(entry.id).architecture.model_type, []).append(entry)
    for family, models in sorted(held.items()):
        reasons = ["yes" if entry.id in errors else said(entry) or "yes" for entry in models]
        known = [errors[entry.id] for entry in models if entry.id in errors]
        way = types.get(family, "no")
        yield family_row(family, (entry.id for entry in models), reasons, way, known)


def unable(entry: Entry) -> str:
    """Why a model that the reference doesn't build can't run; what only a run finds too."""
    if reason := refused(find(entry.id).architecture):
        return reason
    try:
        proof(entry.config)
    except Refusal as refusal:
        return str(refusal).removeprefix("can't run yet: ")
    return ""


def page(
    errors: Mapping[str, float], said: Callable[[Entry], str], held: Mapping[str, Fact]
) -> str:
    """The whole page."""
    rows = [*family_rows(errors, said)]
    listed = {find(entry.id).architecture.model_type for entry in entries()}
    types = type_rows(dict(sorted(compared_types().items())), listed)
    parts = (f"<!-- {MADE_BY} -->\n", HEAD, *rows, TYPES, *types, FACTS, *fact_rows(held))
    return "".join(parts)


def data(errors: Mapping[str, float]) -> str:
    """What the package carries of it."""
    held = {"//": MADE_BY, "transformers": reference.version(), "families": families(errors)}
    types = sorted(compared_types().items())
    ways = {way: [kind for kind, how in types if how == way] for way in SAID}
    held["types"] = ways
    return json.dumps(held, indent=1) + "\n"


def as_before(path: Path, text: str) -> str:
    """The text, or what the file holds where nothing but digits of errors differ."""
    before = path.read_text("utf-8") if path.exists() else ""
    return before if _without_errors(before) == _without_errors(text) else text


def _without_errors(text: str) -> str:
    return re.sub(r"\b\de[-+]\d+", "", text)


def main() -> int:
    given = arguments(__doc__ or "", "models to measure beside what the page has; all by default")
    chosen = named(given.ids)
    found = measurements(chosen or entries())
    if hidden := [*unseen(found)]:
        print("What the proof doesn't see:", *hidden, sep="\n", file=sys.stderr)
        return 1
    errors = {model: rounded(one.error) for model, one in found.items()}
    said: Callable[[Entry], str] = unable
    held: Mapping[str, Fact] = {}
    known: Mapping[str, float] = {}
    if chosen:
        before = PAGE.read_text("utf-8")
        listed = {entry.id for entry in entries()}
        rows = (row for of in compared_models().families.values() for row in of.items())
        known = {model: error for model, error in rows if model in listed}
        errors, held, said = {**known, **errors}, facts(before), as_said(before, given.ids)
    try:
        held = with_measured(held, found, known)
    except ValueError as odd:
        print(f"{PAGE}: {odd}, which the page has otherwise; measure all", file=sys.stderr)
        return 1
    made = {PAGE: page(errors, said, held), FILE: data(errors)}
    files: dict[Path, str | bytes] = {path: as_before(path, text) for path, text in made.items()}
    return settled(__doc__ or "", "tools.generate_running", files, given.check)


def as_said(before: str, anew: Collection[str]) -> Callable[[Entry], str]:
    """Why a model can't run: of those named worked out anew, of the others what the page says of their family."""
    told = reasons(before)

    def said(entry: Entry) -> str:
        family = find(entry.id).architecture.model_type
        return unable(entry) if entry.id in anew else told.get(family) or unable(entry)

    return said


if __name__ == "__main__":
    sys.exit(main())
