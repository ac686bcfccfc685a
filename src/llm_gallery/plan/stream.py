"""The residual stream: how many there are, how branches read and write them, and how often the stack runs."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What a stack states of its residual stream: how branches read and write it, and how often it runs."""

    count: int = 1  # streams side by side
    mixes: bool = False  # whether the streams mix with one another beside each branch
    alternates: bool = False  # whether a layer works on the first alone
    scaled: bool = False  # whether learned numbers scale it at every sum
    saved_every: int | None = None  # layers after which the sum is kept, and begins anew
    passes: int = 1
    norms: bool = False  # whether the norm after the stack ends each pass
    kept: str = ""  # what multiplies the stream before a branch is added, as it is written
    added: str = ""  # what multiplies a branch before it is added

    @property
    def inside(self) -> Stream:
        """That within a layer: where one of several is worked on, that one."""
        return replace(self, count=1) if self.alternates else self

    @property
    def worked(self) -> str:
        """What a layer works on in place of one stream."""
        if self.alternates:
            return f"on the first of {self.count:,} streams"
        several = self.count > 1 and not self.saved_every
        return f"{self.count:,} streams in place of one" if several else ""
