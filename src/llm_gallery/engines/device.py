"""Devices with their memory, bandwidth and peaks, each number with its source: the data of `devices.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.amounts import EXAMPLE_BANDWIDTH, EXAMPLE_MEMORY, amount
from llm_gallery.engines.device_file import FILE, rows, words

MOST = 10_000
"""Devices that can be asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device."""

    id: str
    name: str
    memory: int
    """Bytes that its driver reports; of shared memory, those that a process may wire."""
    bandwidth: int  # bytes a second; 0 where not known
    peak: Mapping[str, int] = field(default_factory=dict)
    """Operations a second, dense, by dtype: bf16, fp16, fp8, int8, fp4, fp32."""
    link: int = 0  # bytes a second to another such device, both ways; 0 where not known
    shared: bool = False  # with the processor
    sources: Mapping[str, str] = field(default_factory=dict)
    """Where each number is said, by its name."""
    maker: str = ""
    also: tuple[str, ...] = ()  # other names that people and drivers use
    memory_by: Literal["driver", "maker", "system", "you"] = "you"
    """Whose figure the memory is: the driver's; the maker's, in GB of 10^9; what the system lets a process wire; yours."""


@cache
def devices() -> tuple[Device, ...]:
    """All of them, as the file orders them. Raises Mistake where the file is wrong."""
    return tuple(Device(**fields) for fields in rows(FILE.read_text("utf-8")))


@cache
def _by_word() -> Mapping[str, Device]:
    """The devices by each of their names."""
    return {
        word: device
        for device in devices()
        for word in words(device.maker, device.id, device.name, *device.also)
    }


def asked_device(word: str) -> tuple[int, Device]:
    """How many of which device a word asks for: "8xh200", "8 × H200", "RTX 4090", "m4-max-64gb".

    Raises Refusal where no device is called so, naming the nearest.
    """
    whole = _by_word().get(_key(word))
    if whole is not None:
        return 1, whole
    count, name = _counted(word)
    device = _by_word().get(_key(name))
    if device is None:
        raise Refusal(
            f"{quoted(word)} is no device, expected a name as rtx-4090 or a count with it as 8xh200; "
            f"the nearest are {', '.join(_nearest(word, name))}; of any other device give --memory {EXAMPLE_MEMORY} "
            f"--bandwidth {EXAMPLE_BANDWIDTH}"
        )
    return _within(count, word), device


def own_device(memory: str, bandwidth: str = "") -> tuple[int, Device]:
    """How many of a device of your own: its memory, "24GiB" or "2x24GiB", and its bandwidth, "1008GB/s", if known.

    GB are 10^9 bytes, GiB 2^30. Raises Refusal where either is something else.
    """
    count, size = _counted(memory)
    found = amount(size, "memory", EXAMPLE_MEMORY)
    rate = amount(bandwidth, "bandwidth", EXAMPLE_BANDWIDTH, a_second=True) if bandwidth else 0
    name = f"a device of {size.strip()}"
    return _within(count, memory), Device(id="own", name=name, memory=found, bandwidth=rate)


def _counted(word: str) -> tuple[str, str]:
    """The count before what it counts; "1" where there is none."""
    found = re.fullmatch(r"\s*([0-9]+)\s*[x×*]\s*(.+)", word, re.IGNORECASE | re.DOTALL)
    return (found[1], found[2]) if found else ("1", word)


def _within(count: str, word: str) -> int:
    number = int(count) if len(count) <= len(str(MOST)) else MOST + 1
    if not 1 <= number <= MOST:
        raise Refusal(
            f"{quoted(word)} has a count of devices, expected one from 1 to {MOST:,}; give such a count"
        )
    return number


def _key(word: str) -> str:
    return next(iter(words("", word)))


def _nearest(*names: str) -> list[str]:
    """The ids of the three devices that are called most like any of the names."""
    from difflib import SequenceMatcher  # only where a name is wrong

    asked = [_key(name[:60]) for name in names]
    known = _by_word()
    alike = {
        word: max(SequenceMatcher(None, name, word).ratio() for name in asked) for word in known
    }
    near = sorted(known, key=lambda word: -alike[word])
    return list(dict.fromkeys(known[word].id for word in near))[:3]
