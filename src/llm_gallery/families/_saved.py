"""What transformers' `save_pretrained` writes otherwise than a release stores it: its conversion undoes less than loading did, or more.

The reasons stand in tests/truth/differences.toml; tests/truth/test_saved.py saves every family and reads it back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Saved(NamedTuple):
    """The differences of one type, all by patterns in names."""

    names: Mapping[str, str] = {}  # patterns, each with what the release has there
    halves: Mapping[
        str, tuple[int, str]
    ] = {}  # where each layer is stored as two: a part's, and its name there
    turned: str = ""  # stacks whose last two axes are swapped
    recut: tuple[str, ...] = ()  # parts that are cut at other rows out of what they make together
    recomputed: str = ""  # what no release stores

    def released(self, name: str) -> str:
        """The release's name of a tensor."""
        for pattern, instead in self.names.items():
            name = re.sub(pattern, instead, name)
        return re.sub(self._in_layers, self._of_half, name) if self.halves else name

    @property
    def _in_layers(self) -> str:
        return rf"layers\.(\d+)\.({'|'.join(self.halves)})\b"

    def _of_half(self, found: re.Match[str]) -> str:
        place, word = self.halves[found[2]]
        return f"layers.{2 * int(found[1]) + place}.{word}"
