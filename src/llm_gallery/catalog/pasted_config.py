"""The answer to a pasted config: facts, sheet, figure, changes, nearest relatives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

from llm_gallery.analysis.contract import facts
from llm_gallery.analysis.fact_sheet import sheet
from llm_gallery.analysis.memory import cache as kept_between_steps
from llm_gallery.analysis.parameters import parameters
from llm_gallery.analysis.units import binary, grouped
from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.catalog.load import MODELS, described, find
from llm_gallery.catalog.nearest_words import first_words, kind_words, rank_words
from llm_gallery.catalog.pasted_words import prose, resemblance
from llm_gallery.catalog.profiles import catalog_gallery, files
from llm_gallery.catalog.profiles import described as entry_profile
from llm_gallery.comparison import Difference, Profile, Subject, once, profile
from llm_gallery.engines.released import Release, release
from llm_gallery.engines.subject import Subject as EngineSubject
from llm_gallery.lineage.distance import distance
from llm_gallery.lineage.firsts import firsts
from llm_gallery.lineage.percentiles import ranked
from llm_gallery.parts.details import parts
from llm_gallery.recognition import catalog_config, unknown_type
from llm_gallery.sources.config_file import parse

Json = dict[str, Any]

WHERE = "the config"
LARGEST = 2**20
"""Bytes of a pasted config; real ones have 2 to 60 KB."""
NEAREST = 3
SETTINGS = 80
"""Values that are offered for a change; no config of a described family has more."""


def answer(
    text: str,
    *,
    original: str = "",
    theme: str = "light",
    detail: str = "standard",
    guess: str = "",
) -> Json:
    """The description of a config as plain data, or `{"refused": why}`.

    The figure is the one for a "phone", a "column" or a page ("standard"). With `original`, the config before somebody changed it, "changed" says what the change did. With
    `guess`, whatever it says, a config of unknown type is described as the family that fits best. A refusal of
    an unknown type has it "unknown": the type, and the families that come near it by name and by keys.
    """
    try:
        config, profile = pasted(text, bool(guess))
        root = profile.architecture
        answers = {
            "facts": facts(root),
            "prose": prose(profile),
            "headline": _headline(config, root),
            "sheet": [
                {"title": part.title, "mechanism": part.mechanism, "layers": part.layers, "rows": [
                    {"label": row.label, "value": row.value, "evidence": row.evidence, "source": row.source}
                    for row in part.rows
                ]}
                for part in sheet(root)
            ],
            "settings": list(_settings(config, root.guess)),
            "figure": themed(profile, theme, detail, outlined=False),
        }  # fmt: skip
        return answers | ({"changed": _changed(original, profile, bool(guess))} if original else {})
    except Refusal as refusal:
        return {"refused": str(refusal), **_unknown(text)}


def _unknown(text: str) -> Json:
    try:
        unknown = unknown_type(parse(text.encode("utf-8", "replace")[:LARGEST], WHERE))
    except Refusal:
        return {}
    if unknown is None:
        return {}
    names = {"by_name": list(unknown.by_name), "by_keys": list(unknown.by_keys)}
    return {"unknown": {"type": printable(unknown.model_type), **names}}


def drawing(text: str, *, theme: str = "light", guess: str = "") -> Json:
    """The figure as a file to take away, which carries its type; in the page it has the page's."""
    try:
        _, profile = pasted(text, bool(guess))
        return {"figure": themed(profile, theme, "standard", outlined=True)}
    except Refusal as refusal:
        return {"refused": str(refusal)}


def block_details(text: str, *, guess: str = "") -> Json:
    """The details of the figure's blocks, shown to a reader who points at one."""
    try:
        _, profile = pasted(text, bool(guess))
        return parts(profile.architecture.root)
    except Refusal as refusal:
        return {"refused": str(refusal)}


def relatives(text: str, catalog: Path = MODELS, *, guess: str = "") -> Json:
    """The models of a catalog that stand nearest, each with the changes that lead from it to the config.

    Of models with one architecture the earliest stands for all, and names the others. With them, in words whom it
    resembles most, where its sizes stand among models of its kind, and what no design of the catalog has.
    """
    try:
        _, profile = pasted(text, bool(guess))
    except Refusal as refusal:
        return {"refused": str(refusal)}
    steps = nearest(profile, catalog)
    copies = {group[0].id: [other.name for other in group[1:]] for group in _architectures(catalog)}
    return {
        "kin": [
            piece
            for step in steps[:1]
            for piece in resemblance(profile, find(step.old.id, catalog), step)
        ],
        "relatives": [
            {
                "id": step.old.id,
                "name": step.old.name,
                "copies": copies[step.old.id],
                "changes": once(step.changes),
                "sentence": " ".join(step.sentences),
            }
            for step in steps[:NEAREST]
        ],
        "among": [
            {"kind": kind_words(ranked), "ranks": [rank_words(rank) for rank in ranked.ranks]}
            for ranked in ranked(profile, catalog_gallery(catalog))
        ],
        "firsts": first_words(firsts(profile, catalog_gallery(catalog))),
    }


def nearest(profile: Profile, catalog: Path = MODELS) -> list[Difference]:
    """What leads to it from each architecture of a catalog, the nearest first; of equal ones the earliest stands for all."""
    steps = [Difference(group[0], profile) for group in _architectures(catalog)]
    far = {step.old.id: distance(step) for step in steps}
    return sorted(steps, key=lambda step: (far[step.old.id], step.old.id))


def prepared(catalog: Path = MODELS) -> Iterator[int]:
    """Describes a model of the catalog at each step, for whoever must not wait long; yields how many are left."""
    entries = files(catalog)
    for number, file in enumerate(entries, start=1):
        entry_profile(file)
        yield len(entries) - number


@lru_cache(maxsize=4)
def pasted(text: str, guess: bool, name: str = "") -> tuple[Mapping[str, Any], Profile]:
    """The config and what it describes; kept, since each change is asked about with its original.

    It is called `name`, by default as the config says.
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) > LARGEST:
        raise Refusal(
            f"{WHERE} has {len(encoded):,} bytes, expected at most {LARGEST:,}; paste the config.json alone"
        )
    config = parse(encoded, WHERE)
    architecture = described(config, WHERE, guess=guess)
    called = name or named(config) + architecture.caveat
    # No id of a catalog has a space.
    return config, profile(Subject(id=name or "your model", name=called, architecture=architecture))


def named(config: Mapping[str, Any]) -> str:
    """What a config is called: as it says itself, else "Your model"."""
    path = config.get("_name_or_path")
    last = path.rpartition("/")[2][:80] if isinstance(path, str) and path.isprintable() else ""
    return last or "Your model"


def themed(profile: Profile, theme: str, detail: str, *, outlined: bool) -> str:
    """Its figure as an SVG: "phone", "column", "card", or whatever else as "standard"."""
    from llm_gallery.figure import Detail, Heading, draw

    widths: dict[str, Detail] = {"phone": "phone", "column": "column", "card": "card"}
    shown = widths.get(detail, "standard")
    drawn = draw(profile.architecture, Heading(name=profile.name), detail=shown)
    return drawn.alone("dark" if theme == "dark" else "light", outlined=outlined)


def _headline(config: Mapping[str, Any], architecture: Architecture) -> list[Json]:
    """The numbers that a reader asks for first, in words."""
    counted, kept_bytes = parameters(architecture.root), kept_between_steps(architecture.root)
    rows = {
        "Total parameters": grouped(counted.total),
        "Active parameters": counted.bound + grouped(counted.active),
        "Multi-token prediction": grouped(counted.multi_token_prediction),
        "Other modalities": grouped(counted.other_modalities),
        "Weights": _weights(release(EngineSubject("the model", architecture, config))),
        "Cache per token": binary(kept_bytes.bytes_per_token),
        "State": binary(kept_bytes.state_bytes),
        "Cache and state at 128K": binary(kept_bytes.at(131_072)),
    }
    apart = ("Multi-token prediction", "Other modalities", "State")
    return [
        {"label": label, "value": value}
        for label, value in rows.items()
        if label not in apart or value not in ("0", binary(0))
    ]


def _weights(released: Release) -> str:
    """Their bytes as they are released: "60.8 GiB, released in MXFP4"."""
    size = "bytes not known" if released.bytes is None else binary(released.bytes["total"])
    return f"{size}{', released in' if released.packed else ' in'} {released.words}"


def _settings(config: Mapping[str, Any], stand_in: str) -> Iterator[Json]:
    """The values that bear on the architecture, by their path in the config: what can be changed."""
    scalars = _scalars(config, catalog_config(config, stand_in), ())
    yield from ({"path": list(path), "value": value} for path, value in islice(scalars, SETTINGS))


def _scalars(
    config: Mapping[str, Any], read: Mapping[str, Any], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], object]]:
    for key, value in config.items():
        if isinstance(value, dict) and isinstance(read.get(key), dict):
            yield from _scalars(value, read[key], (*path, key))
        elif isinstance(value, bool | int | float) and key in read:
            yield (*path, key), value


def _changed(original: str, profile: Profile, guess: bool) -> Json:
    """What the config does that the original doesn't."""
    config, before = pasted(original, guess, "the original")
    return {
        "sentences": list(Difference(before, profile).sentences),
        "headline": _headline(config, before.architecture),
    }


@cache
def _architectures(catalog: Path) -> tuple[tuple[Profile, ...], ...]:
    """The models of a catalog, those with equal architectures together, the earliest of each first."""
    groups: dict[tuple[tuple[str, int], ...], list[list[Profile]]] = {}
    for file in files(catalog):
        profile = entry_profile(file)
        alike = groups.setdefault(tuple(sorted(profile.consequences.items())), [])
        same = next((group for group in alike if not Difference(group[0], profile).changes), None)
        if same is None:
            alike.append([profile])
        else:
            same.append(profile)
    return tuple(tuple(group) for alike in groups.values() for group in alike)
