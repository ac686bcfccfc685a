"""The guess at a config of unknown type: described as the family whose keys fit best, and every assumption marked.

A stand-in that exists is better than a generic decoder with switches: what it reads is checked as in
that family, and each fact says whether this config states it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from llm_gallery.architecture.block import Architecture, Block, walk
from llm_gallery.architecture.fact import Fact
from llm_gallery.architecture.refusal import Refusal, printable, quoted
from llm_gallery.architecture.sizes import sized
from llm_gallery.families._reader import Reading, read
from llm_gallery.families._registry import function, keys, module_name, names
from llm_gallery.recognition.links import links
from llm_gallery.recognition.modeling import Modeling, likeness, modeling, unlike
from llm_gallery.recognition.nearest import (
    TOWERS,
    Fit,
    fits,
    language_model,
    no_decoder,
    structural,
)
from llm_gallery.recognition.other_files import other_file, refuse_others

TRIES = 5
"""Families that may refuse the config's values before the guess is given up; a modeling file is held against all."""
NAMED = 6
"""Parts that a warning names at most."""
FEWEST = 6
"""Parts that a file makes where it has layers: of a hundred published ones, those with fewer import them, or a whole model."""
ELSEWHERE = "its modeling file makes no layers of its own: keys alone chose the family"


def guess(raw: Mapping[str, Any], modeling_file: str = "") -> Architecture:
    """An unknown config as the family that fits its keys best would have it.

    Of families that take its keys, the text of the model's own `modeling_*.py` says which has its parts;
    nothing in it is executed. Where a multimodal config states a known type for its language model, that is described as its
    family has it. Raises Refusal where none fits, where all that fit refuse the config's values, and
    where the config is that of an encoder.
    """
    said = printable(str(raw.get("model_type", "")))
    refuse_others(raw)
    if odd := no_decoder(raw):
        raise Refusal(f"it can't be guessed: {odd}, expected a decoder-only language model")
    read_file = modeling(modeling_file) if modeling_file else None
    file = read_file if read_file is not None and len(read_file.parts) >= FEWEST else None
    config, inner = language_model(raw)
    named = module_name(str(config.get("model_type")))
    if inner and named in names():
        block, reading = _read(named, config)
        lines: tuple[str, ...] = ()
        unread, assumed = reading.unread, tuple(reading.assumed)
        root, family = block, named
    else:
        try:
            fit, root, reading = _best(config, file)
        except Refusal as refusal:
            raise other_file(raw) or refusal from None
        lines = tuple(_parts(file, root, fit.family))
        if read_file is not file:
            lines = (ELSEWHERE,)
        family = fit.family
        unread = tuple(sorted({*reading.unread, *_never_computed_with(family, config)}))
        assumed = tuple(sorted({*reading.assumed, *_implied(root)}))
        root = _doubted(root, family)
    return Architecture(
        said or family,
        root,
        links(root),
        unread,
        assumed,
        (*_warnings(raw, said, family, inner, exact=family == named), *lines),
        family,
    )


def _never_computed_with(family: str, config: Mapping[str, Any]) -> frozenset[str]:
    """Keys that the stand-in's class stores for nothing, also where they turn something off: the real one's may not."""
    unused: frozenset[str] = keys(family).unused
    return unused & config.keys()


def _read(family: str, config: Mapping[str, Any]) -> tuple[Block, Reading]:
    c, reading = read(keys(family), config)
    return sized(function(family)(c)), reading


def _best(config: Mapping[str, Any], file: Modeling | None) -> tuple[Fit, Block, Reading]:
    """The best family that takes the config's values, and what it left open."""
    ranked = fits(config)
    refusals: list[str] = []
    tries = [fit for fit in ranked if fit.fits][: TRIES if file is None else None]
    fitting = _taken(tries, config, refusals)
    if file is None:
        best = next(fitting, None)
    else:  # the first of those that are as like
        best = max(fitting, key=lambda fit: likeness(file, fit[1], fit[0].family), default=None)
    if best is None:
        raise Refusal(f"it can't be guessed: {refusals[0] if refusals else _why(ranked)}")
    return best


def _taken(
    tries: Sequence[Fit], config: Mapping[str, Any], refusals: list[str]
) -> Iterator[tuple[Fit, Block, Reading]]:
    """The families that take the config's values, in order; why the others don't goes to `refusals`."""
    for fit in tries:
        try:
            root, reading = _read(fit.family, config)
        except Refusal as refusal:
            refusals.append(f"as {fit.family}, {refusal}")
            continue
        if passed := [key for key in reading.unread if structural(key)]:
            refusals.append(
                f"{fit.family}, whose keys it nearly has, knows no {passed[0]}, expected a family "
                "that reads it; see docs/adding-a-family.md"
            )
            continue
        yield fit, root, reading


def _parts(file: Modeling | None, root: Block, family: str) -> Iterator[str]:
    """What the modeling file's parts say of the stand-in's."""
    if file is None:
        return
    more, fewer = unlike(file, root)
    if more:
        yield f"its modeling file makes parts that {family} lacks: {_listed(more)}"
    if fewer:
        yield f"{family} has parts that its modeling file doesn't make: {_listed(fewer)}"
    if not more and not fewer:
        yield f"its modeling file makes parts of the same names as {family}"


def _listed(names: Sequence[str]) -> str:
    """Some names, and how many there are more."""
    rest = len(names) - NAMED
    return ", ".join(printable(name, 40) for name in names[:NAMED]) + (
        f" and {rest:,} more" if rest > 0 else ""
    )


def _why(ranked: list[Fit]) -> str:
    """What keeps the family with the most keys in common from standing in."""
    nearest = min(ranked, key=lambda fit: (-fit.read, len(fit.missing), len(fit.unread), fit.depth))
    lack = f"{', '.join(nearest.missing[:3])} missing" if nearest.missing else ""
    odd = (*nearest.passed, *nearest.unread, "")[0]
    return (
        f"no family reads its keys, expected those of a decoder (the nearest, {nearest.family}, "
        f"finds {lack or f'{quoted(odd)} unknown to it'}); see docs/adding-a-family.md"
    )


def _warnings(
    raw: Mapping[str, Any], said: str, family: str, inner: str, *, exact: bool
) -> Iterator[str]:
    what = f"no family describes {quoted(said)}" if said else "the config has no model_type"
    if inner and exact:
        yield f"a guess: {what}, but its {inner} is a {family}, described as such models are alone"
    else:
        yield f"a guess: {what}, so this is what {family} would be with its keys"
        yield f"order and kind of norms, biases and names of tensors are {family}'s, not the config's"
    if inner:
        yield f"only the language model in {inner} is described; other parts are not"
    elif any(word in key for key in raw for word in TOWERS):
        yield "only the language model is described; parts for pictures or sound are not"


def _doubted(root: Block, family: str) -> Block:
    """The tree with all that the stand-in's class implies as assumptions; equal layers stay one object."""
    blocks: dict[int, Block] = {}

    def doubted(block: Block) -> Block:
        if id(block) not in blocks:
            facts = {
                name: Fact(fact.value, "assumed", f"as in {family}")
                if fact.evidence == "implied"
                else fact
                for name, fact in block.facts.items()
            }
            inside = tuple(doubted(part) for part in block.inside)
            blocks[id(block)] = replace(block, facts=facts, inside=inside)
        return blocks[id(block)]

    return doubted(root)


FOLLOWING = ("inputs", "outputs", "width", "channels", "layers")
"""Sizes that follow from those of the config."""


def _implied(root: Block) -> Iterator[str]:
    """What only the stand-in's class says, as kind.fact; most sizes follow from the config's."""
    for _, block in walk(root):
        for name, fact in block.facts.items():
            if fact.evidence == "implied" and name not in FOLLOWING:
                yield f"{block.kind}.{name}"
