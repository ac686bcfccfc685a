"""A report as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from llm_gallery.analysis.units import binary, grouped
from llm_gallery.architecture.refusal import counted, printable
from llm_gallery.checking.contract import Findings, Line, Share

LONGEST_NAME = 160
MOST_LINES = 40
"""Lines of one list; the JSON has all."""
MOST_PARTS = 8
"""Prefixes that a verdict names."""
LISTS = (
    ("missing", "Missing"),
    ("reshaped", "Other shapes than described"),
    ("vocabulary", "Another vocabulary than described"),
    ("surplus", "Surplus, not asked for by the config"),
    ("unscaled", "Packed without their scales"),
    ("undescribed", "Not described, so not checked"),
    ("tied", "Tied, yet stored"),
    ("undrafted", "Multi-token prediction, not stored"),
    ("extra", "No parameters"),
)


def written(report: Findings) -> str:
    """The whole report, the verdict first."""
    return "\n".join(line.rstrip() for line in _lines(report)) + "\n"


def _lines(report: Findings) -> Iterator[str]:
    yield f"{printable(report.place, LONGEST_NAME)}: {verdict_words(report)}"
    yield from summary(report)
    if report.faults:
        yield ""
        yield "Files"
        yield from (f"  {printable(fault, 600)}" for fault in report.faults[:MOST_LINES])
    for name, title in LISTS:
        lines: Sequence[Line] = getattr(report.lines, name)
        if lines:
            tensors = sum(line.count for line in lines)
            yield ""
            yield f"{title}: {counted(tensors, 'tensor')}"
            yield from map(_line, lines[:MOST_LINES])
            if len(lines) > MOST_LINES:
                yield f"  and {counted(len(lines) - MOST_LINES, 'line')} more, which --format json lists"
    yield from _shares("By part", report.by_part)
    yield from _shares("By type", report.by_type)
    yield ""
    yield from remarks(report)


def summary(report: Findings) -> Iterator[str]:
    """How much is stored, in sentences."""
    size = sum(file.bytes for file in report.files)
    files = counted(len(report.files), "file")
    yield f"{report.model_type or 'unknown model'}, {files} of {report.format}, {grouped(size)} bytes ({binary(size)})"
    described = f", {grouped(report.described)} described" if report.described else ""
    yield f"{counted(report.tensors, 'tensor')}, {grouped(report.parameters)} parameters stored{described}"
    if report.renamed:
        yield report.renamed


def remarks(report: Findings) -> Iterator[str]:
    """What wasn't read, and what wasn't checked."""
    if report.beside:
        yield f"Beside it, not read: {', '.join(report.beside[:8])}"
    yield f"Not checked: {'; '.join(report.unchecked)}"


def verdict_words(report: Findings) -> str:
    """The verdict, with what isn't described or why nothing was compared."""
    if report.verdict == "whole but for":
        parts = [f"{printable(part.name)} ({binary(part.bytes)})" for part in report.but_for]
        others = f" and {len(parts) - MOST_PARTS:,} others" if len(parts) > MOST_PARTS else ""
        return f"whole but for {', '.join(parts[:MOST_PARTS])}{others}, not described"
    return f"{report.verdict}: {report.why}" if report.why else report.verdict


def _line(line: Line) -> str:
    words = shapes(line)
    size = f"  {binary(line.bytes)}" if line.bytes else ""
    dtype = f" {line.dtype}" if line.dtype else ""
    times = f"  ({line.count:,})" if line.count > 1 else ""
    note = f"  {line.note}" if line.note else ""
    return f"  {printable(line.names, LONGEST_NAME)}{times}  {words}{dtype}{size}{note}"


def shapes(line: Line) -> str:
    """The stored shape, and the one expected in its stead."""
    given = (shape for shape in (line.stored, line.expected) if shape is not None)
    return " instead of ".join(map(_shape, given))


def _shape(shape: Sequence[int]) -> str:
    return " × ".join(map(grouped, shape[:8])) or "a number"


def _shares(title: str, shares: Sequence[Share]) -> Iterator[str]:
    if not shares:
        return
    total = sum(share.bytes for share in shares) or 1
    yield ""
    yield f"{title:<28}{'tensors':>9}{'bytes':>22}{'':>12}{'parameters':>22}"
    for share in shares:
        part = f"{100 * share.bytes / total:.1f}%"
        yield f"  {share.name:<26}{share.tensors:>9,}{share.bytes:>22,}{part:>12}{share.parameters:>22,}"
