"""Numbers as people read them: rounded only where they are shown."""

from __future__ import annotations

_SHORT = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))
_BINARY = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def short(count: int) -> str:
    """A count with two decimals of its unit: 671.03B, 1.03T, 594."""
    for size, unit in _SHORT:
        if count >= size:
            return f"{count / size:.2f}{unit}"
    return str(count)


def is_trillion(count: int) -> bool:
    """True from what reads as 1.00T in three significant digits on: Ling 1T holds 999.71B."""
    return float(f"{count:.3g}") >= 10**12


def bounded(count: int, most: bool) -> str:
    """A count that may be the most of several: "at most 4.92B"."""
    return f"at most {short(count)}" if most else short(count)


def binary(count: int) -> str:
    """Bytes in binary units, one decimal where they aren't whole: 68.6 KiB, 24 KiB, 10.7 GiB."""
    for size, unit in _BINARY:
        if count >= size:
            return f"{count / size:.1f}".removesuffix(".0") + f" {unit}"
    return f"{count} B"


def gigaflop(count: int) -> str:
    """Operations in one unit, so that models compare at a glance: 236.99 GFLOP."""
    return f"{count / 10**9:,.2f} GFLOP"


def grouped(count: int) -> str:
    """All digits, in groups of three: 671,026,419,200."""
    return f"{count:,}"
