"""Pages in groups, as vLLM 0.32.0 makes them: layers of a group share a table of blocks, and all groups one pool.

Source: get_kv_cache_groups and _max_memory_usage_bytes_from_groups of vllm/v1/core/kv_cache_utils.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.term import Term
from llm_gallery.engines.vllm_pages import Page

MIXED = 1.5
"""How many times the layers of the smallest bucket the largest must have for groups of the smallest's size."""


def reserved_by(pages: tuple[Page, ...]) -> tuple[Term, ...]:
    """What one request takes of these layers, a row a mixer. Raises Refusal where pages can't be made equal."""
    if len({_table(page) for page in pages}) <= 1:
        return _rows(pages)
    equal = _equal(pages)
    buckets: dict[object, list[Page]] = {}
    for page in equal:
        buckets.setdefault(replace(page, label="", held=0, dtype=""), []).append(page)
    counts = [len(bucket) for bucket in buckets.values()]
    of_group = max(counts) if max(counts) < MIXED * min(counts) else min(counts)
    groups = [-(-count // of_group) for count in counts]
    widest = max(-(-count // number) for count, number in zip(counts, groups, strict=True))
    return tuple(
        term
        for bucket, number in zip(buckets.values(), groups, strict=True)
        for term in _rows(bucket, number * widest * bucket[0].size)
    )


def _table(page: Page) -> tuple[object, ...]:
    """What layers have in common whose tables of blocks are always equal."""
    if page.sort == "state":
        return page.sort, page.size, page.beyond, page.caching
    sort = "full" if page.sort == "latent" else page.sort
    return sort, page.block, page.limit


def _equal(pages: Iterable[Page]) -> list[Page]:
    """The same with pages of one size: a smaller one holds more tokens, or is padded where that isn't whole."""
    largest = max(page.size for page in pages)
    return [_grown(page, largest) for page in pages]


def _grown(page: Page, size: int) -> Page:
    if page.size == size:
        return page
    if page.block and size % page.size == 0:
        return page.of(page.block * (size // page.size))
    if "latent" in page.sort:
        raise Refusal(
            f"a page of {page.label} has {page.size:,} bytes, expected one that divides {size:,}: "
            "vLLM can't keep both in one pool; use --with ideal"
        )
    return replace(page, padded=size)


def _rows(pages: Iterable[Page], unit: int | None = None) -> tuple[Term, ...]:
    """A row a mixer of layers in one bucket; the last has what a unit holds beyond its pages."""
    rows: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        rows.setdefault((page.label, page.dtype), []).append(page)
    sizes = [sum(page.size for page in row) for row in rows.values()]
    if unit is not None:
        sizes[-1] += unit - sum(sizes)
    return tuple(
        Term(
            label,
            len(row),
            size,
            row[0].block,
            row[0].limit,
            row[0].limit is not None,
            row[0].beyond,
            dtype,
            size - sum(page.held for page in row),
        )
        for ((label, dtype), row), size in zip(rows.items(), sizes, strict=True)
    )
