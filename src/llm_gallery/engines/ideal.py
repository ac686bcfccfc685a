"""The ideal: every sequence keeps exactly what the model needs of it, in the dtype that each row names.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from llm_gallery.architecture.reach import reach
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.engines.device import Device
from llm_gallery.engines.division import alike, rank_bytes
from llm_gallery.engines.engine import Engine, Start
from llm_gallery.engines.keeping import Keeping, keepings
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.released import released, released_dtypes
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.engines.term import Term
from llm_gallery.mechanisms import label
from llm_gallery.mechanisms.bits import bytes_of

CACHES: Mapping[str, tuple[int, int]] = {
    "bf16": (1, 2),
    "f16": (1, 2),
    "fp8": (1, 1),
    "q8_0": (32, 34),
    "q4_0": (32, 18),
}
"""Elements of a block and its bytes, by the type of keys, values and latents; fp8 without the scale of a tensor."""


def terms(subject: Subject, cache: str, split: Split) -> tuple[Term, ...]:
    """What a sequence keeps on one rank: heads of keys and values and states divided, latents and indexers whole.

    Raises Refusal for a type of the cache that isn't known.
    """
    if cache not in CACHES:
        raise Refusal(
            f"the cache type is {quoted(cache)}, expected one of {', '.join(CACHES)}; name one with --cache"
        )
    layers: Counter[Term] = Counter()
    for keeping in keepings(subject.root):
        for term in _terms(keeping, cache, split):
            layers[term] += keeping.layers
    return tuple(
        term._replace(layers=count, unit=term.unit * count) for term, count in layers.items()
    )


def _terms(keeping: Keeping, cache: str, split: Split) -> Iterator[Term]:
    """Of one layer."""
    block, name = keeping.block, label(keeping.block)
    if keeping.growing:
        elements, stored = CACHES[cache]
        heads = block.number("kv_heads") if block.keeps_heads else 1
        unit = -(-keeping.growing * stored // (elements * min(split.tensor, heads)))
        yield Term(name, 1, unit, limit=reach(block), dtype=cache)
    for count, dtype in keeping.states:
        part = -(-bytes_of(count, dtype) // split.tensor)
        yield Term(f"{name}, state", 1, part, step=0, dtype=dtype)


@once_a_subject
def _held(subject: Subject, weights: str) -> Mapping[Loaded, int]:
    return alike(tensor._replace(vocabulary=0, inner=0) for tensor in released(subject, weights))


def placed(subject: Subject, weights: str, cache: str, split: Split) -> tuple[Placed, ...]:
    """The one rank that all are like, no vocabulary padded."""
    return (Placed(rank_bytes(_held(subject, weights), split), terms(subject, cache, split)),)


def _any(subject: Subject, split: Split) -> None:
    """It divides whatever it is asked to."""


def _all(device: Device) -> int:
    return device.memory


def _assumptions(device: Device) -> tuple[str, ...]:
    return (
        "The ideal is what the model itself needs; engines take more, but where they store less.",
    )


def _nothing(device: Device) -> int:
    return 0


def _no_command(subject: Subject, start: Start) -> str:
    return ""


ENGINE = Engine(
    name="ideal",
    title="the ideal",
    version="",
    known="by the model's own config",
    caches=tuple(CACHES),
    terms=terms,
    weights=released_dtypes,
    loaded=released,
    placed=placed,
    check=_any,
    usable=_all,
    assumptions=_assumptions,
    in_flight=_nothing,
    command=_no_command,
)
