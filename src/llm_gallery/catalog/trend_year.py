"""A year on one page, all of it counted: its recipe and who deviates, what came, what went, five numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.concept import concepts
from llm_gallery.catalog.trend_statements import Statement, shift, statements
from llm_gallery.lineage import Trends
from llm_gallery.lineage.designs import Design
from llm_gallery.lineage.sizes import FOLLOWED, Sizes
from llm_gallery.lineage.trends_next import ENOUGH, Share

MOST = 6
"""Concepts that are named as risen, and as fallen."""
TWO = 2
"""Designs that a year must have had a concept in, for the next one to have lost it."""
FIGURES = ("total", "active_share", "experts", "context", "cache_bytes_per_token")
"""The five numbers whose medians tell a year, by the name under which they are followed."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the recipe: the concepts among which a design chooses, and what it is called to have none."""

    name: str
    among: tuple[str, ...]
    otherwise: str
    of: str = ""  # a concept that a design must have for the question to arise
    one: bool = False  # only the first that holds; else all that do, together


RECIPE = (
    Part(
        "Layers",
        (
            "hybrid",
            "compressed-attention",
            "sparse-attention",
            "block-sparse-attention",
            "local-global-layers",
            "chunked-attention",
            "sliding-window-attention",
        ),
        "Every layer sees everything",
        one=True,
    ),
    Part(
        "Heads",
        (
            "multi-head-latent-attention",
            "grouped-query-attention",
            "multi-query-attention",
            "multi-head-attention",
        ),
        "Others",
        one=True,
    ),
    Part("Query and key", ("qk-norm",), "Not normed"),
    Part("Behind the attention", ("gated-attention",), "No gate"),
    Part(
        "Positions",
        (
            "rope",
            "nope",
            "learned-positions",
            "sinusoidal-positions",
            "alibi",
            "relative-positions",
        ),
        "None",
    ),
    Part("Rotated", ("partial-rope",), "The whole head", "rope"),
    Part(
        "Norm of a branch",
        ("pre-norm", "post-norm", "sandwich-norm", "mixed-norm", "stream-norm"),
        "None",
        one=True,
    ),
    Part("MLP", ("mixture-of-experts",), "Dense"),
    Part("Activation", ("swiglu", "geglu", "gelu", "relu-squared"), "Another one", one=True),
    Part(
        "Router",
        ("sigmoid-routing", "softmax-routing", "sqrtsoftplus-routing"),
        "Another one",
        "mixture-of-experts",
        one=True,
    ),
    Part("Balance", ("bias-balanced-routing",), "Without a bias", "mixture-of-experts"),
    Part("Expert for all", ("shared-expert",), "None", "mixture-of-experts"),
    Part("First layers", ("dense-prefix",), "With experts as well", "mixture-of-experts"),
    Part(
        "Residual",
        (
            "alternating-updates",
            "hyper-connections",
            "attention-residuals",
            "gated-residual-streams",
        ),
        "One stream",
        one=True,
    ),
    Part("Head", ("tied-embeddings",), "Of its own"),
    Part("Trained to foresee", ("multi-token-prediction",), "The next token"),
)
"""In the order of a layer; what a model is filtered by is asked of its first model's tree."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What designs chose for a part, and which, oldest first."""

    words: str
    designs: tuple[Design, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part with its choices, the most common first."""

    part: str
    choices: tuple[Choice, ...]

    @property
    def of(self) -> int:
        """Designs that had the choice."""
        return sum(len(one.designs) for one in self.choices)


@dataclass(frozen=True, slots=True)
class Moved:
    """A concept's share of the designs of a year and of the year before."""

    concept: str
    now: Share
    then: Share


@dataclass(frozen=True, slots=True)
class Came:
    """A concept that no earlier model of the catalog has."""

    concept: str
    first: Design
    designs: int
    organizations: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the year's designs that have it: its median, and that of the year before."""

    name: str  # in FOLLOWED
    now: float
    designs: int
    then: float | None
    most: float
    most_in: tuple[str, ...]  # ids of the designs that have so much


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is told of a year."""

    year: int
    models: int
    designs: int
    organizations: int
    before: int  # designs of the year before
    recipe: tuple[Chosen, ...]
    came: tuple[Came, ...]
    rose: tuple[Moved, ...]
    fell: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    figures: tuple[Figure, ...]
    answers: tuple[Statement, ...]  # what may come next is the last


def told_years(counted: Trends) -> tuple[int, ...]:
    """The years of which there is enough to tell, the newest first; the newest in any case."""
    return tuple(
        one.year
        for one in reversed(counted.years)
        if one.models >= ENOUGH or one.year == counted.years[-1].year
    )


def report(counted: Trends, names: Callable[[str], str], year: int) -> Report:
    """The year of these models. Raises Refusal where none of them is of it."""
    new = [one for one in counted.designs if one.released.year == year]
    old = [one for one in counted.designs if one.released.year == year - 1]
    of_year = next((one for one in counted.years if one.year == year), None)
    if of_year is None:
        known = ", ".join(str(one.year) for one in counted.years)
        raise Refusal(f"no model of the catalog is of {year}, expected one of {known}")
    moved = _moved(new, old)
    sizes = {one.model: one for one in counted.sizes}
    return Report(
        year=year,
        models=of_year.models,
        designs=len(new),
        organizations=len({one.organization for one in new}),
        before=len(old),
        recipe=tuple(filter(lambda one: one.choices, (_chosen(part, new) for part in RECIPE))),
        came=_came(counted, new, year),
        rose=tuple(sorted((m for m in moved if _by(m) > 0), key=lambda m: (-_by(m), m.concept)))[
            :MOST
        ],
        fell=tuple(
            sorted(
                (m for m in moved if _by(m) < 0 and m.now.having), key=lambda m: (_by(m), m.concept)
            )
        )[:MOST],
        lost=tuple(m for m in moved if m.then.having >= TWO and not m.now.having),
        figures=_figures([sizes[d.first.id] for d in new], [sizes[d.first.id] for d in old]),
        answers=(
            *statements(counted, names, year),
            shift(counted, max(d.quarter for d in counted.designs if d.released.year <= year)),
        ),
    )


def _chosen(part: Part, new: Sequence[Design]) -> Chosen:
    held: dict[str, list[Design]] = {}
    for one in new:
        if not part.of or part.of in one.concepts:
            held.setdefault(_words(part, one), []).append(one)
    ranked = sorted(held.items(), key=lambda item: (-len(item[1]), item[0]))
    return Chosen(part.name, tuple(Choice(words, tuple(found)) for words, found in ranked))


def _words(part: Part, one: Design) -> str:
    having = [concepts()[name].name for name in part.among if name in one.concepts]
    return (having[0] if part.one else " and ".join(having)) if having else part.otherwise


def _moved(new: Sequence[Design], old: Sequence[Design]) -> list[Moved]:
    if not new or not old:
        return []
    names = sorted({name for one in (*new, *old) for name in one.concepts} & set(concepts()))
    return [Moved(name, _share(name, new), _share(name, old)) for name in names]


def _share(concept: str, among: Sequence[Design]) -> Share:
    return Share(sum(concept in one.concepts for one in among), len(among))


def _by(one: Moved) -> float:
    return one.now.part - one.then.part


def _came(counted: Trends, new: Sequence[Design], year: int) -> tuple[Came, ...]:
    """Most designs first, then the earliest."""
    found = []
    for one in counted.concepts:
        having = [design for design in new if one.concept in design.concepts]
        if one.released.year == year and having and one.concept in concepts():
            makers = len({design.organization for design in having})
            found.append(Came(one.concept, having[0], len(having), makers))
    return tuple(sorted(found, key=lambda came: (-came.designs, came.first.released, came.concept)))


def _figures(new: Sequence[Sizes], old: Sequence[Sizes]) -> tuple[Figure, ...]:
    made = []
    for name in FIGURES:
        now, then = _numbers(name, new), _numbers(name, old)
        if now:
            most = max(now.values())
            middle = median(then.values()) if then else None
            having = tuple(model for model, number in now.items() if number == most)
            made.append(Figure(name, median(now.values()), len(now), middle, most, having))
    return tuple(made)


def _numbers(name: str, of: Sequence[Sizes]) -> Mapping[str, float]:
    return {one.model: value for one in of if (value := FOLLOWED[name](one)) is not None}


def report_json(one: Report) -> dict[str, Any]:
    """Plain data; a design is named by the id of its first model."""
    return {
        "year": one.year,
        "models": one.models,
        "designs": one.designs,
        "organizations": one.organizations,
        "designs_before": one.before,
        "recipe": [
            {
                "part": chosen.part,
                "of": chosen.of,
                "choices": [
                    {"words": choice.words, "designs": [d.first.id for d in choice.designs]}
                    for choice in chosen.choices
                ],
            }
            for chosen in one.recipe
        ],
        "came": [
            {
                "concept": came.concept,
                "first": came.first.first.id,
                "designs": came.designs,
                "organizations": came.organizations,
            }
            for came in one.came
        ],
        **{
            name: [
                {"concept": moved.concept, "now": _plain(moved.now), "then": _plain(moved.then)}
                for moved in found
            ]
            for name, found in (("rose", one.rose), ("fell", one.fell), ("lost", one.lost))
        },
        "figures": [
            {
                "name": figure.name,
                "median": figure.now,
                "designs": figure.designs,
                "before": figure.then,
                "most": {"number": figure.most, "models": list(figure.most_in)},
            }
            for figure in one.figures
        ],
        "answers": [
            {"title": said.title, "text": said.text, "models": list(said.models)}
            for said in one.answers
        ],
    }


def _plain(one: Share) -> dict[str, int]:
    return {"having": one.having, "of": one.of}
