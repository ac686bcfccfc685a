"""How fast at best: bytes that must be read over bandwidth, or operations over peak, whichever takes longer.

A bound, never a prediction. It is that of one token a step, without drafts, of sequences that share no tokens, and of a
model that is larger than what the device's own caches hold from step to step.
Definitions: docs/definitions.md#of-files-and-machines
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import NamedTuple

from llm_gallery.architecture.block import Architecture, distinct
from llm_gallery.architecture.reach import reads_whole
from llm_gallery.engines.compute import step_flops, text_flops
from llm_gallery.engines.device import Device
from llm_gallery.engines.loaded import Loaded, Share
from llm_gallery.engines.reading import read_at, reading_rows
from llm_gallery.engines.request import Request
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject

WIDE = ("bf16", "fp16", "f16", "fp32", "f32", "auto")
"""Types whose numbers no engine computes with fewer than 16 bits."""
PACKED = "quantization_config"
"""The key under which a config says how its release is packed."""
QUANTILES = tuple(Fraction(share, 20) for share in (1, 5, 10, 15, 19))


class Bound(NamedTuple):
    """The least time of a step, or of reading a text."""

    bandwidth: Fraction | None  # seconds of what is read; None where no bandwidth is known
    compute: Fraction | None  # seconds of what is computed; None where no peak is known
    tokens: int  # that it gives, or reads

    @property
    def seconds(self) -> Fraction | None:
        """The longer of both; None where neither is known."""
        return max((s for s in (self.bandwidth, self.compute) if s is not None), default=None)

    @property
    def speed(self) -> Fraction | None:
        """Tokens a second at most, of all sequences together."""
        return self.tokens / self.seconds if self.seconds else None


class Weights(NamedTuple):
    """Bytes of weights that a step reads on the rank that decides how long it takes."""

    chain: Fraction  # one token's, layer after layer: the ranks that it waits for
    mean: Fraction  # the ranks' mean, which no rank of all can be below


def speed(loaded: tuple[Loaded, ...], request: Request, weights: str = "") -> Fraction | None:
    """Tokens a second at most, of all sequences together, at the end of their context; None where nothing bounds it."""
    if unbounded(request.subject.architecture):
        return None
    return decoding(loaded, request, weights).speed


def text_speed(loaded: tuple[Loaded, ...], request: Request, weights: str = "") -> Fraction | None:
    """Tokens of a text a second at most; None where no peak is known: weights that are read once bound next to nothing."""
    if unbounded(request.subject.architecture):
        return None
    text = reading(loaded, request, weights)
    return None if text.compute is None else text.speed


def bandwidth_alone(request: Request, weights: str) -> str:
    """A sentence, where no peak of the device is known for such weights; else empty."""
    if _peak(request, weights) is not None or unbounded(request.subject.architecture):
        return ""
    return f"No peak of {request.device.name} is known for such numbers: its bandwidth alone bounds it."


def unbounded(architecture: Architecture) -> str:
    """Why tokens a second have no such bound; empty where they have."""
    root = architecture.root
    if architecture.canvas or reads_whole(root):
        return "It writes several tokens at a step, so that bytes of a step bound no token."
    if any(block.makes_patches for block in distinct(root)):
        return "It runs its layers for patches, and how many bytes a patch has depends on the text."
    return ""


def decoding(loaded: tuple[Loaded, ...], request: Request, weights: str = "") -> Bound:
    """A step of all sequences, each as long as the request's context.

    Raises Refusal as `reading_rows` does.
    """
    root, split, sequences = request.subject.root, request.split, request.sequences
    read = weights_read(loaded, split)
    cache = read_at(reading_rows(root, request.cache, split), request.context)
    # No step is shorter than that of one token, which waits for every layer; and some rank reads the mean.
    each = Fraction(sequences, split.data * split.layers)
    fewest = max(read.chain + cache, read.mean + each * cache)
    flops = sequences * step_flops(root, request.context + 1)
    return Bound(
        _over(fewest, request.device.bandwidth),
        _over(Fraction(flops, split.ranks), _peak(request, weights)),
        sequences,
    )


def reading(loaded: tuple[Loaded, ...], request: Request, weights: str = "") -> Bound:
    """A text of the request's context, read from its first token until it gives the first of the answer.

    Weights are read once, the head runs for the last token alone. Raises Refusal as `text_flops` does.
    """
    root, split, tokens = request.subject.root, request.split, request.context
    flops = Fraction(text_flops(root, tokens), split.ranks)
    return Bound(
        _over(weights_read(loaded, split).chain, request.device.bandwidth),
        _over(flops, _peak(request, weights)),
        tokens,
    )


def weights_read(loaded: Iterable[Loaded], split: Split) -> Weights:
    """Bytes of weights for one step: no table of which rows are read, and of experts those of one token.

    More tokens may all choose the same experts. Of `k` experts that lie on R ranks the fullest reads at least
    k / R, rounded up, in a layer: one token waits for that in each layer. Steps of several micro-batches
    overlap, so of these only the mean is certain: k / R.
    """
    groups: Counter[tuple[Share, int, int, int]] = Counter()
    for tensor in loaded:
        if tensor.read:
            groups[tensor.share, tensor.pairs, tensor.copies, tensor.used] += tensor.bytes
    chain = mean = Fraction(0)
    for (share, pairs, copies, used), total in groups.items():
        # A rank reads of each expert its part, where experts aren't spread whole; both are the same in the mean.
        each, ranks = Fraction(total, copies), _ranks(share, pairs, split)
        mean += each * used / ranks
        spread = split.experts and share == "experts"
        chain += each * -(-used // ranks) if spread else each * used / ranks
    return Weights(chain, mean / split.layers)


def _ranks(share: Share, pairs: int, split: Split) -> int:
    """Ranks that hold a part each."""
    match share:
        case "whole":
            return 1
        case "divided" | "shared":
            return split.tensor
        case "pairs":
            return min(split.tensor, pairs)
        case "experts":
            return split.tensor * split.data


def _peak(request: Request, weights: str) -> int | None:
    stored = weights if wide(request.subject, weights) else "packed"
    return peak(request.device, stored, request.cache)


def wide(subject: Subject, weights: str) -> bool:
    """Whether no weight so named has fewer than 16 bits; of a packed release some have, whatever it is named."""
    parts = (subject.config, subject.config.get("text_config"))
    packed = any(isinstance(part, Mapping) and PACKED in part for part in parts)
    return weights.lower() in WIDE and not packed


def peak(device: Device, weights: str, cache: str) -> int | None:
    """Operations a second that the device can do at most with such numbers; None where that isn't known.

    With weights and a cache of 16 bits or more it is the largest with 16 or 32. Else it is the largest of all, since
    an engine may compute with packed weights in int8, fp8 or fp4; unknown where none with so few bits is.
    """
    of_many = [rate for name, rate in device.peak.items() if name.endswith(("16", "32"))]
    of_few = [rate for name, rate in device.peak.items() if not name.endswith(("16", "32"))]
    if weights.lower() in WIDE and cache.lower() in WIDE:
        return max(of_many, default=None)
    return max(of_many + of_few) if of_few else None


def _over(amount: Fraction, rate: int | None) -> Fraction | None:
    return amount / rate if rate else None


def band(ratios: Iterable[Fraction]) -> tuple[Fraction, ...]:
    """Quantiles of measured speeds over their bounds: 0.05, 0.25, 0.5, 0.75 and 0.95.

    Of n ratios in order the quantile q is at place q (n - 1), from 0; between two of them in proportion. Empty of none.
    """
    ordered = sorted(ratios)
    return tuple(_quantile(ordered, share) for share in QUANTILES) if ordered else ()


def _quantile(ordered: list[Fraction], share: Fraction) -> Fraction:
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])
