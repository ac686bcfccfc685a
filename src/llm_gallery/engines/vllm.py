"""vLLM 0.32.0, as `vllm serve` starts it: a request in blocks, of a pool that its share of memory leaves.

Source: vLLM's vllm/config/cache.py, vllm/engine/arg_utils.py and vllm/config/vllm.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from shlex import join

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.device import Device
from llm_gallery.engines.division import alike, rank_bytes
from llm_gallery.engines.division import check as divides
from llm_gallery.engines.engine import Engine, Start
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.released import absorbed, released, released_dtypes
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.engines.term import Term
from llm_gallery.engines.vllm_groups import reserved_by
from llm_gallery.engines.vllm_page import CACHES, Rank
from llm_gallery.engines.vllm_pages import pages

SHARE = 92
"""Percent of a device's memory, `gpu_memory_utilization`."""
BATCHES = 2
"""Steps that are computed at once, since the next is scheduled before the last has ended."""
GIB = 2**30
TOKENS: tuple[tuple[int, int], ...] = ((160 * GIB, 16_384), (70 * GIB, 8_192), (0, 2_048))
"""Tokens of a step, `max_num_batched_tokens`, from so many bytes of memory."""
AS_SMALLER = "a100"
"""What is named so has the tokens of smaller devices, as long as it has less than 160 GiB."""
FLAGS = {"bf16": "auto", "f16": "float16"}
"""Cache types that `--kv-cache-dtype` names otherwise."""


def terms(subject: Subject, cache: str, split: Split) -> tuple[Term, ...]:
    """What one request takes on one rank, a row a mixer, by the defaults of `vllm serve`.

    Raises Refusal for a mixer that vLLM has no cache for, and for a split that it can't make of one.
    """
    return _reserved(subject, cache, split.tensor)


@once_a_subject
def _reserved(subject: Subject, cache: str, tensor: int) -> tuple[Term, ...]:
    return reserved_by(pages(Rank(subject, cache, tensor)))


@once_a_subject
def _held(subject: Subject, weights: str) -> Mapping[Loaded, int]:
    return alike((*released(subject, weights), *absorbed(subject, weights)))


def placed(subject: Subject, weights: str, cache: str, split: Split) -> tuple[Placed, ...]:
    """What the rank with most holds."""
    held = rank_bytes(_held(subject, weights), split)
    return (Placed(held, terms(subject, cache, split)),)


def check(subject: Subject, split: Split) -> None:
    """Raises Refusal where the ranks can't share what is kept: heads that they neither divide nor have copies of."""
    cache = next(iter(CACHES))
    _reserved(subject, cache, 1)  # says first what isn't known at all
    divides(subject, split)
    try:
        _reserved(subject, cache, split.tensor)
    except Refusal as refusal:
        ranks = list(_halves(subject, split.tensor))
        use = " or ".join(filter(None, (", ".join(ranks[:-1]), ranks[-1])))
        raise Refusal(f"{subject.name} has {refusal}; use --tp {use}") from None


def _halves(subject: Subject, ranks: int) -> Iterator[str]:
    """Powers of two below that number of ranks that can share it."""
    tensor = 1
    while tensor < ranks:
        try:
            _reserved(subject, next(iter(CACHES)), tensor)
        except Refusal:
            pass
        else:
            yield str(tensor)
        tensor *= 2


def usable(device: Device) -> int:
    """Bytes for weights, what is computed at once, and sequences."""
    return device.memory * SHARE // 100


def assumptions(device: Device) -> tuple[str, ...]:
    """Its margin and its settings."""
    return (
        f"vLLM takes {SHARE}% of the memory (gpu_memory_utilization); what a step computes comes out of that, too, "
        "and isn't counted.",
        f"A step has up to {_batched(device):,} tokens (max_num_batched_tokens); {BATCHES} are in flight, "
        "and windows keep their tokens.",
        "Blocks have 16 tokens, 64 with an indexer, and as many as a state needs beside one.",
        "Prefix caching is on, drafts are off; a state is kept twice or three times for later prompts.",
    )


def in_flight(device: Device) -> int:
    """Tokens of the steps that are computed at once."""
    return BATCHES * _batched(device)


def _batched(device: Device) -> int:
    """Tokens of one step of a server."""
    smaller = AS_SMALLER in f"{device.id} {device.name}".lower()
    most = TOKENS[0][0]
    return next(
        tokens
        for least, tokens in TOKENS
        if device.memory >= least and not (smaller and 0 < least < most)
    )


def command(subject: Subject, start: Start) -> str:
    """The line that starts a server: what differs from its defaults."""
    split, words = start.split, ["vllm", "serve", subject.repository or subject.name]
    words += ["--max-model-len", str(start.context)]
    words += ["--max-num-seqs", str(split.sequences(start.sequences))]
    if split.tensor > 1:
        words += ["--tensor-parallel-size", str(split.tensor)]
    if split.data > 1:
        words += ["--data-parallel-size", str(split.data)]
    if split.experts:
        words.append("--enable-expert-parallel")
    if start.cache != next(iter(CACHES)):
        words += ["--kv-cache-dtype", FLAGS.get(start.cache, start.cache)]
    return join(words)


ENGINE = Engine(
    name="vllm",
    title="vLLM",
    version="0.32.0",
    known="its own functions agree",
    caches=tuple(CACHES),
    terms=terms,
    weights=released_dtypes,
    loaded=released,
    placed=placed,
    check=check,
    usable=usable,
    assumptions=assumptions,
    in_flight=in_flight,
    command=command,
)
