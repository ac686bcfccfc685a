"""A year in sentences: for a terminal, as Markdown, and for the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from llm_gallery.analysis.units import binary, short
from llm_gallery.architecture.refusal import counted
from llm_gallery.catalog.terminal import wrapped
from llm_gallery.catalog.trend_charts import CHARTS
from llm_gallery.catalog.trend_recipe import Choice, Chosen
from llm_gallery.catalog.trend_statements import day
from llm_gallery.catalog.trend_year import Came, Figure, Moved, Report
from llm_gallery.comparison.phrases import listed
from llm_gallery.concepts import concepts
from llm_gallery.lineage.trends_next import Share

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


def opening(one: Report) -> str:
    """What the year is counted over."""
    copies = one.models - one.designs
    told = (
        "none of them copies"
        if not copies
        else "1 of them copies"
        if copies == 1
        else f"{copies} of them copy"
    )
    return (
        f"{counted(one.designs, 'design')} of {counted(one.organizations, 'organization')} came in {one.year}"
        f"{so_far(one)}, {one.before} in {one.year - 1}. {counted(one.models, 'model')} {'was' if one.models == 1 else 'were'} "
        f"released in it: {told} a design, at its size or another. What follows counts designs; what has "
        "the most is asked of all models."
    )


def so_far(one: Report) -> str:
    """Up to which day, of the newest year."""
    return "" if one.until is None else f" up to {day(one.until)}"


def recipe_words(one: Report) -> str:
    """The most common choice for each part, in a sentence."""
    chosen = (
        f"{found.part.lower()}: {_small(found.choices[0].words)} ({len(found.choices[0].designs)} of {found.of})"
        for found in one.recipe
    )
    return f"The recipe of {one.year}, the most common choice for each part: {'; '.join(chosen)}."


def deviation(found: Chosen, names: Names) -> str:
    """Who chose otherwise, the more common first."""
    others = found.choices[1:]
    if not others:
        return "nobody deviates"
    return "; ".join(
        f"{choice.words} {len(choice.designs)}: {_who(choice, names)}" for choice in others
    )


def came_words(one: Came, names: Names) -> str:
    """A new concept, where first, and how far it came within the year."""
    makers = f" of {counted(one.organizations, 'organization')}" if one.organizations > 1 else ""
    return (
        f"{concepts()[one.concept].name}, first here in {first_words(one, names)} "
        f"({one.released.isoformat()}): {counted(one.designs, 'design')}{makers}"
    )


def first_words(one: Came, names: Names) -> str:
    """The models of the day on which it came."""
    return listed([names(model) for model in one.first])


def moved_words(one: Moved) -> str:
    """A concept's share in both years."""
    return f"{concepts()[one.concept].name}: {_share(one.now)}, {_share(one.then)} the year before"


def figure_words(one: Figure, names: Names) -> str:
    """A median in both years, and who has most."""
    holders = one.most.models
    have = CONDITIONS.get(one.name, ("has the most", "have the most"))[len(holders) > 1]
    who = listed([names(model) for model in holders[:NAMED]])
    if rest := len(holders) - NAMED:
        who = f"{', '.join(map(names, holders[:NAMED]))} and {rest} more" if rest > 0 else who
    before = f", {_number(one.name, one.then)} the year before" if one.then is not None else ""
    return (
        f"the middle of {counted(one.designs, 'design')} is {_number(one.name, one.now)}{before}; "
        f"{f'of {one.models} models, copies too, ' if one.models > 1 else ''}{who} {have}, {_number(one.name, one.most.number)}"
    )


def _figure(one: Figure, names: Names) -> str:
    """The same under its title."""
    chart = next(chart for chart in CHARTS if chart.name == one.name)
    return f"{chart.title} ({chart.note}): {figure_words(one, names)}"


def report_text(one: Report, names: Names) -> str:
    """The page for a terminal."""
    lines = [f"{one.year} in open language models", *wrapped(opening(one))]
    for title, found in sections(one, names):
        lines += ["", title]
        for sentence in found:
            lines += wrapped(sentence, "  ", 4)
    return "\n".join(lines) + "\n"


def report_markdown(one: Report, names: Names) -> str:
    """The page as Markdown."""
    lines = [f"# {one.year} in open language models", "", opening(one)]
    for title, found in sections(one, names):
        lines += ["", f"## {title}", "", *(f"- {sentence}" for sentence in found)]
    return "\n".join(lines) + "\n"


def sections(one: Report, names: Names) -> Iterator[tuple[str, list[str]]]:
    """The page: every sentence ends with a full stop."""
    yield "In short", [f"{said.title}: {said.text}" for said in one.answers]
    yield (
        f"The recipe of {one.year}, and who deviates",
        [
            f"{found.part}: {found.choices[0].words}, {len(found.choices[0].designs)} of {found.of}; "
            f"{deviation(found, names)}."
            for found in one.recipe
        ],
    )
    told = [f"{came_words(came, names)}." for came in one.came[:CAME]]
    if len(one.came) > CAME:
        rest = ", ".join(concepts()[came.concept].name for came in one.came[CAME:])
        told.append(f"In fewer designs: {rest}.")
    yield "What came", told or ["No concept is new to this catalog."]
    yield "What rose", [f"{moved_words(moved)}." for moved in one.rose] or ["Nothing."]
    yield "What fell", [f"{moved_words(moved)}." for moved in one.fell] or ["Nothing."]
    yield "What went", [f"{moved_words(moved)}." for moved in one.lost] or ["Nothing."]
    yield "Five numbers", [f"{_figure(figure, names)}." for figure in one.figures]


def _who(choice: Choice, names: Names) -> str:
    """The newest of them, the rest counted."""
    return _few([one.first.id for one in choice.designs], names)


def _few(models: Sequence[str], names: Names) -> str:
    told = ", ".join(names(model) for model in models[-NAMED:])
    rest = len(models) - NAMED
    return f"{told} and {rest} more" if rest > 0 else told


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


def _share(one: Share) -> str:
    return f"{one.having} of {one.of} ({100 * one.part:.0f}%)"


def _small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() else text
