"""mlx-lm: one device of Apple's, caches that grow by 256 tokens, weights that `mlx_lm.convert` makes."""

from __future__ import annotations

from shlex import join

from llm_gallery.architecture.refusal import Refusal, counted
from llm_gallery.engines import mlx_cache
from llm_gallery.engines.device import Device
from llm_gallery.engines.engine import Engine, Start
from llm_gallery.engines.mlx_cache import CACHES
from llm_gallery.engines.mlx_models import VERSION
from llm_gallery.engines.mlx_weights import BITS, loaded, weights
from llm_gallery.engines.placed import Placed
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term

MARGIN = 2**30
"""Bytes left to what a step computes: a margin of ours, mlx-lm leaves none."""
CONVERTED = "mlx_model"
"""Where `mlx_lm.convert` writes, if nobody says otherwise."""


def terms(subject: Subject, cache: str, split: Split) -> tuple[Term, ...]:
    """What one sequence takes: `mlx_cache.terms`; there is one rank."""
    return mlx_cache.terms(subject, cache)


def placed(subject: Subject, name: str, cache: str, split: Split) -> tuple[Placed, ...]:
    """The one device."""
    held = sum(tensor.bytes for tensor in loaded(subject, name))
    return (Placed(held, terms(subject, cache, split)),)


def check(subject: Subject, split: Split) -> None:
    """Raises Refusal for several devices, and for a model that isn't known."""
    if split.ranks > 1 or split.experts:
        raise Refusal(
            f"{counted(split.ranks, 'device')} are to share the model, expected 1: how mlx-lm spreads one isn't known here; "
            "use --with llama.cpp or --with vllm"
        )
    mlx_cache.terms(subject, "bf16")


def usable(device: Device) -> int:
    """What a process may wire, but the margin. Raises Refusal for a device of another maker."""
    if device.memory_by != "you" and device.maker != "Apple":
        raise Refusal(
            f"the device is {device.name}, expected one of Apple's: what mlx-lm takes of others isn't known here; "
            "use --with llama.cpp"
        )
    return device.memory - MARGIN


def assumptions(device: Device) -> tuple[str, ...]:
    """The margin, and with what settings it runs."""
    return (
        "1,024 MiB are left to what a step computes: a margin of ours, mlx-lm leaves none.",
        "While a prompt is read by 2,048 tokens, a window keeps up to 2,047 more; they come out of that margin.",
        "Caches of finished prompts, which its server keeps (--prompt-cache-size), aren't counted.",
        "Only the language model is loaded, converted by mlx_lm.convert in groups of 64.",
    )


def in_flight(device: Device) -> int:
    """None while tokens are written, one by one."""
    return 0


def command(subject: Subject, start: Start) -> str:
    """The lines that convert a model and start a server."""
    model = subject.repository or subject.name
    convert = ["mlx_lm.convert", "--hf-path", model, "--mlx-path", CONVERTED]
    convert += ["--dtype", "bfloat16"]
    if (bits := BITS[start.weights]) < 16:
        convert += ["-q", "--q-bits", str(bits)]
    serve = ["mlx_lm.server", "--model", CONVERTED]
    if (bits := CACHES[start.cache]) < 16:
        serve += ["--kv-bits", str(bits), "--quantized-kv-start", "0"]
    return f"{join(convert)} && {join(serve)}"


ENGINE = Engine(
    name="mlx",
    title="mlx-lm",
    version=VERSION,
    known="its own classes agree",
    caches=tuple(CACHES),
    terms=terms,
    weights=weights,
    loaded=loaded,
    placed=placed,
    check=check,
    usable=usable,
    assumptions=assumptions,
    in_flight=in_flight,
    command=command,
)
