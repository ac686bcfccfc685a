"""Pages in groups, as vLLM 0.32.0 makes them: layers of a group share a table of blocks, and all groups one pool.

Source: get_kv_cache_groups and _max_memory_usage_bytes_from_groups of vllm/v1/core/kv_cache_utils.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.engines.term import Term
from llm_gallery.engines.vllm_page import PADS, Page
from llm_gallery.engines.vllm_side_by_side import blocks_of, in_buckets, table

FEW = 1.5
"""Up to how many times the smallest bucket's layers groups are as large as the largest bucket."""


def reserved_by(pages: Sequence[Page]) -> tuple[Term, ...]:
    """What one request takes of these layers, a row a mixer. Raises Refusal where pages can't be made equal."""
    if len({table(page) for page in pages}) <= 1:
        return _rows(pages)
    if any(page.side_by_side for page in pages) and len({page.size for page in pages}) > 1:
        buckets = in_buckets(pages, table)
        taken = blocks_of(buckets)
    else:
        buckets = in_buckets(_equal(pages), _alike)
        taken = _of_equal(buckets)
    return tuple(
        term for bucket, unit in zip(buckets, taken, strict=True) for term in _rows(bucket, unit)
    )


def _alike(page: Page) -> object:
    """What layers of one group have in common where all pages are equal."""
    return replace(page, label="", dtype="", held=0)


def _of_equal(buckets: Sequence[Sequence[Page]]) -> list[int]:
    """Bytes of one more block of each bucket's groups: of as many layers as the smallest bucket has, or the largest."""
    counts = [len(bucket) for bucket in buckets]
    of_group = max(counts) if max(counts) < FEW * min(counts) else min(counts)
    groups = [-(-count // of_group) for count in counts]
    widest = max(-(-count // number) for count, number in zip(counts, groups, strict=True))
    return [number * widest * buckets[0][0].size for number in groups]


def _equal(pages: Sequence[Page]) -> list[Page]:
    """The same with pages of one size: a smaller one holds more tokens, or is padded where that isn't whole."""
    largest = max(page.size for page in pages)
    return [_grown(page, largest) for page in pages]


def _grown(page: Page, size: int) -> Page:
    if page.size == size:
        return page
    if page.grows and size % page.size == 0:
        return page.of(page.block * (size // page.size))
    if page.sort not in PADS:
        raise Refusal(
            f"a page of {page.label} has {page.size:,} bytes, expected one that divides {size:,}: "
            "vLLM can't keep both in one pool; use --with ideal"
        )
    return replace(page, padded=size)


def _rows(pages: Sequence[Page], unit: int | None = None) -> tuple[Term, ...]:
    """A row a mixer of layers in one bucket; the last has what a unit holds beyond its pages."""
    rows: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        rows.setdefault((page.label, page.dtype), []).append(page)
    sizes = [sum(page.size for page in row) for row in rows.values()]
    if unit is not None:
        sizes[-1] += unit - sum(sizes)
    return tuple(
        _row(label, dtype, row, size)
        for ((label, dtype), row), size in zip(rows.items(), sizes, strict=True)
    )


def _row(label: str, dtype: str, pages: Sequence[Page], unit: int) -> Term:
    page = pages[0]
    return Term(
        label,
        len(pages),
        unit,
        page.block if page.grows else 0,
        page.limit,
        page.limit is not None,
        page.beyond,
        dtype,
        unit - sum(page.held for page in pages),
    )
