"""The pages of concepts: what each is, who has it since when, its drawing, and what it saves on those very models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import groupby
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.ablation import ablations
from llm_gallery.catalog.concept_courses import FOLDED, courses, lead, said
from llm_gallery.catalog.concept_reading import of_concept
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.load import find
from llm_gallery.catalog.savings import measure
from llm_gallery.concepts import AREAS, Concept
from llm_gallery.concepts import concepts as known
from llm_gallery.lessons import dials
from llm_gallery.lessons.lesson import Lesson, lessons
from llm_gallery.lessons.minutes import minutes
from llm_gallery.lineage.concept_series import COURSES, RELEASE_DAYS, Series
from llm_gallery.mechanisms import owned_names
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.adoption import Share, bars, shares, spark
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.course_view import places
from llm_gallery.site.dial_view import dial_view, on_others
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.layer_strip import strip
from llm_gallery.site.lesson_view import lesson_view
from llm_gallery.site.moving import moving_picture
from llm_gallery.site.page import CONCEPTS, Card, Document, Page
from llm_gallery.site.path_view import waypoints
from llm_gallery.site.plates import in_page
from llm_gallery.site.question_view import question
from llm_gallery.site.render import script
from llm_gallery.site.run_in_page import Running, parts, running
from llm_gallery.site.savings import Saving, savings
from llm_gallery.site.sharing import COMMON
from llm_gallery.site.undone_view import words
from llm_gallery.trends.lags import lag
from llm_gallery.trends.trends import Trends

BESIDE = 10
"""Models in a table before the rest is folded; companions that are named."""


@dataclass(frozen=True, slots=True)
class Row:
    """A concept of the index: `steps` are those of its lesson, on the model named; none where nobody teaches it."""

    concept: Concept
    colour: str
    steps: int
    on: str
    count: int
    first: Exhibit
    spark: Markup


@dataclass(frozen=True, slots=True)
class SavingRow:
    """A model in the table of what a concept saves."""

    saving: Saving
    strip: Markup
    bar: Markup


@dataclass(frozen=True)
class Counted:
    """The concepts that the catalog's models have, and who has them."""

    site: Site

    @cached_property
    def concepts(self) -> tuple[Concept, ...]:
        """The concepts that have a page, in the order of the index."""
        used = {name for exhibit in self.site.exhibits for name in exhibit.concepts}
        order = list(AREAS)
        concepts = [concept for name, concept in known().items() if name in used]
        return tuple(sorted(concepts, key=lambda c: (order.index(c.area), c.name.lower())))

    @property
    def trends(self) -> Trends:
        """What is counted over the catalog."""
        return self.site.trends

    def users(self, concept: Concept) -> tuple[Shown, ...]:
        """The models that have it, oldest first."""
        users = [shown for shown in self.site.models if concept.id in shown.exhibit.concepts]
        return tuple(sorted(users, key=lambda s: (s.exhibit.entry.released, s.id)))

    def shares(self, concept: str) -> tuple[Share, ...]:
        """Its adoption by quarter."""
        return shares(concept, self.trends.quarters)


def pages(site: Site) -> Iterator[Document | Page]:
    """The index of concepts, and a page for each."""
    counted = Counted(site)
    yield Document(
        "concepts/index.html", "concepts.html", partial(_index, counted), CONCEPTS, card=site.card
    )
    for concept in counted.concepts:
        folder, card = f"concepts/{concept.id}", _card(counted, concept)
        lesson = lessons().get(concept.id)
        if lesson is None:  # nobody teaches it yet
            untaught = partial(_concept, counted, concept)
            yield Document(f"{folder}/index.html", "concept.html", untaught, CONCEPTS, card=card)
            continue
        work = lesson.on  # whose printed file and counts its page shows
        running = cache(partial(_running, lesson))
        filled = partial(_lesson_page, counted, concept, running)
        yield Page(f"{folder}/run.json", partial(_run_json, running), work)
        if others := _others(counted, concept, lesson):
            data = partial(_dials, concept, lesson, others)
            yield Page(f"{folder}/dial.js", data)  # of other models, and needs no family tree
        yield Document(f"{folder}/index.html", "concept.html", filled, work, card=card)


def _running(lesson: Lesson) -> Running:
    """The lesson's function, on the miniature of its model."""
    function = lesson.runs or lesson.functions[0]
    other = "" if lesson.rewritten is None else lesson.rewritten.in_place_of(function)
    return running(lesson.on, function, call=lesson.call, look=lesson.look or "", other=other)


def _run_json(running: Callable[[], Running]) -> bytes:
    return running().json


def _others(counted: Counted, concept: Concept, lesson: Lesson) -> list[Entry]:
    """Models with the concept that its dial turns on, too, the newest first."""
    counted_before = dials.known().get(concept.id, {}) if lesson.dial else {}
    return [
        shown.exhibit.entry
        for shown in reversed(counted.users(concept))
        if shown.id in counted_before
    ]


def _dials(concept: Concept, lesson: Lesson, others: Sequence[Entry]) -> bytes:
    """What the page loads once another model is chosen."""
    assert lesson.dial is not None
    counted_dials = {entry.id: dials.on(lesson, lesson.dial, entry.id) for entry in others}
    known_dials = {
        model: counted_dial
        for model, counted_dial in counted_dials.items()
        if counted_dial is not None
    }
    return script(f"dials/{concept.id}", on_others(known_dials, words(lesson)))


def _whose(name: str) -> str:
    """A name of the field, and whose it is where one maker alone uses it."""
    maker = owned_names().get(name)
    return f"{name} ({maker}'s name)" if maker else name


def colour(concept: Concept) -> Colour:
    """The mechanism whose colour stands for it."""
    return concept.mechanism


def _card(counted: Counted, concept: Concept) -> Card:
    """What its page says of itself: a term, the paper that it comes from, and the code of its lesson."""
    paper = concept.paper
    term = {"@type": "DefinedTerm", "name": concept.name, "description": concept.text}
    other = [*concept.names, *concept.aliases]
    cited = {"@type": "CreativeWork", "name": paper.title, "url": paper.link}
    code = {"@type": "SoftwareSourceCode", "name": concept.name, "programmingLanguage": "Python"}
    return Card(
        kind="TechArticle",
        about=lambda _: {
            "about": {**term, **({"alternateName": other} if other else {})},
            "citation": {**cited, "datePublished": str(paper.year)},
            "hasPart": code,
        },
        image=f"concepts/{concept.id}/{COMMON}",
        alt=f"{concept.name}: {concept.text} Beside it its drawing",
        newest=counted.users(concept)[-1].exhibit.entry.released,
    )


def _index(counted: Counted) -> dict[str, Any]:
    areas = [
        (title, [_row(counted, c) for c in counted.concepts if c.area == area])
        for area, (title, _) in AREAS.items()
    ]
    quarters = counted.shares("")
    return {
        "areas": [(title, rows) for title, rows in areas if rows],
        "count": len(counted.concepts),
        "models": len(counted.site.models),
        "span": dict.fromkeys((quarters[0].label, quarters[-1].label)),
    }


def _row(counted: Counted, concept: Concept) -> Row:
    users = counted.users(concept)
    small = spark(counted.shares(concept.id), colour(concept))
    lesson = lessons().get(concept.id)
    steps, on = (0, "") if lesson is None else (len(lesson.steps), find(lesson.on).name)
    return Row(concept, colour(concept), steps, on, len(users), users[0].exhibit, small)


def _lesson_page(
    counted: Counted, concept: Concept, running: Callable[[], Running]
) -> dict[str, Any]:
    """The page of a concept with its lesson."""
    users = [shown.exhibit.entry for shown in counted.users(concept)]
    ids = [c.id for c in counted.concepts]
    lesson = lesson_view(concept, ids, counted.site.looks)
    dial = lesson.dial
    return {
        **_concept(counted, concept),
        "lesson": lesson,
        "way": waypoints(concept.id, ids, counted.site.looks),
        "minutes": minutes(lessons()[concept.id]),
        "made": running(),
        "parts": parts(),
        "places": places(concept.id, counted.site),
        "shown_here": any(shown.id == lesson.model for shown in counted.site.models),
        "moving": moving_picture(lessons()[concept.id]),
        "question": None
        if dial is None
        else question(lessons()[concept.id], dial, counted.users(concept)),
        "dial": None
        if dial is None
        else dial_view(
            dial, lesson.without, users, _others(counted, concept, lessons()[concept.id])
        ),
    }


def _concept(counted: Counted, concept: Concept) -> dict[str, Any]:
    """What its page says whether it is taught or not."""
    users = counted.users(concept)
    adoption = counted.shares(concept.id)
    newest_first = [shown.exhibit for shown in reversed(users)]
    saved = savings(concept.id, newest_first)
    return {
        "concept": concept,
        "names": tuple(map(_whose, concept.names)),
        "reading": of_concept(concept.id),
        "area": AREAS[concept.area][0],
        "colour": colour(concept),
        "lesson": None,
        "shown_here": False,
        "dial": None,
        "moving": None,
        "question": None,
        "years": _by_year(users),
        "users": [shown.exhibit.entry for shown in users],
        "organizations": len({shown.exhibit.entry.organization for shown in users}),
        "lag": lag(counted.trends, concept.id),
        "ablations": ablations().get(concept.id, ()),
        "companions": _companions(counted, concept),
        "asked": lead(concept.id, counted.trends.designs),
        "courses": _courses(concept.id, counted.trends),
        "said": said,
        "release_days": RELEASE_DAYS,
        "adoption": in_page(
            bars(adoption, colour(concept), concept.name), None, counted.site.looks
        ),
        "last": adoption[-1],
        "measure": measure(concept.id),
        "most": max(saved, key=lambda s: s.undone / max(1, s.actual), default=None),
        "saved": _saved(saved, colour(concept)),
        "shown": BESIDE,
    }


def _by_year(users: Sequence[Shown]) -> list[tuple[int, list[Entry]]]:
    """Who uses it, a line a year."""
    entries = [shown.exhibit.entry for shown in users]
    return [(year, [*of]) for year, of in groupby(entries, lambda entry: entry.released.year)]


def _courses(concept: str, counted: Trends) -> list[tuple[str, bool, list[Series]]]:
    """What became of it within each organization: a heading, whether a count says it all, and who."""
    groups = groupby(courses(concept, counted.designs), key=lambda series: series.course)
    return [(COURSES[course], course in FOLDED, [*of]) for course, of in groups]


def _companions(counted: Counted, concept: Concept) -> list[tuple[Concept, int]]:
    """What most often stands beside it, in how many models."""
    pairs = [
        (other, pair.both)
        for pair in counted.trends.together
        if concept.id in (pair.first, pair.second)
        for other in {pair.first, pair.second} - {concept.id}
    ]
    return [(known()[other], both) for other, both in pairs[:4] if other in known()]


def _saved(savings: Sequence[Saving], colour: str) -> list[SavingRow]:
    return [
        SavingRow(
            saving,
            strip(saving.model.root, f"Schedule: {saving.model.pattern}"),
            _bar(saving, colour),
        )
        for saving in savings
    ]


def _bar(saving: Saving, colour: str) -> Markup:
    """The whole is the model without the concept; what is filled, it takes."""
    return Markup(
        '<svg class="pair {}" viewBox="0 0 400 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="undone" width="400" height="8"/><rect class="solid" width="{}" height="8"/></svg>'
    ).format(colour, max(1.0, round(400 * saving.actual / saving.undone, 1)))
