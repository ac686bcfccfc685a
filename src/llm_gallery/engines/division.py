"""Whether a model can be split over ranks as vLLM 0.32 does it, and into which parts: bytes of the rank with most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from llm_gallery.architecture.block import distinct
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.needs import PADDING, Need, needs, refuse_unknown
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject, once_a_subject

CHANNELS = 64
"""To a multiple of which vLLM pads a rank's part of experts in four bits; on Blackwell, and with Marlin, to more."""


def alike(loaded: Iterable[Loaded]) -> Mapping[Loaded, int]:
    """How many tensors are alike but for their names: layers that come again have the same."""
    return Counter(tensor._replace(name="") for tensor in loaded)


def rank_bytes(loaded: Mapping[Loaded, int], split: Split) -> int:
    """Bytes of the rank with most, of so many like tensors each.

    Experts are divided over all ranks, of every group, by their width, or spread whole. Everything else is divided
    within a group.
    """
    held = ((tensor, count) for tensor, count in loaded.items() if not tensor.on_host)
    return sum(count * _of_rank(tensor, split) for tensor, count in held)


def _of_rank(tensor: Loaded, split: Split) -> int:
    match tensor.share:
        case "whole":
            return tensor.bytes
        case "experts" if split.experts:
            most = -(-tensor.copies // (split.tensor * split.data))
            return tensor.bytes // tensor.copies * most
        case "experts":
            ranks = split.tensor * split.data
            part = -(-tensor.inner // ranks // CHANNELS) * CHANNELS
            return max(-(-tensor.bytes // ranks), tensor.bytes * part // max(1, tensor.inner))
        case "pairs":
            return -(-tensor.bytes // min(split.tensor, tensor.pairs))
        case "shared" if split.experts and split.data > 1:
            return tensor.bytes
    whole = tensor.bytes
    if tensor.vocabulary:
        whole = whole // tensor.vocabulary * (-(-tensor.vocabulary // PADDING) * PADDING)
    return -(-whole // split.tensor)


@once_a_subject
def _mixture(subject: Subject) -> bool:
    return any(block.is_mixture for block in distinct(subject.root))


def check(subject: Subject, split: Split) -> None:
    """Raises Refusal where a model can't be split so: what doesn't divide, and every split of as many devices that does."""
    mixture = _mixture(subject)
    if split.experts and not mixture:
        raise Refusal(
            f"{subject.name} has no experts, expected some to spread over ranks; leave out --ep"
        )
    if split.ranks == 1:
        return
    if split.tensor > 1:
        refuse_unknown(subject)
    found = needs(subject)
    for need in found:
        if not need.met(split):
            offers = _offers(found, split, mixture=mixture)
            raise Refusal(f"{subject.name} has {need.words(split)}; use {listed(offers)}")


def _offers(found: tuple[Need, ...], split: Split, *, mixture: bool) -> list[str]:
    """Every split of as many devices that works, and the nearest that does with whole experts spread."""
    working = _working(found, split)
    offers = [_named(works, split) for works in working]
    if split.data == 1:
        offers[1:] = [str(works.tensor) for works in working[1:]]
    if mixture and not split.experts:
        spread = _working(found, split._replace(experts=True))
        same = any(works.tensor == split.tensor for works in spread)
        offers.append("--ep" if same else f"{_named(spread[-1], split)} --ep")
    return offers


def _working(found: tuple[Need, ...], split: Split) -> list[Split]:
    """The splits of as many devices that meet every need."""
    ranks = split.tensor * split.data
    made = (
        Split(tensor, ranks // tensor, split.experts)
        for tensor in range(1, ranks + 1)
        if ranks % tensor == 0
    )
    return [works for works in made if all(need.met(works) for need in found)]


def _named(works: Split, split: Split) -> str:
    """What asks for a split, where groups are named already both numbers."""
    return f"--tp {works.tensor}" + (f" --dp {works.data}" if split.data > 1 else "")


def listed(words: list[str]) -> str:
    """Words as a choice: "1, 2 or 4"."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
