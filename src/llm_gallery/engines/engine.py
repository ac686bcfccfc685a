"""What an engine states of itself; one module each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.device import Device
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term


def unsaid(subject: Subject, weights: str) -> str:
    """Nothing to say."""
    return ""


def always(subject: Subject, weights: str) -> bool:
    """In whatever the weights are."""
    return True


def nothing(device: Device, subject: Subject, split: Split) -> int:
    """No bytes, whatever is asked for."""
    return 0


@dataclass(frozen=True, kw_only=True, repr=False)
class Engine:
    """An engine of one version: how it stores, reserves and splits."""

    name: str  # as `--with` takes it
    title: str  # as its makers write it
    version: str
    known: str  # how its rules are known: "its own functions agree", "read from its code"
    caches: tuple[str, ...]  # types of keys and values, the default first
    not_on: tuple[str, ...] = ()  # makers on whose devices it doesn't run
    by_layers: bool = False  # whether several devices hold whole layers each
    terms: Callable[[Subject, str, Split], tuple[Term, ...]]
    """What one sequence takes on one rank, with a cache type. Raises Refusal for a mixer that it doesn't know."""
    weights: Callable[[Subject], tuple[str, ...]]
    """In what the weights can be: mixes or released dtypes."""
    loaded: Callable[[Subject, str], tuple[Loaded, ...]]
    """The tensors in one of these. Raises Refusal where there is none."""
    making: Callable[[Subject, str], str] = unsaid
    """What it takes to make them so, as a sentence; empty where it takes nothing more."""
    usual: Callable[[Subject, str], bool] = always
    """Whether people run it so: the verdict is of one of these where nobody names one."""
    placed: Callable[[Subject, str, str, Split], tuple[Placed, ...]]
    """The ranks that differ, with weights and a cache type so named."""
    check: Callable[[Subject, Split], None]
    """Raises Refusal where the model can't be split so."""
    usable: Callable[[Device], int]
    """Bytes of a device for weights and sequences: what its own margin leaves."""
    left: Callable[[Device, Subject, Split], int] = nothing
    """Bytes that it leaves beside, for a model and its ranks."""
    assumptions: Callable[[Device], tuple[str, ...]]
    """Its margin and its settings, a sentence each."""
    in_flight: Callable[[Device], int]
    """Tokens that are computed beside those that are kept."""
    command: Callable[[Subject, Start], str]
    """The line that starts it."""


def expect_device(used: Engine, device: Device) -> None:
    """Raises Refusal for a device on which an engine doesn't run."""
    if device.maker in used.not_on:
        raise Refusal(
            f"{device.name} is of {device.maker}, on whose devices {used.title} doesn't run, expected another; name one with "
            "--on, or another engine with --with"
        )


@dataclass(frozen=True, kw_only=True)
class Start:
    """What an engine is started with."""

    weights: str  # a mix or a dtype
    context: int  # of each sequence
    sequences: int
    cache: str
    split: Split
