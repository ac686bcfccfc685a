"""Whether a model fits devices, as data and as text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from llm_gallery.architecture.block import distinct
from llm_gallery.architecture.refusal import counted, printable
from llm_gallery.catalog.measured_bands import DENSE, MIXTURE, bands
from llm_gallery.engines.counted import how
from llm_gallery.engines.fit import Row
from llm_gallery.engines.request import Request
from llm_gallery.mechanisms.wording import capital

Json = dict[str, Any]
GIB = 2**30
FIRST = 8192
"""Tokens of the first column, where the model reads so many."""
LAST = 131_072
"""Tokens of the last column, where a model states no context."""
COLUMNS = 6
SHOWN = ("F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "IQ4_XS", "Q3_K_M", "Q2_K")
"""Mixes that the table shows beside the one of the verdict."""


class RealRuns(NamedTuple):
    """Between which speeds half of the measured runs of such models would be, in tokens a second."""

    of: str
    runs: int
    least: Fraction
    most: Fraction


@dataclass(frozen=True)
class Fit:
    """What a model takes of devices under an engine; bytes are those of the fullest rank."""

    request: Request
    row: Row
    """The mix or dtype of the verdict."""
    rows: tuple[Row, ...]
    assumptions: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<Fit: {printable(self.verdict)}>"

    @property
    def fits(self) -> bool:
        """Whether it holds what was asked for."""
        return self.row.fits

    @property
    def weights_bytes(self) -> int:
        """Bytes of the weights of one rank."""
        return self.row.rank.weights

    @property
    def cache_bytes(self) -> int:
        """Bytes that all sequences of one rank take."""
        return self.row.cache_bytes

    @property
    def spare_bytes(self) -> int:
        """Bytes that are left; less than 0 where some lack."""
        return self.row.spare()

    @property
    def longest_context(self) -> int:
        """Tokens of the longest context, up to the model's own; 0 where none fits."""
        return self.row.longest

    @property
    def most_sequences(self) -> int | None:
        """Sequences of the context asked for; None where one takes nothing."""
        return self.row.most_sequences

    @property
    def tokens_per_second_at_most(self) -> float | None:
        """Of all sequences together, at the end of their context; None where no bandwidth is known."""
        return _number(self.row.speed())

    @property
    def real_runs(self) -> RealRuns | None:
        """Where real runs lie under that bound; None where there is none, or for several sequences or devices."""
        asked, speed = self.request, self.row.speed()
        if speed is None or asked.sequences > 1 or asked.split.ranks > 1:
            return None
        mixture = any(block.is_mixture for block in distinct(asked.subject.root))
        band = bands()[MIXTURE if mixture else DENSE]
        return RealRuns("mixtures" if mixture else "dense models", band.runs, *band.of(speed))

    @property
    def verdict(self) -> str:
        """In a sentence."""
        asked, row = self.request, self.row
        what = f"{row.name} {'holds' if self.fits else 'doesn’t hold'} {_sequences(asked)}"
        if self.fits:
            return f"{what} with {gib(self.spare_bytes)} GiB to spare."
        reach = f"; it reaches {row.longest:,}" if row.longest else ""
        return f"{what}: {gib(-self.spare_bytes)} GiB are lacking{reach}."

    def text(self) -> str:
        """As text for a terminal."""
        return "".join(f"{line.rstrip()}\n" for line in _lines(self))

    def show(self) -> None:
        """Prints it."""
        sys.stdout.write(self.text())

    def to_json(self) -> Json:
        """As plain data; keys may be added, never changed."""
        asked, row, real = self.request, self.row, self.real_runs
        return {
            "fits": self.fits,
            "verdict": self.verdict,
            "engine": {"name": asked.engine.name, "version": asked.engine.version},
            "device": {
                "id": asked.device.id,
                "count": asked.split.ranks,
                "usable_bytes": row.room.usable,
            },
            "weights": row.weights,
            "weights_bytes": self.weights_bytes,
            "cache": asked.cache,
            "cache_bytes": self.cache_bytes,
            "per_rank_bytes": self.weights_bytes + self.cache_bytes,
            "spare_bytes": self.spare_bytes,
            "on_host_bytes": row.on_host,
            "context": asked.context,
            "sequences": asked.sequences,
            "split": {"tp": asked.split.tensor, "dp": asked.split.data, "ep": asked.split.experts},
            "longest_context": self.longest_context,
            "most_sequences": self.most_sequences,
            "tokens_per_second_at_most": self.tokens_per_second_at_most,
            "real_runs": None if real is None else _runs(real),
            "prompt_tokens_per_second_at_most": _number(row.prompt_speed),
            "parts": [{"name": name, "bytes": held, "how": how} for name, held, how in _parts(row)],
            "rows": [_plain(each) for each in self.rows],
            "assumptions": list(self.assumptions),
            "command": row.command,
        }


def gib(count: int) -> str:
    """Bytes in GiB with two decimals, of any sign; few aren't rounded to none, since their sign is an answer."""
    if 0 < abs(count) < GIB // 200:
        return "< 0.01" if count > 0 else "> -0.01"
    return f"{count / GIB:,.2f}"


def at_most(speed: Fraction) -> str:
    """Tokens a second to the nearest one, below 10 to a tenth; the JSON has all digits."""
    return f"{round(speed):,}" if speed >= 10 else f"{float(round(speed, 1))}"


def contexts(request: Request) -> list[int]:
    """The columns: powers of two, the model's own context and the one asked for; the last few."""
    own = request.subject.context
    last = max(request.context, LAST if own is None else own)
    ends = {request.context, last}
    powers = {FIRST << power for power in range(32) if FIRST << power < last}
    every = sorted(powers | ends)
    return sorted({*every[-COLUMNS:], request.context})


def _sequences(asked: Request) -> str:
    """What is to be held: "65,536 tokens", "64 sequences of 32,768 tokens"."""
    tokens = counted(asked.context, "token")
    return tokens if asked.sequences == 1 else f"{asked.sequences:,} sequences of {tokens}"


def _plain(row: Row) -> Json:
    return {
        "weights": row.weights,
        "weights_bytes": row.rank.weights,
        "fits": row.fits,
        "spare_bytes": row.spare(),
        "longest_context": row.longest,
        "most_sequences": row.most_sequences,
        "tokens_per_second_at_most": _number(row.speed()),
    }


def _number(speed: Fraction | None) -> float | None:
    return None if speed is None else float(speed)


def _runs(real: RealRuns) -> Json:
    return {**real._asdict(), "least": float(real.least), "most": float(real.most)}


def _parts(row: Row) -> Iterator[tuple[str, int, str]]:
    """What each part of the fullest rank takes, and how it is counted."""
    asked, rank, in_flight = row.request, row.rank, row.room.in_flight
    yield "Weights", rank.weights, f"{counted(len(row.loaded), 'tensor')}, {row.weights}"
    for term in (term for term in rank.terms if term.unit):  # a convolution of one tap keeps none
        held = asked.of_rank * term.bytes(asked.context, in_flight)
        name = f"{capital(term.label)}, {counted(term.layers, 'layer')}"
        yield name, held, how(term, asked.context, in_flight, asked.of_rank)


def _lines(found: Fit) -> Iterator[str]:
    asked, row = found.request, found.row
    many = f"{asked.split.ranks} × " if asked.split.ranks > 1 else ""
    yield (
        f"{printable(asked.subject.name, 160)} on {many}{asked.device.name} with {asked.engine.title} "
        f"{asked.engine.version}"
    )
    yield found.verdict
    yield ""
    yield from _table(found)
    yield ""
    every = ", the model's own" if row.longest == asked.subject.context else ""
    yield f"Longest context  {counted(row.longest, 'token') + every if row.longest else 'none'}"
    tokens = counted(asked.context, "token")
    if found.most_sequences is not None:
        yield f"Most sequences   {found.most_sequences:,} of {tokens}"
    if (speed := row.speed()) is not None:
        yield f"Decoding         at most {at_most(speed)} tokens a second, {tokens} in"
    if (real := found.real_runs) is not None:
        yield (
            f"Real runs        {at_most(real.least)} to {at_most(real.most)}, where half of {real.runs} runs of {real.of} "
            "would be"
        )
    if (speed := row.prompt_speed) is not None:
        yield f"Reading          at most {at_most(speed)} tokens of such a prompt a second"
    yield ""
    each = " of each device" if asked.split.ranks > 1 else ""
    yield f"What it takes{each}, in GiB"
    for name, held, counting in _parts(row):
        yield f"  {name:<38}{gib(held):>9}  {counting}"
    yield f"  {'To spare' if found.fits else 'Lacking':<38}{gib(abs(found.spare_bytes)):>9}  of {gib(row.room.usable)}"
    if row.on_host:
        yield f"  {'In the memory of the processor':<38}{gib(row.on_host):>9}"
    yield ""
    yield from (f"- {line}" for line in found.assumptions)
    yield ""
    yield row.command


def _table(found: Fit) -> Iterator[str]:
    """Mixes by contexts: what is to spare in GiB, and the bound where it fits."""
    columns = contexts(found.request)
    heads = "".join(f"{length:>16,}" for length in columns)
    yield f"  {'weights':<12}{'GiB':>8}{heads}{'longest':>14}"
    several = len(found.rows) > len(SHOWN)
    for row in found.rows:
        if several and row is not found.row and row.weights not in SHOWN:
            continue
        mark = "*" if row is found.row else " "
        name = row.weights if row.file_bytes is None else "the file"
        cells = "".join(f"{_cell(row, length):>16}" for length in columns)
        longest = f"{row.longest:,}" if row.longest else "none"
        yield f"{mark} {name:<12}{gib(row.rank.weights):>8}{cells}{longest:>14}"
    yield "GiB to spare, and tokens a second at most; * is the one of the verdict."


def _cell(row: Row, length: int) -> str:
    spare = row.spare(length)
    speed = row.speed(length) if spare >= 0 else None
    return f"{gib(spare)}" + ("" if speed is None else f" {at_most(speed):>6}/s")
