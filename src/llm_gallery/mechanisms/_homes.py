"""Where each kind's mechanism is stated: in the module that has its name, or in one that several kinds share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableMapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeVar

from llm_gallery.architecture.kinds import kinds
from llm_gallery.architecture.mistake import Mistake, nearest_name
from llm_gallery.architecture.refusal import printable
from llm_gallery.mechanisms._mechanism import Mechanism

SHARED = {
    "apart": (
        "multi_token_prediction", "vision_tower", "audio_tower", "speech_decoder", "projector",
    ),
    "compressed_attention": ("compressed_attention", "compressor"),
    "embedding": (
        "embedding", "position_embedding", "segment_embedding", "position_bias", "decay_floors", "head_transform",
        "head",
    ),
    "indexer": ("indexer", "pool_positions"),
    "linear": ("linear", "tensors"),
    "loop_messages": ("loop_messages", "message_gate"),
    "ngram_memory": ("ngram_memory", "lookup_table"),
    "norms": ("rms_norm", "layer_norm", "l2_norm", "key_scale", "position_scale", "layer_scale"),
    "patching": ("patching", "patcher"),
    "per_layer_input": ("per_layer_input", "per_layer_embedding"),
    "router": ("router", "shared_gate", "exit_gate"),
    "wiring": ("residual", "sum", "identity", "layer", "stack", "group", "language_model", "connection"),
}  # fmt: skip
"""Modules that state several mechanisms, and of which kinds; any other kind has a module of its own."""
MODULES = {kind: module for module, kinds in SHARED.items() for kind in kinds}
Home = TypeVar("Home", bound=Mechanism)


class Homeless(Mistake, KeyError):
    """A kind that no mechanism is stated for."""

    def __str__(self) -> str:
        return str(self.args[0])


class Homes(MutableMapping[str, Home]):
    """Mechanisms of a type by kind; a kind's module is imported when the kind is asked for, all where all are gone through.

    Raises Homeless, a KeyError, for a kind without a mechanism of the type.
    """

    def __init__(self, kinds: Iterable[str], of: type[Home]) -> None:
        self._kinds = tuple(kinds)
        self._type = of
        self._held: dict[str, Home] = {}

    def __getitem__(self, kind: str) -> Home:
        found = self._held.get(kind)
        if found is None:
            found = self._held[kind] = self._looked_up(kind)
        return found

    def _looked_up(self, kind: str) -> Home:
        made = mechanism(kind)
        if not isinstance(made, self._type):
            raise Homeless(f"{kind} is no {self._type.__name__}", "")
        return made

    def __iter__(self) -> Iterator[str]:
        return (kind for kind in self._kinds if kind in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __setitem__(self, kind: str, home: Home) -> None:
        self._held[kind] = home

    def __delitem__(self, kind: str) -> None:
        del self._held[kind]

    def clear(self) -> None:
        """Forgets what was asked for: it is found again."""
        self._held.clear()


@cache
def mechanism(kind: str) -> Mechanism:
    """What is stated of a kind. Raises Homeless where nothing is."""
    module = MODULES.get(kind, kind)
    if module in modules():
        for made in stated(module):
            if made.kind == kind:
                return made
    raise Homeless(
        f"a block is of the kind {kind!r}, which has no mechanism; "
        f"name it in KINDS of a module of architecture/parts/ and state it in mechanisms/{printable(module)}.py; "
        f"the nearest is {nearest_name(kind, kinds())!r}",
        "",
    )


@cache
def modules() -> frozenset[str]:
    """The modules beside this one that may state a mechanism."""
    return frozenset(file.stem for file in Path(__file__).parent.glob("[a-z]*.py"))


def stated(module: str) -> tuple[Mechanism, ...]:
    """What a module states, one mechanism or several; most that several share state none."""
    members = vars(import_module(f"llm_gallery.mechanisms.{module}"))
    alone = (members["MECHANISM"],) if "MECHANISM" in members else ()
    return (*members.get("MECHANISMS", ()), *alone)
