"""The fact sheet of a model page: what is counted first, then what the blocks state, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from llm_gallery.analysis.compute import flops_per_token
from llm_gallery.analysis.fact_sheet import Row, sheet
from llm_gallery.analysis.memory import growing_layers
from llm_gallery.analysis.parameters import Parameters
from llm_gallery.analysis.units import binary, grouped
from llm_gallery.architecture.block import Block, walk
from llm_gallery.architecture.fact import Evidence
from llm_gallery.engines.released import release
from llm_gallery.engines.subject import Subject
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.mechanisms.latent_attention import compute_words
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.short_forms import flop
from llm_gallery.site.tensors import patterns
from llm_gallery.site.vocabulary import Term, counted, fact


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row: what it is, its value, how it is known, and the key, formula or address that says so."""

    term: Term
    value: str
    evidence: Evidence
    source: str


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one mechanism."""

    title: str
    mechanism: Colour | None
    rows: tuple[FactRow, ...]
    part: str = ""  # the path of what it is about, in the first layer that has it


def groups(exhibit: Exhibit) -> tuple[Group, ...]:
    """The whole sheet."""
    model, *mechanisms = sheet(exhibit.architecture)
    groups = [
        Group("Scale", None, (*_scale(exhibit), *(_fact_row(exhibit, row) for row in model.rows)))
    ]
    for section in mechanisms:
        layers = f"{section.layers} layer{'s' if section.layers > 1 else ''}"
        rows = tuple(_fact_row(exhibit, row) for row in section.rows)
        part = "" if section.block is None else _path(exhibit, section.block)
        groups.append(Group(f"{section.title}, {layers}", section.mechanism, rows, part))
    return (*groups, Group("Memory and compute", None, tuple(_memory(exhibit))))


def _path(exhibit: Exhibit, block: Block) -> str:
    """Where a block stands for the first time."""
    paths = (path for path, other in walk(exhibit.root) if other is block or other == block)
    return next(paths, "")


def _fact_row(exhibit: Exhibit, row: Row) -> FactRow:
    term = fact(row.term)
    source = row.source or (
        f"model class {exhibit.architecture.model_type}" if row.evidence == "implied" else ""
    )
    return FactRow(term, row.value, row.evidence, source)


def _scale(exhibit: Exhibit) -> Iterator[FactRow]:
    counts = exhibit.parameters
    tensors, beside = stored_tensors(exhibit.root)
    of = f" of {grouped(tensors + beside)}" if beside else ""
    rest = "; the others stand beside the model" if beside else ""
    summed = f"sum over {grouped(tensors)}{of} tensors{rest}"
    yield _derived("total", grouped(counts.total), summed)
    if counts.active == counts.total:
        yield _derived("active", grouped(counts.active), "all of them run")
    else:
        yield _derived("active", f"{counts.bound}{grouped(counts.active)}", _unread(counts))
    if counts.active_without_embedding != counts.active:
        value = grouped(counts.active_without_embedding)
        yield _derived("no_embedding", value, "active less the embedding")
    if counts.lookup:
        yield _derived("lookup", grouped(counts.lookup), "tables beside the input embedding")
    if counts.beside_lookup is not None:
        yield _derived(
            "beside_lookup", grouped(counts.beside_lookup), "total less the lookup tables"
        )
    if counts.multi_token_prediction:
        yield _derived("mtp", grouped(counts.multi_token_prediction), "stored beside the model")
    if counts.other_modalities:
        yield _derived("other", grouped(counts.other_modalities), "stored beside the model")
    yield _derived("layers", grouped(exhibit.layers), "counted in the stack")


def stored_tensors(root: Block) -> tuple[int, int]:
    """Tensors with storage of their own: those of the language model, and those that stand beside it."""
    model = tuple(block for block in root.inside if not block.stands_apart)
    own, whole = (
        sum(pattern.count for pattern in patterns(held) if pattern.tied_to is None)
        for held in (replace(root, inside=model), root)
    )
    return own, whole - own


def _unread(counts: Parameters) -> str:
    """What of the total one token doesn't read."""
    routed = any(part.name == "Routed experts" for part in counts.parts)
    less = ["experts that do not run"] if routed else []
    less += ["rows of lookup tables that it does not read"] if counts.lookup else []
    return f"total less the {' and the '.join(less)}"


def _memory(exhibit: Exhibit) -> Iterator[FactRow]:
    cache = exhibit.cache
    yield _weights(exhibit)
    if cache.bytes_per_token:
        terms = [(r.layers, r.bytes_per_token // r.layers) for r in cache.rows if r.bytes_per_token]
        yield _derived("per_token", binary(cache.bytes_per_token), f"{_sum(terms)}, bf16")
    if cache.bytes_per_token_long != cache.bytes_per_token:
        layers = growing_layers(exhibit.root, windows_full=True)
        text = f"{layers} layers keep more than a window" if layers else "every layer has a window"
        yield _derived("long", binary(cache.bytes_per_token_long), text)
    if cache.state_bytes:
        terms = [(row.layers, row.state_bytes) for row in cache.rows if row.state_bytes]
        yield _derived("state", binary(cache.state_bytes), _sum(terms))
    if exhibit.context:
        at = f"one sequence of {grouped(exhibit.context)} tokens"
        yield _derived("at_context", binary(cache.at(exhibit.context)), at)
    form = compute_words(exhibit.root)
    for position in (1, 131_072):
        operations = flops_per_token(exhibit.root, position)
        yield _derived(
            "compute",
            exhibit.parameters.bound_of_compute + flop(operations),
            ", ".join(filter(None, [f"at position {grouped(position)}", form])),
        )


def _weights(exhibit: Exhibit) -> FactRow:
    released = release(Subject(exhibit.entry.name, exhibit.architecture, exhibit.entry.config))
    text = f"released in {released.words}" if released.packed else released.words
    if released.bytes is None:
        return _derived("weights", "not known", text)
    total, whole = released.bytes["total"], sum(released.bytes.values())
    beside = f"; {grouped(whole)} B with what stands beside the model" if whole != total else ""
    return _derived("weights", binary(total), f"{text}: {grouped(total)} B{beside}")


def _sum(terms: Iterable[tuple[int, int]]) -> str:
    """Layers times bytes, in full: rounded factors would not multiply to what is shown."""
    return " + ".join(f"{layers} × {grouped(size)} B" for layers, size in terms)


def _derived(name: str, value: str, source: str) -> FactRow:
    return FactRow(counted()[name], value, "derived", source)
