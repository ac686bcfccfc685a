"""The one idea that a plate is about: its title, its picture, its first sentence and what it saves all speak of it."""

from __future__ import annotations

from collections.abc import Sequence, Set

from llm_gallery import mechanisms
from llm_gallery.concepts import Group, concepts, telling
from llm_gallery.mechanisms.wording import words_for
from llm_gallery.plan.place import Variant

GROUPS: tuple[Group, ...] = ("compression", "choice", "window", "state", "stream", "attention")
"""By which a mechanism is known, the most telling first: how heads share what they keep tells least."""


def topic(variants: Sequence[Variant], new: Set[str]) -> str:
    """What is new in a mechanism above all; else what it is before what it has; "" where no concept tells.

    How scores are read, how heads share what they keep, and news of no rank are what plain attention is about, and
    no other: a window tells more than a norm of queries. A mixture that is new is told before what is new in it.
    """
    shown = {concept for v in variants for concept in mechanisms.concepts_of(v.block)}
    known = known_by(variants)
    keeps_state = known in concepts() and concepts()[known].group == "state"
    told = [
        concept
        for concept in new
        if (described := concepts().get(concept)) is not None
        and (concept in shown or (described.new.of_states and keeps_state))
        and (described.new.rank is not None or described.new.tag)
        and (_tells_all(concept) or _is_plain(variants))
        and _may_lead(concept, variants)
    ]
    if known in told and (variants[0].block.is_mixture or keeps_state):
        return known
    return min(told, key=telling, default=known)


def known_by(variants: Sequence[Variant]) -> str:
    """What a mechanism is before what it has."""
    most = max(variants, key=lambda variant: variant.count).block
    named = words_for(mechanisms.names(most).concept, most)

    def place(concept: str) -> tuple[int, bool, int]:
        group = concepts()[concept].group if concept in concepts() else None
        count = sum(v.count for v in variants if concept in mechanisms.concepts_of(v.block))
        return GROUPS.index(group) if group else len(GROUPS), concept != named, -count

    attention = named in concepts() and concepts()[named].group == "attention"
    if named in concepts() and not attention and concepts()[named].new.rank != "reading":
        return named
    return min(sorted(_own(variants)), key=place, default="")


def is_quality(concept: str, variants: Sequence[Variant]) -> bool:
    """Whether a mechanism has it beside what it is, so that its name isn't the mechanism's."""
    if concept not in concepts() or concept in _own(variants) or not variants[0].block.mixes:
        return False
    described = concepts()[concept].new
    return not described.of_states and described.rank != "sharing"


def _tells_all(concept: str) -> bool:
    """Whether it tells more of attention than that it is attention."""
    described = concepts()[concept]
    rank = described.new.rank
    return rank not in (None, "reading") and described.group != "attention"


def _may_lead(concept: str, variants: Sequence[Variant]) -> bool:
    """Whether it is of a rank, or a quality of attention; of a mixture, whether it is about its choice."""
    rank, block = concepts()[concept].new.rank, variants[0].block
    return block.attends or (rank is not None and not (block.is_mixture and rank == "channels"))


def _is_plain(variants: Sequence[Variant]) -> bool:
    """Whether it reads all tokens, of which it keeps keys and values; what doesn't attend is like that."""
    blocks = [variant.block for variant in variants]
    return not any(b.attends and mechanisms.colour_of(b) != "full" for b in blocks)


def _own(variants: Sequence[Variant]) -> frozenset[str]:
    """What its blocks are before what they have."""
    shown = {concept for v in variants for concept in mechanisms.concepts_of(v.block)}
    firsts = {next(mechanisms.concepts_of(v.block), "") for v in variants}
    grouped = {c for c in shown if c in concepts() and concepts()[c].group is not None}
    return frozenset({*firsts, *grouped} - {""})
