"""Recurrent mixers of a model, and the model that each of them came with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llm_gallery import mechanisms
from llm_gallery.architecture.block import Block, distinct_layers, layers, mixers
from llm_gallery.lineage.family_member import Member


def recurrent(member: Member) -> Mapping[str, str]:
    """The recurrent mixers of a model by kind, each by its name."""
    return {mixer.kind: mechanisms.label(mixer) for mixer in _mixers(member) if mixer.recurs}


def mostly(member: Member, kind: str) -> bool:
    """Whether more than half of a model's layers mix tokens with that."""
    stack = layers(member.architecture.root)
    having = sum(any(mixer.kind == kind for mixer in mixers(layer)) for layer in stack)
    return 2 * having > len(stack)


def own_mixers(chronological: Sequence[Member]) -> Mapping[str, Member]:
    """Of each recurrent mixer the first model, where that mixes tokens with nothing else: Mamba 2.8B for Mamba."""
    first: dict[str, Member] = {}
    for member in chronological:
        for kind in recurrent(member):
            first.setdefault(kind, member)
    return {
        kind: member
        for kind, member in first.items()
        if {mixer.kind for mixer in _mixers(member)} == {kind}
    }


def _mixers(member: Member) -> list[Block]:
    root = member.architecture.root
    return [mixer for layer in distinct_layers(root) for mixer in mixers(layer)]
