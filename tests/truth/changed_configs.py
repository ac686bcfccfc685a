"""Real configs with one to four keys changed: what we say, beside what the reference builds.

Usage: python -m tests.truth.changed_configs SECONDS [FAMILY...]. Needs the `truth` extra. Changes are drawn anew
each time; what is silently wrong, or fails, is printed with the config that shows it again.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache as remembered
from math import prod
from random import Random
from typing import Any, NamedTuple

from llm_gallery.analysis.memory import cache
from llm_gallery.architecture.block import Architecture, layers, walk
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import described as described_entry
from llm_gallery.catalog.load import entries
from llm_gallery.families import names
from llm_gallery.families._registry import module_name
from llm_gallery.recognition import describe
from llm_gallery.recognition.wrapper_rows import ROWS
from tests.odd_configs import DROPPED, Config, within
from tests.truth.changes import LAYERS, Change, applied, changes, smaller, text
from tests.truth.mutations_of_wrappers import (
    NAMED_OTHERWISE,
    NOT_BUILT,
    of_what_is_described,
    placed,
    wrapped_config,
)
from tests.truth.test_random_configs import FAMILIES, comparable, mutated
from tools import reference
from tools.digests import DIFFERENCES, cached_bytes, described, spelled
from tools.generate_defaults import LACKING

FAULTS = ("SILENT", "SILENT shapes", "SILENT cache", "traceback")
"""What nobody may be told: a wrong number without a word, or an error that is no refusal."""
DOUBTS = (
    " is certain",
    "not described",
    "the head is described as",  # where a wrapper and its language model differ over the tie
)
"""Words of the warnings that say so of a number."""
SHORT, LONGEST = 3, 140
"""Tokens after which caches are compared: two points fix a line, the second beyond the windows of smaller configs."""
DEPTHS = (LAYERS, 8, 12, 16)
"""Numbers of layers that are tried, until every kind is among them."""
SECONDS = 40.0
"""Of processor time that the reference may take for one config."""
OTHERWISE = {model for line in DIFFERENCES["not_built"] for model in line["models"]}


class Base(NamedTuple):
    """A config to be changed, which the reference builds as we describe it."""

    name: str
    family: str
    config: Config
    doubts: frozenset[str]  # what its own description says that it doesn't know


class Verdict(NamedTuple):
    """Which class a changed config falls in, and what was found."""

    kind: str
    said: str = ""


def bases(family: str) -> Iterator[Base]:
    """The smaller configs of a family's catalog entries, then one drawn at random; those that come out exact.

    Where an entry lists its layers in a way that no cut keeps whole, the drawn one is what there is.
    """
    found = False
    for name, config in of_catalog().get(family, ()):
        if (base := _exact(name, family, config)) is not None:
            found = True
            yield base
    if family in ROWS:
        yield from _wrapped(reference.BUILT_AS.get(family, family))
    drawable = {name.replace("-", "_").lower() for name in FAMILIES}
    if found or family not in drawable:
        return
    if (base := _exact("drawn", family, dict(mutated(kind(family), 0)))) is not None:
        yield base


def _wrapped(model_type: str) -> Iterator[Base]:
    """Two random configs of a wrapper, around its usual language model."""
    for seed in range(2):
        config = wrapped_config(model_type, Random(f"{model_type} {seed}"))
        if (base := _exact(f"wrapped {seed}", model_type, config)) is not None:
            yield base


def _exact(name: str, family: str, config: Config) -> Base | None:
    made = enough({"model_type": family, **config})
    if judged(made, frozenset()).kind != "exact":
        return None
    return Base(name, family, made, doubts(describe(made)))


def enough(config: Config) -> Config:
    """The config with six layers, or with the few more that hold every kind of layer: MiniMax-01's eighth attends."""
    whole = kinds(config)
    return next(
        (made for count in DEPTHS if kinds(made := smaller(config, count)) == whole),
        smaller(config),
    )


def kinds(config: Config) -> frozenset[tuple[str, ...]]:
    """Of which parts a config's layers are, windows marked; none where it is refused."""
    try:
        found = layers(describe(config).root)
    except Refusal:
        return frozenset()
    return frozenset(
        tuple(sorted({f"{b.kind} {b.value('window') is not None}" for _, b in walk(layer)}))
        for layer in found
    )


def kind(family: str) -> str:
    """The name under which a family is drawn."""
    return next(name for name in FAMILIES if name.replace("-", "_").lower() == family)


@remembered
def of_catalog() -> Mapping[str, list[tuple[str, Config]]]:
    """The catalog's configs by family, one of each set of keys; those that the reference builds otherwise are left out."""
    made: dict[str, dict[frozenset[str], tuple[str, Config]]] = {}
    told = {model: line["config"] for line in DIFFERENCES["completed"] for model in line["models"]}
    for entry in entries():
        if entry.id in OTHERWISE:
            continue
        family = described_entry(entry.config, entry.id).model_type
        config = {**entry.config, **told.get(entry.id, {})}
        signs = frozenset(text(config)[1])
        made.setdefault(family, {}).setdefault(signs, (entry.id, config))
    return {family: list(found.values()) for family, found in made.items()}


def families() -> tuple[str, ...]:
    """Those that the reference builds, wrappers around a known language model too."""
    return (*(name for name in names() if name not in LACKING), *sorted({*ROWS} - {*NOT_BUILT}))


def doubts(made: Architecture) -> frozenset[str]:
    """What a description says that it doesn't know for sure."""
    return frozenset({*made.unread, *filter(doubted, made.warnings)})


def doubted(line: str) -> bool:
    """Whether a warning is about a number."""
    return any(words in line for words in DOUBTS)


def judged(config: Config, known: frozenset[str], *, cached: bool = False) -> Verdict:
    """The class of a config; `known` are the doubts that its base had before the change."""
    try:
        made = describe(config)
    except Refusal as refusal:
        kind = "refused" if _built(config) is not None else "refused, and by the reference"
        return Verdict(kind, str(refusal))
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Verdict("traceback", f"{error!r} ({last.filename}:{last.lineno})")
    built = _built(config)
    stored = None if built is None else _stored(built)
    if built is None or stored is None:
        return Verdict("described, refused by the reference")
    family = config["model_type"]
    whole = spelled(family, {**stored.parameters, **stored.buffers})
    wrapped = module_name(family) in ROWS
    if wrapped:
        whole = {placed(name): shape for name, shape in whole.items()}
    theirs = of_what_is_described(made, whole) if wrapped else whole
    ours = described(made.root)
    if family in NAMED_OTHERWISE:
        ours, theirs = sizes(ours), sizes(theirs)
    if sum(map(prod, ours.values())) != sum(map(prod, theirs.values())):
        told = doubts(made) - known
        warned = any(map(doubted, told))
        wrong = "wrong, warned" if warned else "wrong, unread" if told else "SILENT"
        return Verdict(wrong, _difference(ours, theirs))
    if ours != theirs:
        warned = any(map(doubted, doubts(made) - known))
        wrong = "wrong shapes, warned" if warned else "SILENT shapes"
        return Verdict(wrong, _difference(ours, theirs))
    runs = cached and not wrapped and comparable(config, made.root) and not of_one(made)
    if runs and (found := _other_cache(config, made, built)):
        told = doubts(made) - known
        return Verdict("wrong cache, said" if told else "SILENT cache", found)
    return Verdict("exact")


def sizes(shapes: Mapping[str, tuple[int, ...]]) -> Mapping[str, tuple[int, ...]]:
    """The same in the order of their sizes, under no names."""
    return {str(i): shape for i, shape in enumerate(sorted(shapes.values()))}


def of_one(made: Architecture) -> bool:
    """Whether a window holds one token: differences.toml says why caches then differ."""
    return any(row.window == 1 for row in cache(made.root).rows)


def _built(config: Config) -> Any:
    """The reference's model; None where it refuses, or needs too long."""
    try:
        with within(SECONDS):
            return reference.model(config)
    except Exception:  # it refuses with errors of every class
        return None


def _stored(built: Any) -> reference.Stored | None:
    """What the reference saves of its model; None where it builds what it can't save."""
    try:
        return reference.stored(built)
    except Exception:  # its conversions fail with errors of every class
        return None


def _other_cache(config: Config, made: Architecture, built: Any) -> str:
    """After how many tokens another number of bytes is kept; empty where none, or where the reference can't run."""
    context = made.root.value("context")
    longest = min(LONGEST, context - 1) if isinstance(context, int) else LONGEST
    for length in (SHORT, longest) if longest > SHORT else ():
        try:
            with within(SECONDS):
                theirs = reference.cached_bytes(built, length)
        except Exception:  # shapes that it builds and can't run
            return ""
        ours = cached_bytes(made.root, length)
        if ours != theirs:
            return f"cache of {length} tokens: {ours:,} bytes, the reference {theirs:,}"
    return ""


def _difference(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> str:
    """The first tensors that differ."""
    mine = [f"{name} {shape}" for name, shape in ours.items() if theirs.get(name) != shape]
    other = [f"{name} {shape}" for name, shape in theirs.items() if ours.get(name) != shape]
    return f"ours {', '.join(mine[:2]) or 'no more'}; the reference's {', '.join(other[:2]) or 'no more'}"


def drawn(base: Base, rng: Random) -> list[Change]:
    """One to four changes of a base: mostly one."""
    filled = type(reference.config(base.config).get_text_config())().to_dict()
    return rng.sample(changes(base.config, filled, rng), rng.choice((1, 1, 1, 2, 2, 3, 4)))


@remembered
def first_base(family: str) -> Base | None:
    """The first base of a family; None where it has none."""
    return next(bases(family), None)


@remembered
def known_bases(family: str) -> tuple[Base, ...]:
    """The bases of a family, each judged once."""
    return tuple(bases(family))


def reasoned(base: Base, made: list[Change]) -> bool:
    """Whether a difference of such a change is listed with its reason."""
    changed = {str(place[-1]) for place, _ in made}
    listed = (line for line in DIFFERENCES["changed"] if base.family in line["model_types"])
    return any(changed & {*line["keys"]} for line in listed)


def verdict(base: Base, made: list[Change]) -> Verdict:
    """The class of a base after changes; a listed difference has one of its own."""
    found = judged(applied(base.config, made), base.doubts, cached=True)
    if found.kind in FAULTS and found.kind != "traceback" and reasoned(base, made):
        return Verdict("otherwise, with a reason", found.said)
    return found


def main() -> int:
    logging.disable(logging.WARNING)
    rng, counts, until = Random(), Counter[str](), time.monotonic() + float(sys.argv[1])
    searched = sys.argv[2:] or list(families())
    without = [family for family in searched if not known_bases(family)]
    print(f"without a base: {', '.join(without) or 'none'}", flush=True)
    while time.monotonic() < until:
        base = rng.choice(known_bases(rng.choice([f for f in searched if f not in without])))
        made = drawn(base, rng)
        found = verdict(base, made)
        counts[found.kind] += 1
        if found.kind in FAULTS:
            told = [[".".join(map(str, p)), "dropped" if v is DROPPED else v] for p, v in made]
            shown = json.dumps(told)
            print(f"{found.kind}: {base.family} {base.name} {shown}: {found.said}", flush=True)
    print(f"{counts.total():,} changes:", *(f"{n:,} {kind}" for kind, n in counts.most_common()))
    return int(any(counts[fault] for fault in FAULTS))


if __name__ == "__main__":
    sys.exit(main())
