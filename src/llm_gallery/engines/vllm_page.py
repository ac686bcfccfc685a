"""A page: what one layer keeps in one block of vLLM's pool, of one rank."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import gcd
from typing import Literal, NamedTuple

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.subject import Subject

VERSION = "0.32.0"
MODEL = 2
"""Bytes of a number in the model's dtype: vLLM runs in 16 bits whatever a checkpoint holds."""
CACHES = {"bf16": MODEL, "f16": MODEL, "fp8": 1}
"""Bytes of a number of keys and values, by the cache type."""
Sort = Literal["full", "latent", "keys", "window", "latent window", "chunk", "state", "ring"]
"""How a layer's table of blocks grows: the first three alike, windows and chunks to their limit, others never."""
PADS: tuple[Sort, ...] = ("full", "window", "chunk", "state")
"""Those whose pages vLLM can pad to any size."""


class Settings(NamedTuple):
    """What `vllm serve` is told, by its defaults."""

    block: int = 16  # tokens, where no kernel wants more
    drafts: int = 0  # speculative tokens
    prefix_caching: bool = True


class Rank(NamedTuple):
    """One rank, and what it is asked for."""

    subject: Subject
    cache: str
    tensor: int = 1
    settings: Settings = Settings()

    @property
    def model_type(self) -> str:
        """The family."""
        return self.subject.architecture.model_type

    def share(self, count: int, what: str) -> int:
        """How many of something a rank has. Raises Refusal where the ranks don't divide it."""
        if count % self.tensor:
            raise Refusal(f"{count} {what}, expected a number that {self.tensor} ranks divide")
        return count // self.tensor

    def pairs(self, block: Block) -> int:
        """Heads of keys and values, copied where there are fewer than ranks."""
        count = block.number("kv_heads")
        return 1 if self.tensor % count == 0 else self.share(count, "key-value heads")

    def unknown(self, what: str) -> Refusal:
        """What is said of a mixer that vLLM has no cache for."""
        return Refusal(
            f"{self.subject.name} has {what}, expected mixers that vLLM {VERSION} has a cache for; use --with ideal"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one layer keeps in one block, or one of its states."""

    label: str  # of the mixer
    sort: Sort
    held: int  # bytes
    shape: tuple[int, ...]  # what layers of one group have in common
    dtype: str
    block: int = 0  # tokens; 0 of a state
    limit: int | None = None  # tokens that are kept beside those in flight
    beyond: int = 0  # pages that are kept beside ...
    caching: int = 0  # ... and more of them with prefix caching
    kernel: int = 1  # tokens of the smallest block that is read at once
    padded: int = 0  # bytes with what holds nothing, where there is such
    own_block: bool = False  # whether its block isn't the model's
    side_by_side: bool = (
        False  # whether it is read from blocks in which all layers lie side by side
    )
    span: int = 0  # tokens that are read at once there: such a block is a multiple of their bytes
    copied: bool = False  # whether every rank holds the whole state

    @property
    def size(self) -> int:
        """Bytes of the page."""
        return self.padded or self.held

    @property
    def grows(self) -> bool:
        """Whether there are more of them with more tokens."""
        return self.sort not in ("state", "ring")

    @property
    def row(self) -> int:
        """Bytes that a block is a multiple of in which all layers lie side by side."""
        tokens = gcd(self.span, self.block)
        return 1 if tokens == self.block else self.size * tokens // self.block

    def of(self, block: int) -> Page:
        """The same of another number of tokens; a state has none."""
        if not self.block:
            return self
        held, padded = (size * block // self.block for size in (self.held, self.padded))
        return replace(self, block=block, held=held, padded=padded)
