"""Groups of blocks in which all layers lie side by side, whose pages needn't be equal.

Source: _get_packed_kv_cache_groups of vllm/v1/core/kv_cache_utils.py.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import lcm

from llm_gallery.engines.vllm_page import Page


def table(page: Page) -> tuple[object, ...]:
    """What layers have in common whose tables of blocks are always equal."""
    if page.sort == "state":
        return page.sort, page.size, page.beyond, page.caching, page.copied
    sort = "full" if page.sort in ("latent", "keys") else page.sort
    return sort, page.block, page.limit


def in_buckets(pages: Iterable[Page], alike: Callable[[Page], object]) -> list[list[Page]]:
    """Layers that have the same in common together."""
    buckets: dict[object, list[Page]] = {}
    for page in pages:
        buckets.setdefault(alike(page), []).append(page)
    return list(buckets.values())


def blocks_of(buckets: Sequence[Sequence[Page]]) -> list[int]:
    """Bytes of one more block of each bucket's groups: the widest group's, times how many groups there are."""
    layers = _layers_of_group(buckets)
    free = [_is_free(bucket, layers) for bucket in buckets]
    groups = [_groups(bucket, layers) for bucket in buckets]
    # What a block has to hold, however the free buckets are divided.
    least = max(
        _widest(bucket, len(bucket) if alone else number)
        for bucket, number, alone in zip(buckets, groups, free, strict=True)
    )
    groups = [
        max(number, -(-len(bucket) // max(1, least // bucket[0].size))) if alone else number
        for bucket, number, alone in zip(buckets, groups, free, strict=True)
    ]
    widest = max(
        _widest_of_several(bucket, number) if number > 1 else sum(page.size for page in bucket)
        for bucket, number in zip(buckets, groups, strict=True)
    )
    row = lcm(*(page.row for bucket in buckets for page in bucket))
    return [number * (-(-widest // row) * row) for number in groups]


def _sizes(bucket: Sequence[Page]) -> Counter[int]:
    """Layers by the size of their pages."""
    return Counter(page.size for page in bucket)


def _is_balanced(bucket: Sequence[Page]) -> bool:
    """Whether there are as many layers of each size."""
    return len(set(_sizes(bucket).values())) == 1


def _layers_of_group(buckets: Sequence[Sequence[Page]]) -> int | None:
    """Of each size in a group: with the least padding, and no fewer than those of balanced buckets of several sizes.

    None where there is no such bucket.
    """
    balanced = [_sizes(bucket) for bucket in buckets if _is_balanced(bucket)]
    least = max((max(sizes.values()) for sizes in balanced if len(sizes) > 1), default=0)
    if not least:
        return None
    counts = [max(sizes.values()) for sizes in balanced]
    return min(
        range(least, max(counts) + 1),
        key=lambda size: (sum(-count % size for count in counts), -size),
    )


def _groups(bucket: Sequence[Page], layers: int | None) -> int:
    if layers is None or not _is_balanced(bucket):
        return 1
    return -(-max(_sizes(bucket).values()) // layers)


def _is_free(bucket: Sequence[Page], layers: int | None) -> bool:
    """Whether it may be divided down to a layer a group: states, and windows where no pattern repeats."""
    first = bucket[0]
    return not first.grows or (layers is None and "window" in first.sort)


def _widest(bucket: Sequence[Page], groups: int) -> int:
    """Bytes of a block of the largest of so many groups."""
    return sum(-(-count // groups) * size for size, count in _sizes(bucket).items())


def _widest_of_several(bucket: Sequence[Page], groups: int) -> int:
    """The same of groups with as many layers of each size; what is beyond the rarest size has no group."""
    sizes = _sizes(bucket)
    return -(-min(sizes.values()) // groups) * sum(sizes)
