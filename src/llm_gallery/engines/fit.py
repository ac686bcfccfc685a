"""Whether a model fits devices under an engine, how far a context goes in what is left, and how fast it is at best.

Definitions: docs/definitions.md#of-files-and-machines
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from llm_gallery.architecture.refusal import Refusal, counted
from llm_gallery.engines.bound import speed, text_speed
from llm_gallery.engines.engine import Start, expect_device
from llm_gallery.engines.loaded import FILE, Loaded
from llm_gallery.engines.placed import Placed, Room
from llm_gallery.engines.request import Request


@dataclass(frozen=True)
class Row:
    """A model with its weights in one mix or dtype."""

    request: Request
    weights: str
    loaded: tuple[Loaded, ...]
    ranks: tuple[Placed, ...]
    file_bytes: int | None = None
    """Of a file of one's own, whose tensors share its bytes as those of this mix share theirs."""

    def __repr__(self) -> str:
        return f"<Row {self.weights}: {self.spare():,} bytes to spare>"

    @cached_property
    def room(self) -> Room:
        """What the devices hold together."""
        asked = self.request
        return Room(self.ranks, usable(asked), asked.engine.in_flight(asked.device))

    @property
    def rank(self) -> Placed:
        """The fullest rank as asked."""
        return self.room.fullest(self.request.context, self.request.of_rank)

    @property
    def cache_bytes(self) -> int:
        """Bytes of all sequences of the fullest rank as asked."""
        return self.rank.cache(self.request.context, self.request.of_rank, self.room.in_flight)

    @property
    def stored(self) -> int:
        """Bytes of all tensors, wherever they are."""
        return sum(tensor.bytes for tensor in self.loaded)

    @property
    def on_host(self) -> int:
        """Bytes that stay in the processor's memory."""
        return sum(tensor.bytes for tensor in self.loaded if tensor.on_host)

    def spare(self, context: int | None = None) -> int:
        """Bytes that the fullest rank has left, of the context asked for or another."""
        return self.room.spare(context or self.request.context, self.request.of_rank)

    @property
    def fits(self) -> bool:
        """Whether it holds what was asked for."""
        return self.spare() >= 0

    @cached_property
    def longest(self) -> int:
        """Tokens of the longest context of so many sequences, up to the model's own; 0 where none fits."""
        return self.room.longest(self.request.of_rank, self.request.most)

    @property
    def most_sequences(self) -> int | None:
        """Sequences of the context asked for; None where one takes nothing."""
        of_rank = self.room.most_sequences(self.request.context)
        return None if of_rank is None else of_rank * self.request.split.data

    def speed(self, context: int | None = None) -> Fraction | None:
        """Tokens a second at most, of all sequences together; None where nothing bounds it."""
        at = replace(self.request, context=context or self.request.context)
        return speed(self.loaded, at, self.weights)

    @property
    def prompt_speed(self) -> Fraction | None:
        """Tokens of a prompt a second at most; None where nothing bounds it."""
        return text_speed(self.loaded, self.request, self.weights)

    @property
    def name(self) -> str:
        """What the weights are, in a sentence."""
        if self.file_bytes is not None:
            return f"The file of {counted(self.file_bytes, 'byte')}"
        return "The file" if self.weights == FILE else self.weights

    @property
    def command(self) -> str:
        """The line that starts the engine with it."""
        asked = self.request
        start = Start(
            weights=self.weights,
            context=asked.context,
            sequences=asked.sequences,
            cache=asked.cache,
            split=asked.split,
        )
        return asked.engine.command(asked.subject, start)


def rows(request: Request) -> list[Row]:
    """A row for each mix or dtype, largest first.

    Raises Refusal where the engine doesn't know the model, or can't split it so.
    """
    expect_device(request.engine, request.device)
    request.engine.check(request.subject, request.split)
    _expect_room(request)
    made, stopped = [], []
    for weights in request.engine.weights(request.subject):
        try:
            made.append(row(request, weights))
        except Refusal as refusal:  # llama-quantize makes no such mix of the model
            stopped.append(refusal)
    if not made:
        raise stopped[0]
    return sorted(made, key=lambda row: -row.stored)


def _expect_room(request: Request) -> None:
    """Raises Refusal where an engine's own margin is more than the device has."""
    engine, device = request.engine, request.device
    taken = device.memory - usable(request)
    if taken >= device.memory:
        raise Refusal(
            f"{device.name} has {counted(device.memory, 'byte')}, expected more than the {taken:,} that {engine.title} "
            "leaves to what it computes; give a device with more memory"
        )


def usable(request: Request) -> int:
    """Bytes of each device that the engine has for weights and sequences; less than 1 where its margin is more."""
    engine, device = request.engine, request.device
    return engine.usable(device) - engine.left(device, request.subject, request.split)


def row(request: Request, weights: str) -> Row:
    """The row of one mix or dtype. Raises Refusal where there is none."""
    engine, subject = request.engine, request.subject
    loaded = engine.loaded(subject, weights)
    ranks = engine.placed(subject, weights, request.cache, request.split)
    if request.device.shared:
        loaded, ranks = _in_one_memory(loaded, ranks)
    return Row(request, weights, loaded, ranks)


def _in_one_memory(
    loaded: tuple[Loaded, ...], ranks: tuple[Placed, ...]
) -> tuple[tuple[Loaded, ...], tuple[Placed, ...]]:
    """The same where a device's memory is the processor's too: what stays on the host is on the first rank.

    On a Mac that holds of the wired part as well: Metal maps a file's tensors from the first to the last that it has, and
    the embedding lies between them.
    """
    on_host = sum(tensor.bytes for tensor in loaded if tensor.on_host)
    first, *others = ranks
    here = first._replace(weights=first.weights + on_host)
    return tuple(tensor._replace(on_host=False) for tensor in loaded), (here, *others)


def usual(found: list[Row]) -> list[Row]:
    """Those that people run, or all where an engine makes none of these of the model."""
    asked = found[0].request
    return [row for row in found if asked.engine.usual(asked.subject, row.weights)] or found


def chosen(found: list[Row]) -> Row:
    """The largest that fits, else the smallest."""
    return next((row for row in found if row.fits), found[-1])


def of_bytes(found: list[Row], file_bytes: int) -> Row:
    """A file of one's own by its bytes alone: as the row whose size is nearest."""
    like = min(found, key=lambda row: abs(row.stored - file_bytes))
    loaded = tuple(
        tensor._replace(bytes=tensor.bytes * file_bytes // like.stored) for tensor in like.loaded
    )
    ranks = tuple(
        rank._replace(weights=-(-rank.weights * file_bytes // like.stored)) for rank in like.ranks
    )
    return Row(like.request, like.weights, loaded, ranks, file_bytes)
