"""Devices with their memory, bandwidth and peaks, each number with its source: the data of `devices.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device."""

    id: str
    name: str
    memory: int
    """Bytes that its driver reports; of shared memory, those that a process may wire."""
    bandwidth: int  # bytes a second
    peak: Mapping[str, int] = field(default_factory=dict)
    """Operations a second, dense, by dtype: bf16, fp16, fp8, int8, fp4, fp32."""
    link: int = 0  # bytes a second to another such device, both ways; 0 where not known
    shared: bool = False  # with the processor
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each number is said, by its name."""
