"""A year in sentences: for a terminal, as Markdown, and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.terminal import wrapped
from llm_gallery.comparison.phrases import listed
from llm_gallery.concepts import concepts
from llm_gallery.trends.candidates import Share
from llm_gallery.trends.charts import CHARTS
from llm_gallery.trends.recipe import Choice, Chosen
from llm_gallery.trends.statements import day
from llm_gallery.trends.year_report import Came, Figure, Moved, Report

Names = Callable[[str], str]
NAMED = 4
"""Designs that are named before the rest is counted."""
CONDITIONS = {
    "cache_bytes_per_token_long": (
        "keeps the most of each further token once every window is full",
        "keep the most of each further token once every window is full",
    ),
    "active_share": ("runs the largest share", "run the largest share"),
    "context": ("states the longest", "state the longest"),
}
"""What one model and several are said to have most of, where that needs its condition."""
CAME = 10
"""Concepts that are told as new, those of most designs first."""


def opening(report: Report) -> str:
    """What the year is counted over."""
    copies = report.models - report.designs
    copies_words = (
        "none of them copies"
        if not copies
        else "1 of them copies"
        if copies == 1
        else f"{copies} of them copy"
    )
    return (
        f"{counted(report.designs, 'design')} of {counted(report.organizations, 'organization')} came in {report.year}"
        f"{so_far(report)}, {report.before} in {report.year - 1}. {counted(report.models, 'model')} {'was' if report.models == 1 else 'were'} "
        f"released in it: {copies_words} a design, at its size or another. What follows counts designs; what has "
        "the most is asked of all models."
    )


def so_far(report: Report) -> str:
    """Up to which day, of the newest year."""
    return "" if report.until is None else f" up to {day(report.until)}"


def recipe_words(report: Report) -> str:
    """The most common choice for each part, in a sentence."""
    chosen = (
        f"{chosen.part.lower()}: {_small(chosen.choices[0].words)} ({len(chosen.choices[0].designs)} of {chosen.of})"
        for chosen in report.recipe
    )
    return (
        f"The recipe of {report.year}, the most common choice for each part: {'; '.join(chosen)}."
    )


def deviation(chosen: Chosen, names: Names) -> str:
    """Who chose otherwise, the more common first."""
    others = chosen.choices[1:]
    if not others:
        return "nobody deviates"
    return "; ".join(
        f"{choice.words} {len(choice.designs)}: {_who(choice, names)}" for choice in others
    )


def came_words(came: Came, names: Names) -> str:
    """A new concept, where first, and how far it came within the year."""
    makers = f" of {counted(came.organizations, 'organization')}" if came.organizations > 1 else ""
    return (
        f"{concepts()[came.concept].name}, first here in {first_words(came, names)} "
        f"({came.released.isoformat()}): {counted(came.designs, 'design')}{makers}"
    )


def first_words(came: Came, names: Names) -> str:
    """The models of the day on which it came."""
    return listed([names(model) for model in came.first])


def moved_words(moved: Moved) -> str:
    """A concept's share in both years."""
    return f"{concepts()[moved.concept].name}: {_share(moved.now)}, {_share(moved.then)} the year before"


def figure_words(figure: Figure, names: Names) -> str:
    """A median in both years, and who has most."""
    holders = figure.most.models
    have = CONDITIONS.get(figure.name, ("has the most", "have the most"))[len(holders) > 1]
    who = listed([names(model) for model in holders[:NAMED]])
    if rest := len(holders) - NAMED:
        who = f"{', '.join(map(names, holders[:NAMED]))} and {rest} more" if rest > 0 else who
    before = (
        f", {_number(figure.name, figure.then)} the year before" if figure.then is not None else ""
    )
    return (
        f"the median of {counted(figure.designs, 'design')} is {_number(figure.name, figure.now)}{before}; "
        f"{f'of {figure.models} models, copies too, ' if figure.models > 1 else ''}{who} {have}, {_number(figure.name, figure.most.number)}"
    )


def _figure(figure: Figure, names: Names) -> str:
    """The same under its title."""
    chart = next(chart for chart in CHARTS if chart.name == figure.name)
    return f"{chart.title} ({chart.note}): {figure_words(figure, names)}"


def report_text(report: Report, names: Names) -> str:
    """The page for a terminal."""
    lines = [f"{report.year} in open language models", *wrapped(opening(report))]
    for title, texts in sections(report, names):
        lines += ["", title]
        for sentence in texts:
            lines += wrapped(sentence, "  ", 4)
    return "\n".join(lines) + "\n"


def report_markdown(report: Report, names: Names) -> str:
    """The page as Markdown."""
    lines = [f"# {report.year} in open language models", "", opening(report)]
    for title, texts in sections(report, names):
        lines += ["", f"## {title}", "", *(f"- {sentence}" for sentence in texts)]
    return "\n".join(lines) + "\n"


def sections(report: Report, names: Names) -> Iterator[tuple[str, list[str]]]:
    """The page: every sentence ends with a full stop."""
    yield "In short", [f"{said.title}: {said.text}" for said in report.answers]
    yield (
        f"The recipe of {report.year}, and who deviates",
        [
            f"{chosen.part}: {chosen.choices[0].words}, {len(chosen.choices[0].designs)} of {chosen.of}; "
            f"{deviation(chosen, names)}."
            for chosen in report.recipe
        ],
    )
    arrivals = [f"{came_words(came, names)}." for came in report.came[:CAME]]
    if len(report.came) > CAME:
        rest = ", ".join(concepts()[came.concept].name for came in report.came[CAME:])
        arrivals.append(f"In fewer designs: {rest}.")
    yield "What came", arrivals or ["No concept is new to this catalog."]
    yield "What rose", [f"{moved_words(moved)}." for moved in report.rose] or ["Nothing."]
    yield "What fell", [f"{moved_words(moved)}." for moved in report.fell] or ["Nothing."]
    yield "What went", [f"{moved_words(moved)}." for moved in report.lost] or ["Nothing."]
    yield "Five numbers", [f"{_figure(figure, names)}." for figure in report.figures]


def _who(choice: Choice, names: Names) -> str:
    """The newest of them, the rest counted."""
    return _few([design.first.id for design in choice.designs], names)


def _few(models: Sequence[str], names: Names) -> str:
    names_shown = ", ".join(names(model) for model in models[-NAMED:])
    rest = len(models) - NAMED
    return f"{names_shown} and {rest} more" if rest > 0 else names_shown


def _number(name: str, number: float) -> str:
    if name == "active_share":
        return f"{100 * number:.1f}%"
    if "bytes" in name:
        return binary(round(number))
    return (
        short(round(number))
        if name in ("total", "active")
        else f"{number:,.4g}"
        if number < 1000
        else f"{number:,.0f}"
    )


def _share(share: Share) -> str:
    return f"{share.having} of {share.of} ({100 * share.part:.0f}%)"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
