"""SGLang 0.5.23, as `sglang.launch_server` starts it: pools of tokens, of the share of memory that its rule leaves.

Source: `srt/arg_groups/memory_hook.py` and `srt/arg_groups/cuda_graph_hook.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from shlex import join

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines import sglang_cache
from llm_gallery.engines.device import Device
from llm_gallery.engines.division import alike, rank_bytes
from llm_gallery.engines.division import check as divides
from llm_gallery.engines.engine import Engine, Start
from llm_gallery.engines.holding import of_text
from llm_gallery.engines.loaded import Loaded
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.released import released, released_dtypes
from llm_gallery.engines.sglang_cache import CACHES
from llm_gallery.engines.sglang_models import GRAPHED, LATENT, SEEING, VERSION, class_of
from llm_gallery.engines.split import ALONE, Split
from llm_gallery.engines.subject import Subject, once_a_subject
from llm_gallery.engines.term import Term

MIB = 2**20
TOKENS: tuple[tuple[int, int, int, int], ...] = (
    (160, 16_384, 512, 512),
    (60, 8_192, 256, 512),
    (35, 4_096, 32, 160),
    (20, 4_096, 48, 160),
    (0, 2_048, 8, 8),
)
"""From so many GiB of memory: tokens of a chunk of a prompt, sequences of the largest graph, and those of 4 ranks on."""
GRAPHS = ((32, 4), (256, 16), (512, 32), (1_024, 64), (4_096, 256), (16_384, 512))
"""Tokens of the graphs that are captured of prompts: up to so many, each so many after the one before."""
LARGE, FLOOR = 60 * 2**30, 10 * 2**10
"""Memory of devices of which at least so many MiB are left."""
BASELINE = 24 * 1_024**2
"""Layers by width by width of a tower for which the share isn't changed further than to 95%."""
FLAGS = {"fp8": "fp8_e4m3"}
"""Cache types that `--kv-cache-dtype` names otherwise."""
PICTURES = 100
"""MiB left to a cache of pictures."""


def terms(subject: Subject, cache: str, split: Split) -> tuple[Term, ...]:
    """What one sequence takes of the pools of one rank, a row a mixer: `sglang_cache.terms`."""
    return sglang_cache.terms(subject, cache, split.tensor)


@once_a_subject
def _held(subject: Subject, weights: str) -> Mapping[Loaded, int]:
    return alike((*released(subject, weights), *_apart(subject)))


def placed(subject: Subject, weights: str, cache: str, split: Split) -> tuple[Placed, ...]:
    """What the rank with most holds: also maps from a latent in 16 bits, taken apart to decode with."""
    return (Placed(rank_bytes(_held(subject, weights), split), terms(subject, cache, split)),)


def _apart(subject: Subject) -> Iterator[Loaded]:
    for path, block in of_text(subject.root):
        for part in block.inside:
            if "kv_rank" in block.facts and set(part.roles) == {"key", "value"}:
                for tensor in part.tensors:
                    yield Loaded(f"{path}.{part.name} (apart)", 2 * tensor.elements, read=False)


def check(subject: Subject, split: Split) -> None:
    """Raises Refusal for a model that isn't known, several groups of ranks, and ranks that don't divide it."""
    terms(subject, next(iter(CACHES)), ALONE)
    if split.data > 1 or split.experts:
        raise Refusal(
            f"--dp {split.data}{' --ep' if split.experts else ''} is given, expected --tp alone: what ranks of SGLang hold "
            "then isn't known here; use --with vllm"
        )
    divides(subject, split)


def usable(device: Device) -> int:
    """The share that its rule leaves of a device to weights and sequences, on one rank, of text alone.

    Raises Refusal for one of Apple's.
    """
    if device.maker == "Apple":
        raise Refusal(
            f"the device is {device.name}, expected a GPU that SGLang runs on; use --with mlx"
        )
    return int(device.memory * _share(device, 1, latent=False, graphed=True))


def left(device: Device, subject: Subject, split: Split) -> int:
    """Bytes that it leaves beside, for this model and its ranks."""
    made = class_of(subject)
    share = _share(
        device,
        split.tensor,
        latent=made in LATENT,
        graphed=made not in SEEING or made in GRAPHED,
    )
    beside = 0
    if made in SEEING:
        share *= _for_pictures(subject.config.get("vision_config"))
        beside = PICTURES * MIB
    return usable(device) - int(device.memory * share) + beside


def _share(device: Device, ranks: int, *, latent: bool, graphed: bool) -> Fraction:
    """`mem_fraction_static`, three decimals: all but what chunks, graphs and ranks are taken to need."""
    chunk, few, many = next(rest for least, *rest in TOKENS if device.memory >= least * 2**30)
    graphs = 0
    if graphed and device.maker != "AMD":
        graphs = 1_536 if latent else 8 * _captured(chunk)
    taken = 512 + 3 * chunk // 2 + 128 * ranks + 2 * (few if ranks < 4 else many) + graphs
    if device.memory > LARGE:
        taken = max(taken, FLOOR)
    return Fraction(round(1_000 * (1 - Fraction(taken * MIB, device.memory))), 1_000)


def _captured(most: int) -> int:
    """Graphs of prompts of up to so many tokens."""
    count = before = 0
    for end, step in GRAPHS:
        count += max(0, min(end, most) - before) // step
        before = end
    return count


def _for_pictures(tower: object) -> Fraction:
    """The part of its share that is left where it loads a tower, by the tower's size."""
    if not isinstance(tower, Mapping):
        return Fraction(1)
    depth, width = tower.get("num_hidden_layers", 24), tower.get("hidden_size", 1_024)
    if not isinstance(depth, int) or not isinstance(width, int):
        return Fraction(1)
    factor = 1 - (Fraction(depth * width**2, BASELINE) - 1) / 10
    return Fraction(95, 100) * max(Fraction(8, 10), min(Fraction(105, 100), factor))


def assumptions(device: Device) -> tuple[str, ...]:
    """Its margin and its settings."""
    share = _share(device, 1, latent=False, graphed=True)
    return (
        f"SGLang gives weights and pools {float(100 * share):.1f}% of the memory of one rank (mem_fraction_static); its rule "
        "leaves the rest to a step.",
        "With more ranks, latents or a tower it gives them less.",
        "Windows have a pool of 0.8 tokens for each of all tokens (swa_full_tokens_ratio) where SGLang has one for them, "
        "else every token is kept.",
        "Pages have one token, 64 with an indexer; no drafts are loaded.",
    )


def in_flight(device: Device) -> int:
    """None: a chunk's tokens are in the pools already."""
    return 0


def command(subject: Subject, start: Start) -> str:
    """The line that starts a server: what differs from its defaults."""
    words = ["python", "-m", "sglang.launch_server"]
    words += ["--model-path", subject.repository or subject.name]
    words += ["--context-length", str(start.context)]
    if start.split.tensor > 1:
        words += ["--tp-size", str(start.split.tensor)]
    words += ["--kv-cache-dtype", FLAGS.get(start.cache, start.cache)]
    return join(words)


ENGINE = Engine(
    name="sglang",
    title="SGLang",
    version=VERSION,
    known="read from its code",
    caches=tuple(CACHES),
    terms=terms,
    weights=released_dtypes,
    loaded=released,
    placed=placed,
    check=check,
    usable=usable,
    left=left,
    assumptions=assumptions,
    in_flight=in_flight,
    command=command,
)
