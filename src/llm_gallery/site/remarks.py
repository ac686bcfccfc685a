"""Remarks on the numbers of a model page, in sentences computed from them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from llm_gallery.analysis.units import binary, grouped, short
from llm_gallery.mechanisms.apart import ends
from llm_gallery.mechanisms.colour import FAMILIES
from llm_gallery.site.chart import LONGEST, SHORTEST, crossings
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.short_forms import share


def of_parts(exhibit: Exhibit) -> Iterator[str]:
    """What a reader should see in the two bars."""
    counts = exhibit.parameters
    largest = max(counts.parts, key=lambda part: part.stored)
    yield f"{largest.name}: {share(largest.stored, counts.total)} of what is stored" + (
        f" and {share(largest.active, counts.active)} of what runs for one token."
        if counts.active != counts.total
        else "."
    )
    if counts.active != counts.total:
        mixing = [part for part in counts.parts if FAMILIES[part.mechanism].mixes == "tokens"]
        used = sum(part.active for part in mixing)
        verb = "run at most" if counts.varies else "run"
        yield (
            f"Of the {short(counts.active)} that {verb}, token mixers take "
            f"{share(used, counts.active)}."
        )
    else:
        yield "Every stored parameter runs for every token."
    if counts.beside_lookup is not None:
        yield (
            f"{short(counts.total)}, of which {short(counts.lookup)} are looked up: a token reads a few "
            f"rows of them. Without them the model has {short(counts.beside_lookup)}."
        )
    if exhibit.root.value("tied"):
        yield "Embedding and output head are one table, stored once."
    if counts.multi_token_prediction:
        yield (
            f"Not counted: multi-token prediction, {short(counts.multi_token_prediction)}. "
            f"Its modules {ends(exhibit.root).long}."
        )
    if counts.other_modalities:
        yield f"Not counted: other modalities, {short(counts.other_modalities)}."


def of_cache(exhibit: Exhibit, beside: Sequence[Exhibit]) -> Iterator[str]:
    """What a reader should see in the curves."""
    cache = exhibit.cache
    if not cache.at(2**SHORTEST):
        yield "Keeps nothing from one run to the next, so no line in the chart is its own."
        return
    if cache.state_bytes and cache.bytes_per_token:
        even = bisect_left(range(2**LONGEST), 2 * cache.state_bytes, key=cache.at)
        yield (
            f"Below {grouped(even)} tokens the constant state, {binary(cache.state_bytes)}, "
            "weighs more than the cache."
        )
    windows = sorted({row.window for row in cache.rows if row.window is not None})
    for window in windows:
        layers = sum(row.layers for row in cache.rows if row.window == window)
        yield f"From {grouped(window)} tokens on, {layers} windowed layers stop growing."
    for other in beside:
        yield _compared(exhibit, other)


def _compared(exhibit: Exhibit, other: Exhibit) -> str:
    name = other.entry.name
    if not other.cache.at(2**SHORTEST):
        return f"{name} keeps nothing, so no line in the chart is its own."
    where = crossings(exhibit.cache, other.cache)
    start, end = (exhibit.cache.at(at) - other.cache.at(at) for at in (1, 2**LONGEST))
    if not where and start == end == 0:
        return f"As much as {name} at every length."
    if not where:
        word = "less" if (end or start) < 0 else "more"
        times = max(exhibit.cache.at(2**LONGEST), 1) / max(other.cache.at(2**LONGEST), 1)
        times = times if times >= 1 else 1 / times
        return f"Keeps {word} than {name} at every length: {times:.1f} times at 1M tokens."
    word = "less" if end < 0 else "more"
    return f"Keeps {word} than {name} from {grouped(where[-1])} tokens on."
