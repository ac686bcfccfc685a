"""A loop whose passes send one another messages: what one ends with, and what the next takes of it.

Reference: transformers/models/inkling2_loop/modular_inkling2_loop.py
"""

from __future__ import annotations

from llm_gallery.architecture.block import Block
from llm_gallery.mechanisms._mechanism import Mechanism, Names, inert, keeps_nothing


def work(block: Block, _: int) -> int:
    """Scoring each sum of the pass, beside the one that the maps inside state."""
    scored = sum(
        part.number("inputs") * part.number("outputs")
        for part in block.inside
        if part.kind == "linear"
    )
    return (block.number("pass_sums") - 1) * scored


MECHANISMS = (
    Mechanism(
        kind="loop_messages",
        wired="messages_left",
        names=Names(
            "At a pass's end: messages",
            label="messages",
            within="messages of a pass",
            counted="Messages",
        ),
        colour="norm",
        concepts=("looped-depth",),
        does="A pass through the loop ends: the stream is again what it was before the loop, and each layer of the next "
        "pass has messages of this one, means of the sums that it made.",
        kept=keeps_nothing,
        work=work,
    ),
    inert(
        kind="message_gate",
        wired="message_read",
        names=Names(
            "Message gate", label="message gate", within="a message gate", counted="Message gates"
        ),
        colour="norm",
        does="Adds a message of the last pass to what a branch reads, and forgets a share of that: two gates for each "
        "channel, between −1 and 1, by maps of low rank of both.",
        concepts=("looped-depth",),
        reads=("messages",),
    ),
)
