"""Accelerators with their memory and the page that states it: the data of `accelerators.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

RESERVED = 10
"""Per cent of a device that the calculator leaves to activations and the runtime."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """A device, its memory in GB as its vendor counts, and where that is said."""

    name: str
    memory: int
    source: str
    shared: bool = False  # with the processor

    @property
    def usable(self) -> int:
        """Bytes for weights and sequences."""
        return self.memory * 10**9 * (100 - RESERVED) // 100


@cache
def accelerators() -> tuple[Accelerator, ...]:
    """All of them, smallest memory first."""
    text = files("llm_gallery.site").joinpath("accelerators.toml").read_text("utf-8")
    return tuple(Accelerator(**row) for row in tomllib.loads(text)["accelerator"])
