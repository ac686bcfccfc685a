"""What people measured: tokens a second of real runs, and what engines' logs state of memory; a file a source.

`measured/*.toml` hold facts and figures with their addresses. Ours beside them is in `measured_beside`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal, get_args

from llm_gallery.architecture.refusal import Refusal, reason
from llm_gallery.architecture.rules import (
    Fault,
    List,
    Rule,
    Table,
    address,
    faults,
    line,
    one_of,
    spelled,
    whole,
)
from llm_gallery.catalog.entry_file import MODELS
from llm_gallery.engines.device import Device, devices
from llm_gallery.engines.registry import NAMES
from llm_gallery.quants.mixes import MIXES

FOLDER = Path(__file__).parent / "measured"
UNITS: Mapping[str, int] = {"MiB": 2**20, "GiB": 2**30}
What = Literal["cache", "window", "state", "all", "weights", "host", "sequences"]
"""Of what an engine states bytes: tokens that all stay, those of windows, states, all three, weights, those on the host.
"sequences" is how many requests of the context fit what is available."""


class Printed(str):
    """A number as an engine prints it, with its unit where it has one: "480.00 MiB", "5.73"."""

    __slots__ = ()

    @property
    def unit(self) -> int:
        """Bytes of its unit; 1 where it has none."""
        return UNITS.get(self.rpartition(" ")[2], 1)

    @property
    def digits(self) -> int:
        """Digits behind the point."""
        return len(self.split()[0].partition(".")[2])

    @property
    def least(self) -> Fraction:
        """The smallest number that rounds to it."""
        return self._rounded - self._half

    @property
    def most(self) -> Fraction:
        """The largest number that rounds to it."""
        return self._rounded + self._half

    @property
    def _rounded(self) -> Fraction:
        return Fraction(self.split()[0]) * self.unit

    @property
    def _half(self) -> Fraction:
        return Fraction(self.unit, 2 * 10**self.digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """Tokens a second that one sequence was given."""

    model: str  # an id of the catalog
    run: str  # what was run, where that is another model of the same tree
    weights: str  # the mix of llama-quantize whose types it has, or nearly
    label: str  # as the source names it
    file_bytes: int  # of the file at least, where its size is rounded
    machine: Device
    engine: str
    backend: str
    depth: int  # tokens before
    rate: Fraction  # tokens a second
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What an engine's log states."""

    model: str
    run: str
    engine: str
    version: str  # as the log names it; empty where it doesn't
    weights: str
    context: int  # tokens of each sequence
    slots: int
    cache: str  # the type of keys and values; empty for the engine's default
    batch: int | None  # tokens that are computed at once; None for the engine's default
    tensor: int  # ranks that share each layer
    drafts: int  # tokens that are drafted
    prefixes: bool  # whether prompts are kept for later requests
    available: Printed | None  # bytes for sequences, of each rank
    what: What
    stated: Printed
    why: str  # it differs from ours
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file of the folder: where its numbers stand."""

    id: str
    title: str
    link: str
    speeds: tuple[Speed, ...]
    memory: tuple[Memory, ...]


@cache
def sources(folder: Path = FOLDER) -> tuple[Source, ...]:
    """All that was measured, in the order of the files. Raises Refusal naming a file and its faults."""
    return tuple(source(file) for file in sorted(folder.glob("*.toml")))


def source(file: Path) -> Source:
    """What a file states. Raises Refusal with all of its faults."""
    table = _table(file)
    found = [*faults(table, TABLE)] or [*_contradictions(table)]
    if found:
        raise Refusal(f"{file.name}: {'; '.join(map(str, found))}; correct it there")
    link = table["source"]
    return Source(
        id=file.stem,
        title=table["title"],
        link=link,
        speeds=tuple(run for row in table.get("speeds", ()) for run in _speeds(row, link)),
        memory=tuple(_memory(row, link) for row in table.get("memory", ())),
    )


def _table(file: Path) -> dict[str, Any]:
    """The keys of a file, decimals exactly as they are written."""
    try:
        return tomllib.loads(file.read_text("utf-8"), parse_float=Fraction)
    except OSError as error:
        raise Refusal(
            f"{file.name} can't be read ({reason(error)}); check its permissions"
        ) from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise Refusal(f"{file.name} is not TOML: {error}; correct it there") from None


def _speeds(row: Mapping[str, Any], link: str) -> Iterator[Speed]:
    for depth, rate in row["runs"]:
        yield Speed(
            model=row["model"],
            run=row.get("run", ""),
            weights=row["weights"],
            label=row.get("label", row["weights"]),
            file_bytes=row.get("bytes") or -(-Printed(row["size"]).least // 1),
            machine=_machine(row),
            engine=row["engine"],
            backend=row.get("backend", ""),
            depth=depth,
            rate=Fraction(rate),
            link=link + row.get("at", ""),
        )


def _machine(row: Mapping[str, Any]) -> Device:
    """The device of an id, or a chip whose bandwidth the source itself states."""
    if "device" in row:
        return _devices()[row["device"]]
    return Device(id="", name=row["chip"], memory=0, bandwidth=row["bandwidth"])


def _memory(row: Mapping[str, Any], link: str) -> Memory:
    available = row.get("available")
    return Memory(
        model=row["model"],
        run=row.get("run", ""),
        engine=row["engine"],
        version=row.get("version", ""),
        weights=row.get("weights", ""),
        context=row.get("context", 0),
        slots=row.get("slots", 1),
        cache=row.get("cache", ""),
        batch=row.get("batch"),
        tensor=row.get("tensor", 1),
        drafts=row.get("drafts", 0),
        prefixes=row.get("prefixes", True),
        available=None if available is None else Printed(available),
        what=row["what"],
        stated=Printed(row["stated"]),
        why=row.get("why", ""),
        link=link + row.get("at", ""),
    )


def _contradictions(table: Mapping[str, Any]) -> Iterator[Fault]:
    """Keys of a row that need each other, or exclude each other, and addresses that are none when they are joined."""
    if not table.get("speeds") and not table.get("memory"):
        yield Fault("speeds", "and memory are missing, expected one of them", missing=True)
    for kind in ("speeds", "memory"):
        for place, row in enumerate(table.get(kind, ())):
            at = f"{kind}.{place}"
            link = table["source"] + row.get("at", "")
            if expected := address(link):
                yield Fault(f"{at}.at", f"makes an address that is no link, expected {expected}")
            yield from (_of_speed if kind == "speeds" else _of_memory)(row, at)


def _of_speed(row: Mapping[str, Any], at: str) -> Iterator[Fault]:
    if ("bytes" in row) == ("size" in row):
        yield Fault(at, "states both or neither of bytes and size, expected one of them")
    if ("device" in row) == ("chip" in row) or ("chip" in row) != ("bandwidth" in row):
        yield Fault(at, "names no machine or two, expected a device, or a chip with its bandwidth")


def _of_memory(row: Mapping[str, Any], at: str) -> Iterator[Fault]:
    what, weighs = row["what"], row["what"] in ("weights", "host")
    if ("weights" in row) != weighs:
        yield Fault(f"{at}.weights", "expected where weights or host are stated, and nowhere else")
    if ("context" in row) == weighs:
        yield Fault(f"{at}.context", "expected where anything of sequences is stated, else none")
    if ("available" in row) != (what == "sequences"):
        yield Fault(f"{at}.available", "expected where sequences are stated, and nowhere else")
    if (Printed(row["stated"]).unit == 1) != (what == "sequences"):
        yield Fault(f"{at}.stated", "expected sequences without a unit, all else in MiB or GiB")


def _runs(value: object) -> str:
    """Pairs of a depth and a rate."""
    expected = "a list of pairs, tokens before and tokens a second: [[0, 84.1], [4096, 77.4]]"
    if not isinstance(value, list) or not value:
        return expected
    for pair in value:
        if not (isinstance(pair, list) and len(pair) == 2):
            return expected
        depth, rate = pair
        if whole(depth, least=0, most=2**24) or not isinstance(rate, int | Fraction):
            return expected
        if isinstance(rate, bool) or not 0 < rate < 10**6:
            return expected
    return ""


def _printed(value: object) -> str:
    pattern = rf"\d{{1,9}}(\.\d{{1,4}})?( ({'|'.join(UNITS)}))?"
    return spelled(value, pattern=pattern, most=20, what='a number as it is printed: "480.00 MiB"')


def _model(value: object) -> str:
    return one_of(value, choices=_models(), what="an id of the catalog")


@cache
def _models() -> frozenset[str]:
    return frozenset(file.stem for file in MODELS.glob("*.toml"))


def _device(value: object) -> str:
    return one_of(value, choices=_devices(), what="an id of engines/devices.toml")


@cache
def _devices() -> Mapping[str, Device]:
    return {device.id: device for device in devices()}


def _kept(value: object) -> str:
    return "" if isinstance(value, bool) else "true or false"


def _at(value: object) -> str:
    """What follows the source's address: a path, with no step up."""
    path = isinstance(value, str) and re.fullmatch(r"[\w%./@+~-]{1,250}", value, re.ASCII)
    if path and ".." not in str(value).split("/"):
        return ""
    return "what follows the address of the source: a path"


_text = partial(line, least=1, most=80)
_bytes = partial(whole, least=1, most=2**50)
_engine: Rule = partial(one_of, choices=NAMES)
SPEED = Table(
    what="a speed",
    rules={
        "model": _model,
        "run": _text,
        "weights": partial(one_of, choices=MIXES),
        "label": _text,
        "bytes": _bytes,
        "size": _printed,
        "device": _device,
        "chip": _text,
        "bandwidth": _bytes,
        "engine": _engine,
        "backend": _text,
        "at": _at,
        "runs": _runs,
    },
    needed=("model", "weights", "engine", "runs"),
)
MEMORY = Table(
    what="a row of memory",
    rules={
        "model": _model,
        "run": _text,
        "engine": _engine,
        "version": _text,
        "weights": _text,
        "context": partial(whole, least=1, most=2**24),
        "slots": partial(whole, least=1, most=4096),
        "cache": _text,
        "batch": partial(whole, least=1, most=2**24),
        "tensor": partial(whole, least=1, most=4096),
        "drafts": partial(whole, least=1, most=64),
        "prefixes": _kept,
        "available": _printed,
        "what": partial(one_of, choices=get_args(What)),
        "stated": _printed,
        "why": partial(line, least=1, most=300),
        "at": _at,
    },
    needed=("model", "engine", "what", "stated"),
)
TABLE = Table(
    what="a source",
    rules={
        "title": _text,
        "source": address,
        "speeds": List(what="[[speeds]] tables", each=SPEED),
        "memory": List(what="[[memory]] tables", each=MEMORY),
    },
    needed=("title", "source"),
)
