"""What is to be run, on what, and by which engine."""

from __future__ import annotations

from dataclasses import dataclass

from llm_gallery.engines.device import Device
from llm_gallery.engines.engine import Engine
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject

LONGEST = 2**24
"""Tokens of the longest context that is looked for, where a model states none."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is to be run, on what, and by which engine."""

    subject: Subject
    engine: Engine
    device: Device
    split: Split
    cache: str
    context: int  # tokens of each sequence
    sequences: int = 1

    def __repr__(self) -> str:
        return f"<Request: {self.context:,} tokens on {self.device.name}>"

    @property
    def of_rank(self) -> int:
        """Sequences of the rank that has most."""
        return self.split.sequences(self.sequences)

    @property
    def most(self) -> int:
        """The longest context that can be asked for: the model's own, or the one that is asked where that is longer."""
        return max(self.subject.context or LONGEST, self.context)
