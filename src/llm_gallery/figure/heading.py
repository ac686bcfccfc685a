"""What the catalog knows of a model and its config doesn't: how a figure is headed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A name, and who made the model, when, and what is particular about it."""

    name: str
    organization: str = ""
    released: date | None = None
    summary: str = ""
