"""Whether a model fits a device, how far its context goes, and how fast it is at best."""

from __future__ import annotations

from pathlib import Path

from llm_gallery.architecture.refusal import Refusal, counted, printable, quoted
from llm_gallery.catalog.fit_report import Fit
from llm_gallery.catalog.load import Given, model
from llm_gallery.catalog.source import stored_weights
from llm_gallery.engines.bound import bandwidth_alone, unbounded
from llm_gallery.engines.device import Device, asked_device, own_device
from llm_gallery.engines.engine import Engine
from llm_gallery.engines.fit import Row, chosen, of_bytes, row, rows, usual
from llm_gallery.engines.registry import engine as engine_of
from llm_gallery.engines.request import LONGEST, Request
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.quants.mixes import ALIASES

SEVERAL = 4096
"""The most sequences that can be asked for."""
LARGEST = 10**15
"""Bytes of the largest file."""


def fit(  # noqa: PLR0913 - an option of the command each
    given: Given,
    *,
    on: str = "",
    engine: str = "",
    context: int | None = None,
    sequences: int = 1,
    quant: str = "",
    cache: str = "",
    tp: int | None = None,
    dp: int | None = None,
    ep: bool = False,
    memory: str = "",
    bandwidth: str = "",
    file_bytes: int | None = None,
    guess: bool = False,
) -> Fit:
    """Whether a model fits a device, how far its context goes, and how fast it is at best.

    `on` names a device, or several: "rtx-4090", "8xh200". `memory` ("24GiB") and `bandwidth` ("1008GB/s") stand in its
    place. `engine` is llama.cpp for one device and vLLM for several, unless it is named. `context` is that of each
    of `sequences`, in tokens; the model's own where it isn't given. `quant` is a mix of llama-quantize or a released dtype; else
    the verdict is that of the largest that fits, of those that people run. `cache` is the type of keys and values. `tp` ranks share each layer, `dp`
    groups of them hold sequences of their own, and `ep` spreads whole experts over all. `file_bytes` is the size of a
    file of your own.

    Returns: `.fits`, `.weights_bytes`, `.cache_bytes` and `.spare_bytes` of the fullest rank, in bytes;
    `.longest_context` and `.most_sequences`; `.rows` for each mix.
    Raises: Refusal as `describe` does; also for an engine or a device that isn't known, a mixer that the engine doesn't
    know, or a split that doesn't divide the model.
    """
    count, device = _device(on, memory, bandwidth)
    subject = _subject(given, guess)
    chosen_engine = engine_of(engine or ("llama.cpp" if count == 1 else "vllm"))
    request = Request(
        subject=subject,
        engine=chosen_engine,
        device=device,
        split=_split(chosen_engine, count, tp, dp, ep),
        cache=_cache(chosen_engine, cache),
        context=_context(subject, context),
        sequences=_within("sequences (-b)", sequences, SEVERAL),
    )
    found = rows(request)
    named = _asked(found, quant) if quant else None
    offered = usual(found)
    if file_bytes is not None:
        asked = _of_bytes([named] if named else offered, file_bytes)
        found.append(asked)
    else:
        asked = named or chosen(offered)
    said = _assumed(request, engine=engine, context=context, cache=cache)
    if file_bytes is not None:
        said = (f"Tensors share the bytes of the file as they do those of {asked.weights}.", *said)
    elif named is None and len(offered) > 1:
        which = (
            "The mix is the largest that fits"
            if asked.fits
            else "No mix fits: this is the smallest"
        )
        said = (f"{which}; --quant names another.", *said)
    more = chosen_engine.making(subject, asked.weights), bandwidth_alone(request, asked.weights)
    said = (*said, *filter(None, more))
    found.sort(key=lambda row: -row.stored)
    return Fit(request, asked, tuple(found), said)


def _device(on: str, memory: str, bandwidth: str) -> tuple[int, Device]:
    """How many of which device. Raises Refusal where none is given, or two are."""
    if on and (memory or bandwidth):
        raise Refusal(
            f"a device is given ({quoted(on)}) and its memory or bandwidth too, expected one of both; leave one out"
        )
    if on:
        return asked_device(on)
    if not memory:
        raise Refusal(
            "no device is given, expected one: --on rtx-4090, --on 8xh200, or --memory 24GiB --bandwidth 1008GB/s"
        )
    return own_device(memory, bandwidth)


def _subject(given: Given, guess: bool) -> Subject:
    """What is run: a model, or a file of one's own with its tensors. Raises Refusal where its config isn't known."""
    stored = stored_weights(given) if isinstance(given, str | Path) else None
    found = model(given, guess=guess)
    if not found.config:
        raise Refusal(
            f"{printable(found.name)} is given without its config, expected that too: it says how weights are stored; give "
            "the config, a path or a name"
        )
    entry = found.entry
    repository = entry.repository if entry is not None and entry.repository else ""
    return Subject(found.name, found.architecture, dict(found.config), stored, repository)


def _split(engine: Engine, count: int, tp: int | None, dp: int | None, ep: bool) -> Split:
    """How devices share a model: all ranks of one group, unless something else is asked for.

    Raises Refusal where ranks and devices aren't as many.
    """
    if engine.by_layers:
        if tp is not None or dp is not None or ep:
            raise Refusal(
                f"{engine.title} spreads whole layers over devices, expected neither --tp nor --dp nor --ep; "
                "leave them out, or use --with vllm"
            )
        return Split(layers=count)
    given = {option: ranks for option, ranks in (("--tp", tp), ("--dp", dp)) if ranks is not None}
    for option, ranks in given.items():
        if type(ranks) is not int or ranks < 1 or count % ranks:
            raise Refusal(
                f"{option} {quoted(ranks)} is given for {counted(count, 'device')}, expected a number that divides "
                f"{count:,}; leave {option} out, or give one"
            )
    if tp is None:
        tp = count // (dp or 1)
    split = Split(tp, count // tp if dp is None else dp, ep)
    if split.ranks != count:
        raise Refusal(
            f"--tp {tp:,} and --dp {dp:,} are given for {counted(count, 'device')}, expected numbers whose product is "
            f"{count:,}; leave one of them out"
        )
    return split


def _cache(engine: Engine, asked: str) -> str:
    """The type of keys and values. Raises Refusal for one that the engine lacks."""
    if asked and asked.lower() not in engine.caches:
        raise Refusal(
            f"the cache is {quoted(asked)}, expected one of {', '.join(engine.caches)} for {engine.title}"
        )
    return asked.lower() or engine.caches[0]


def _context(subject: Subject, asked: int | None) -> int:
    """Tokens of each sequence. Raises Refusal where neither a person nor the model says how many."""
    if asked is not None:
        return _within("tokens of the context (-n)", asked, LONGEST)
    if subject.context is None:
        raise Refusal(
            f"{printable(subject.name)} states no longest context, expected one; give it with -n 8192"
        )
    return subject.context


def _within(what: str, asked: int, most: int) -> int:
    if type(asked) is not int:
        raise Refusal(f"{quoted(asked)} {what} are asked for, expected a whole number; give one")
    if not 1 <= asked <= most:
        given = f"{asked:,}" if abs(asked) < 10**18 else quoted(asked)
        raise Refusal(
            f"{given} {what} are asked for, expected 1 to {most:,}; give a number among these"
        )
    return asked


def _asked(found: list[Row], quant: str) -> Row:
    """The row of a mix, by an alias too, or of a dtype. Raises Refusal where the engine has none such."""
    by_name = {row.weights.lower(): row for row in found}
    name = ALIASES.get(quant.upper(), quant)
    return by_name.get(name.lower()) or row(found[0].request, name)


def _of_bytes(found: list[Row], file_bytes: int) -> Row:
    """The row of a file by its bytes alone. Raises Refusal for bytes that no file has, and beside a file of one's own."""
    subject = found[0].request.subject
    if subject.file is not None:
        raise Refusal(
            f"{printable(subject.name)} is a file of your own, expected --file-bytes beside a model alone: its header "
            "says its bytes; leave --file-bytes out"
        )
    return of_bytes(found, _within("bytes of the file (--file-bytes)", file_bytes, LARGEST))


def _assumed(request: Request, engine: str, context: int | None, cache: str) -> tuple[str, ...]:
    """What was taken without being asked for, a sentence each."""
    said = []
    used, split = request.engine, request.split
    if not engine:
        said.append(
            f"The engine is {used.title}, as for {'one device' if split.ranks == 1 else 'several'}."
        )
    if context is None:
        said.append(f"The context is the model's own, {request.context:,} tokens.")
    if not cache:
        said.append(f"Keys and values are stored as {request.cache}.")
    if split.ranks > 1 and not used.by_layers:
        experts = ", whole experts spread over all" if split.experts else ""
        said.append(
            f"Tensor parallelism is {split.tensor}, data parallelism {split.data}{experts}."
        )
    own = request.subject.context
    if own is not None and request.context > own:
        said.append(f"The model's own context is {own:,} tokens; more is asked for.")
    if not request.device.bandwidth:
        said.append(
            "No bandwidth is given (--bandwidth), so that nothing says how fast it is at best."
        )
    elif why := unbounded(request.subject.architecture):
        said.append(why)
    rules = (f"Rules of {used.title} {used.version}: {used.known}.",) if used.version else ()
    return (*said, *used.assumptions(request.device), *rules)
