"""Arguments on machines and on what they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from cyclopts import Parameter


@Parameter(name="*")
@dataclass(frozen=True)
class Machine:
    """What runs the model."""

    on: Annotated[
        str,
        Parameter(
            show_default=False,
            help="A device, also several: rtx-4090, m4-max-64gb, 8xh200.",
        ),
    ] = ""
    memory: Annotated[
        str,
        Parameter(show_default=False, help="In place of a device its memory: 24GiB, 2x24GiB."),
    ] = ""
    bandwidth: Annotated[str, Parameter(show_default=False, help="Beside --memory: 1008GB/s.")] = ""
    engine: Annotated[
        Literal["llama.cpp", "vllm", "mlx", "sglang", "ideal"] | None,
        Parameter(
            name="--with",
            show_default=False,
            help="The engine; llama.cpp for one device and vLLM for several where you don't say. What the model itself "
            "needs is ideal.",
        ),
    ] = None
    tp: Annotated[
        int | None,
        Parameter(
            show_default=False, help="Ranks that share each layer; all devices where you don't say."
        ),
    ] = None
    dp: Annotated[
        int | None,
        Parameter(show_default=False, help="Groups of ranks, each with sequences of its own."),
    ] = None
    ep: Annotated[bool, Parameter(negative=(), help="Spread whole experts over all ranks.")] = False


@Parameter(name="*")
@dataclass(frozen=True)
class Run:
    """What is to be held."""

    context: Annotated[
        int | None,
        Parameter(
            alias="-n",
            show_default=False,
            help="Tokens of each sequence; the model's own longest context where you don't say.",
        ),
    ] = None
    sequences: Annotated[int, Parameter(alias="-b", help="Sequences at once.")] = 1
    quant: Annotated[
        str,
        Parameter(
            show_default=False,
            help="A mix of llama-quantize, Q4_K_M say, or a released dtype; else the largest that fits.",
        ),
    ] = ""
    cache: Annotated[
        str,
        Parameter(
            show_default=False,
            help="The type of keys and values: f16, q8_0 or q4_0 in llama.cpp, fp8 in vLLM.",
        ),
    ] = ""
    file_bytes: Annotated[
        int | None,
        Parameter(
            show_default=False, help="Bytes of a file of your own, in place of those of a mix."
        ),
    ] = None
