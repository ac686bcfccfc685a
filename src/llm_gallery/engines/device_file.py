"""The rows of `devices.toml`, checked, with their units turned into exact bytes and operations a second."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from llm_gallery.architecture.mistake import Mistake, expect_names

FILE = Path(__file__).with_name("devices.toml")
MAKERS = {"nvidia": "NVIDIA", "amd": "AMD", "google": "Google", "intel": "Intel", "apple": "Apple"}
MEMORY = {
    "memory_mib": (2**20, "driver"),
    "memory_bytes": (1, "driver"),
    "memory_gib": (2**30, "system"),
    "memory_gb": (10**9, "maker"),
}
"""Bytes of each unit of memory, and whose figure it is."""
DTYPES = ("bf16", "fp16", "fp8", "int8", "fp4", "fp32")
GB, TERA = 10**9, 10**12
CHIP_KEYS = ("name", "bandwidth_gb_s", "sources")
KEYS = (
    *("name", "also", "shared", *MEMORY, "bandwidth_gb_s"),
    *("dense_tflops", "sparse_tflops", "link_gb_s", "sources"),
)
LEAST = 36 * 2**30
"""Bytes of a Mac's memory from which three quarters can be wired, rather than two thirds."""


def wired(installed: int) -> int:
    """Bytes that macOS lets processes wire, of those that are installed."""
    return installed * 3 // 4 if installed >= LEAST else installed * 2 // 3


def rows(text: str) -> tuple[dict[str, Any], ...]:
    """What each device is made of. Raises Mistake naming the row and what is wrong in it."""
    try:
        file = tomllib.loads(text, parse_float=Fraction)
    except tomllib.TOMLDecodeError as error:
        raise _wrong("", f"is no TOML: {error}") from None
    pages = file.pop("pages", {})
    for name, address in pages.items():
        _address("pages", name, address)
    expect_names(file, MAKERS, "a table", "a maker", f"{FILE.name}: ")
    found = [
        fields
        for maker, table in file.items()
        for id_, row in table.items()
        for fields in (_chip if maker == "apple" else _device)(MAKERS[maker], id_, row, pages)
    ]
    _distinct(found)
    return tuple(found)


def words(maker: str, *names: str) -> tuple[str, ...]:
    """Names without what people write in different ways, each alone and after its maker's: "RTX 4090" is "rtx4090"."""
    plain = [re.sub(r"[^a-z0-9+]+", "", name.lower()) for name in names]
    return tuple(dict.fromkeys((*plain, *(maker.lower() + name for name in plain))))


def _device(
    maker: str, id_: str, row: Mapping[str, Any], pages: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    expect_names(row, KEYS, "a key", "a key of a device", f"{FILE.name}: {id_}: ")
    stated = [key for key in MEMORY if key in row]
    if len(stated) != 1:
        raise _wrong(id_, f"states memory {len(stated)} times, expected one of {', '.join(MEMORY)}")
    unit, by = MEMORY[stated[0]]
    shared = row.get("shared", False)
    peak = _peak(id_, row)
    link = _whole(id_, "link_gb_s", row["link_gb_s"], GB) if "link_gb_s" in row else 0
    parts = ["memory", "bandwidth", *["peak"] * bool(peak), *["link"] * bool(link)]
    yield {
        **_named(maker, id_, row),
        "memory": _whole(id_, stated[0], row[stated[0]], unit),
        "bandwidth": _whole(id_, "bandwidth_gb_s", row.get("bandwidth_gb_s"), GB),
        "peak": peak,
        "link": link,
        "shared": shared,
        "sources": _sources(id_, row, parts, pages, peak),
        "memory_by": "maker" if by == "system" and not shared else by,
    }


def _chip(
    maker: str, id_: str, row: Mapping[str, Any], pages: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """A device for each size of installed memory."""
    expect_names(row, CHIP_KEYS, "a key", "a key of a chip", f"{FILE.name}: {id_}: ")
    sources = _sources(id_, row, ["memory", "bandwidth"], pages)
    for size, bandwidth in row.get("bandwidth_gb_s", {}).items():
        if not re.fullmatch("[1-9][0-9]*", size):
            raise _wrong(id_, f"has {size!r} GiB of memory, expected a whole number")
        named = _named(maker, f"{id_}-{size}gb", row)
        yield {
            **named,
            "name": f"{named['name']}, {size} GB",
            "memory": wired(int(size) * 2**30),
            "bandwidth": _whole(id_, "bandwidth_gb_s", bandwidth, GB),
            "shared": True,
            "sources": sources,
            "memory_by": "system",
        }


def _named(maker: str, id_: str, row: Mapping[str, Any]) -> dict[str, Any]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_):
        raise _wrong(id_, "is no id, expected small letters, digits and hyphens")
    also = row.get("also", [])
    if not all(isinstance(name, str) and name for name in (row.get("name"), *also)):
        raise _wrong(id_, "has a name that is no text, or none")
    return {"id": id_, "name": row["name"], "maker": maker, "also": tuple(also)}


def _peak(id_: str, row: Mapping[str, Any]) -> dict[str, int]:
    """Dense operations a second by dtype, of what is stated dense and sparse."""
    found: dict[str, int] = {}
    for key, unit in (("dense_tflops", TERA), ("sparse_tflops", TERA // 2)):
        stated = row.get(key, {})
        expect_names(stated, DTYPES, f"a dtype of {key}", "a dtype", f"{FILE.name}: {id_}: ")
        if twice := stated.keys() & found:
            raise _wrong(
                id_, f"states {', '.join(sorted(twice))} dense and sparse, expected one of both"
            )
        found |= {
            dtype: _whole(id_, f"{key}.{dtype}", rate, unit) for dtype, rate in stated.items()
        }
    return found


def _whole(id_: str, key: str, value: object, unit: int) -> int:
    number = None if isinstance(value, bool) else value
    if not isinstance(number, int | Fraction) or number <= 0 or number * unit % 1:
        raise _wrong(id_, f"{key} is {value}, expected a number above 0 whose unit divides it")
    return int(number * unit)


def _sources(
    id_: str,
    row: Mapping[str, Any],
    parts: Collection[str],
    pages: Mapping[str, str],
    dtypes: Collection[str] = (),
) -> dict[str, str]:
    """The address that states each part, and of dtypes those that another page states; no other."""
    given = row.get("sources", {})
    known = (*parts, *dtypes)
    expect_names(given, known, "a source", "a part that the row states", f"{FILE.name}: {id_}: ")
    if missing := [part for part in parts if part not in given]:
        raise _wrong(
            id_, f"has no source of {', '.join(missing)}, expected an address or a name of [pages]"
        )
    return {part: _address(id_, part, pages.get(named, named)) for part, named in given.items()}


def _address(id_: str, part: str, address: object) -> str:
    if not isinstance(address, str) or not re.fullmatch(
        r"https://[^\s/]+\.[^\s/]+(/\S*)?", address
    ):
        raise _wrong(
            id_, f"{part} is from {address!r}, expected an https address or a name of [pages]"
        )
    return address


def _distinct(found: Collection[Mapping[str, Any]]) -> None:
    """Raises Mistake where two devices are called alike."""
    owners: dict[str, str] = {}
    for fields in found:
        for word in words(fields["maker"], fields["id"], fields["name"], *fields["also"]):
            owner = owners.setdefault(word, fields["id"])
            if owner != fields["id"]:
                raise _wrong(
                    fields["id"], f"is called {word!r} as {owner} is, expected names of its own"
                )


def _wrong(id_: str, message: str) -> Mistake:
    return Mistake(
        f"{message}; correct the row", f"{FILE.name}: {id_}: " if id_ else f"{FILE.name}: "
    )
