"""Why one model is said to descend from another; where nothing says so, it only resembles it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.inheritance import base_type
from llm_gallery.lineage.stated_descents import Claim

Relation = Literal["descends", "resembles", "sibling"]
Kind = Literal["authors", "series", "code", "mixer", "measure", "release"]
"""What an edge rests on. Measure alone shows a resemblance, one release makes siblings; the others are evidence of descent."""

KINDS: Mapping[Kind, str] = {
    "authors": "stated by its authors",
    "series": "the same series of one organization",
    "code": "one code runs both",
    "mixer": "its mixer’s own model",
    "measure": "measured only",
    "release": "one release",
}
"""In a few words, as an edge of the tree shows it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an edge rests on, in a sentence, and the address where somebody says it."""

    kind: Kind
    words: str
    source: str = ""
    credited: tuple[Claim, ...] = ()
    """What the authors say of other models: of what they start from that isn't here, and of parts that they took."""

    @property
    def relation(self) -> Relation:
        """Whether it is a descent, a resemblance, or two models of one release."""
        if self.kind == "release":
            return "sibling"
        return "resembles" if self.kind == "measure" else "descends"

    @property
    def short(self) -> str:
        """The kind in a few words."""
        return KINDS[self.kind]


MEASURED = Evidence("measure", "Nobody is known to state a descent.")


def measured(said: Sequence[Claim]) -> Evidence:
    """Similarity alone, with what the authors say of other models."""
    if not said:
        return MEASURED
    words = " ".join(claim.words for claim in said)
    return Evidence("measure", words, said[0].source, tuple(said))


def family(member: Member) -> str:
    """The code that a model's language model runs in, whatever it is wrapped in."""
    architecture = member.architecture
    return base_type(str(architecture.root.settings.get("wrapped", architecture.model_type)))
