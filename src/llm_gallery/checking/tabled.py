"""A report as tables for a page: finished words and numbers, and shares for bars; nothing here is markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llm_gallery.analysis.units import binary, grouped
from llm_gallery.architecture.refusal import counted, printable
from llm_gallery.checking.contract import Findings, Line, Share
from llm_gallery.checking.text import (
    LISTS,
    LONGEST_NAME,
    MOST_LINES,
    remarks,
    shapes,
    summary,
    verdict_words,
)

Json = dict[str, Any]
FINE = ("undescribed", "tied", "undrafted", "extra")
"""Lists of tensors with which a checkpoint is whole all the same."""


def tabled(report: Findings) -> Json:
    """What the command prints, in the same words, by its places on a page."""
    return {
        "place": printable(report.place, LONGEST_NAME),
        "verdict": verdict_words(report),
        "state": report.verdict,
        "summary": [*summary(report)],
        "faults": [printable(fault, 600) for fault in report.faults[:MOST_LINES]],
        "lists": [
            _list(title, lines, fine=name in FINE)
            for name, title in LISTS
            if (lines := getattr(report.lines, name))
        ],
        "shares": [
            {"title": title, "rows": _rows(shares)}
            for title, shares in (("Part", report.by_part), ("Type", report.by_type))
            if shares
        ],
        "remarks": [*remarks(report)],
    }


def _list(title: str, lines: Sequence[Line], *, fine: bool) -> Json:
    more = len(lines) - MOST_LINES
    tensors = counted(sum(line.count for line in lines), "tensor")
    return {
        "title": f"{title}: {tensors}",
        "fine": fine,
        "rows": [_row(line) for line in lines[:MOST_LINES]],
        "more": f"and {counted(more, 'line')} more, which `llm-gallery check --format json` lists"
        if more > 0
        else "",
    }


def _row(line: Line) -> Json:
    """A line of a list: names, and words on them."""
    words = (
        f"{shapes(line)} {line.dtype}".strip(),
        binary(line.bytes) if line.bytes else "",
        line.note,
    )
    return {
        "names": printable(line.names, LONGEST_NAME),
        "times": f"× {grouped(line.count)}" if line.count > 1 else "",
        "words": ", ".join(filter(None, words)),
    }


def _rows(shares: Sequence[Share]) -> list[Json]:
    total = sum(share.bytes for share in shares) or 1
    return [
        {
            "name": printable(share.name),
            "tensors": grouped(share.tensors),
            "bytes": grouped(share.bytes),
            "share": share.bytes / total,
            "percent": f"{100 * share.bytes / total:.1f}%",
            "parameters": grouped(share.parameters),
        }
        for share in shares
    ]
