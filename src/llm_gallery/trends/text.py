"""Trends for a terminal with what only the catalog knows: answers in short, papers and how long ideas took, ablations."""

from __future__ import annotations

from collections.abc import Callable

from llm_gallery.catalog.ablation import ablations
from llm_gallery.catalog.terminal import wrapped
from llm_gallery.trends.evidence_text import ablation_words
from llm_gallery.trends.lags import lag_rows, lags, summary
from llm_gallery.trends.statements import day, shift, statements
from llm_gallery.trends.trends import Trends
from llm_gallery.trends.trends_text import columns, trends_text


def whole_text(counted: Trends, names: Callable[[str], str]) -> str:
    """The answers first, then everything that is counted, then the lags."""
    answers = [
        f"{statement.title}: {statement.text}"
        for statement in (*statements(counted, names), shift(counted))
    ]
    up_to = f"In short, by {len(counted.sizes)} models up to {day(counted.until)}"
    short = [up_to, *(line for sentence in answers for line in wrapped(sentence, "  ", 4))]
    every_lag = lags(counted)
    ways = [
        "From paper to model: months to the first organization of this catalog, and from it to the fifth",
        *wrapped(summary(every_lag), "  ", 4),
        *columns(lag_rows(every_lag)),
    ]
    return (
        "\n\n".join(("\n".join(short), trends_text(counted).rstrip("\n"), "\n".join(ways))) + "\n"
    )


def measured_text(concept: str) -> str:
    """Published measurements in which only this concept was changed; none where there are none."""
    measured = ablations().get(concept, ())
    lines = [
        line
        for ablation in measured
        for line in wrapped(f"{ablation_words(ablation)} {ablation.link}", "  ", 4)
    ]
    return (
        "\n".join(["", "Measured by others who changed only this", *lines, ""]) if measured else ""
    )
