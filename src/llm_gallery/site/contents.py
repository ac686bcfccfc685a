"""What all pages are made from: the catalog's models, described once, each drawn when a page first asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any, TypeVar

from markupsafe import Markup

from llm_gallery.analysis.concepts import concepts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.glossary import texts
from llm_gallery.catalog.load import MODELS, Model, models
from llm_gallery.catalog.model_code import code
from llm_gallery.catalog.model_facts import model_facts
from llm_gallery.comparison import Profile
from llm_gallery.extras import Missing
from llm_gallery.figure import Detail, draw
from llm_gallery.figure.draw import in_format
from llm_gallery.figure.kit.drawing import Drawing, Looks
from llm_gallery.figure.sheets.glossary import glossary_of
from llm_gallery.figure.steps import Steps, steps
from llm_gallery.figure.tower.build import tower
from llm_gallery.figure.tower.pages import PAGES, head_height
from llm_gallery.figure.tower.rows import Tower
from llm_gallery.lineage import Lineage, Member, lineage
from llm_gallery.lineage.design_map import DesignMap, design_map
from llm_gallery.mechanisms.legend import Term
from llm_gallery.plan.planning import plan
from llm_gallery.site.exhibit import Exhibit
from llm_gallery.site.hosting import NOWHERE, Hosting
from llm_gallery.site.page import Card
from llm_gallery.site.plates import in_page
from llm_gallery.site.said import Sayings, first_alike
from llm_gallery.trends.trends import Trends, trends

Made = TypeVar("Made")


@dataclass(frozen=True)
class Shown:
    """A model ready to be shown."""

    model: Model
    exhibit: Exhibit
    looks: Looks = field(repr=False)  # of every drawing in a page so far, shared by all models
    card_looks: Looks = field(repr=False)  # of the cards among them
    address: str = ""  # of the site
    _cache: dict[object, Any] = field(default_factory=dict, repr=False)

    @property
    def id(self) -> str:
        """Its id in the catalog."""
        return self.model.id

    def cached(self, name: object, make: Callable[[], Made]) -> Made:
        """What its pages have in common, made when the first of them asks, and kept while they are written."""
        if name not in self._cache:
            self._cache[name] = make()
        value: Made = self._cache[name]
        return value

    def forget(self) -> None:
        """Lets go of what its pages have in common: drawings of all models take more memory than all else."""
        self._cache.clear()

    def plate(self, detail: Detail) -> Drawing:
        """Its figure, placed."""
        model = self.model
        if detail in PAGES:
            make = partial(in_format, detail, self.rows, model.heading)
        else:
            make = partial(draw, model.architecture, model.heading, detail=detail)
        return self.cached((draw, detail), make)

    @property
    def rows(self) -> Tower:
        """Those of its tower, whatever the format."""
        model = self.model
        rows = partial(tower, model.architecture, model.heading, address=self.address)
        return self.cached(tower, rows)

    def drawing(self, detail: Detail) -> Markup:
        """Its figure as it stands in a page."""
        return self.cached(
            (in_page, detail), lambda: in_page(self.plate(detail), detail, self.looks)
        )

    @property
    def tower(self) -> Markup:
        """Its tower with call-outs as it stands in its page, which says name and size above it."""
        drawn = self.plate("paper")
        self.looks.update(drawn.looks(self.looks))
        return Markup(drawn.inline(top=head_height(self.rows)))

    @property
    def steps(self) -> Steps:
        """A token's way through it."""
        return self.cached(steps, lambda: steps(self.model.architecture, self.model.heading))

    @property
    def code(self) -> str:
        """Its printed file; empty where it can't be printed yet, or what prints it isn't installed."""
        return self.cached(code, self._code)

    def _code(self) -> str:
        try:
            return code(self.model)
        except (Refusal, Missing):
            return ""

    @property
    def words(self) -> tuple[Term, ...]:
        """The terms and letters of its figure, explained."""
        root = self.model.architecture.root
        return self.cached(glossary_of, lambda: glossary_of(plan(root), root, texts()))

    @property
    def profile(self) -> Profile:
        """What it is compared by."""
        return self.member.profile

    @cached_property
    def member(self) -> Member:
        """What the family tree knows of it."""
        entry = self.exhibit.entry
        return Member(
            id=entry.id,
            name=entry.name,
            organization=entry.organization,
            released=entry.released,
            architecture=self.model.architecture,
            repository=entry.repository,
        )

    @cached_property
    def facts(self) -> Mapping[str, Any]:
        """Its facts, with what its entry says."""
        entry = self.exhibit.entry
        entered = {
            "organization": entry.organization,
            "repository": entry.repository,
            "released": entry.released.isoformat(),
            "summary": entry.summary,
            "licence": {"name": entry.licence.name, "link": entry.licence.link},
            "report": entry.report,
            "doubts": list(entry.doubts),
            "context_published": None if entry.context is None else int(entry.context.tokens),
        }
        return {**model_facts(self.model), **entered}


@dataclass(frozen=True)
class Site:
    """All models, newest first, and what is known of them together."""

    models: tuple[Shown, ...]
    catalog: Path
    hosting: Hosting
    looks: Looks = field(repr=False)
    card_looks: Looks = field(repr=False)
    sheet_looks: Looks = field(repr=False)  # of drawings of the whole catalog
    census: Path | None = None  # a finished one

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """The models with their counts and facets."""
        return tuple(shown.exhibit for shown in self.models)

    @cached_property
    def sayings(self) -> Sayings:
        """What is said of the difference of any two."""
        return Sayings(first_alike([shown.member for shown in self.models]))

    def compared_with(self, shown: Shown) -> str:
        """The work of the files by which a model is compared."""
        return f"compared with {self.sayings.first[shown.id]}"

    def forget(self, work: str) -> None:
        """Lets go of what only the pages of a work have in common: those of a model are a work by its id."""
        self.sayings.forget()
        if work in self._by_id:
            self._by_id[work].forget()

    @cached_property
    def _by_id(self) -> Mapping[str, Shown]:
        return {shown.id: shown for shown in self.models}

    @cached_property
    def shown_by(self) -> Counter[str]:
        """How many models show each concept, by its id."""
        return Counter(name for exhibit in self.exhibits for name in exhibit.concepts)

    @cached_property
    def newest(self) -> date:
        """The day of its newest model: a site knows no clock."""
        return max(exhibit.entry.released for exhibit in self.exhibits)

    @property
    def year(self) -> int:
        """Of its newest model."""
        return self.newest.year

    @property
    def card(self) -> Card:
        """What a page that shows all models says of itself."""
        return Card(newest=self.newest)

    @cached_property
    def trends(self) -> Trends:
        """What is counted over them."""
        return trends([shown.member for shown in self.models])

    @cached_property
    def lineage(self) -> Lineage:
        """The family tree."""
        return lineage([shown.member for shown in self.models])

    @cached_property
    def design_map(self) -> DesignMap:
        """Its designs in a plane."""
        return design_map(self.trends.designs)

    def measure(self) -> tuple[Lineage, DesignMap]:
        """How far models are apart: once that is measured, processes that are forked have it, with all differences."""
        return self.lineage, self.design_map


def site(
    catalog: Path | None = None, hosting: Hosting = NOWHERE, census: Path | None = None
) -> Site:
    """The site of a catalog, the package's own where none is given, with what a census says.

    Raises Refusal where the catalog has a fault or no entry, and where the census isn't finished.
    """
    if census is not None:
        from llm_gallery.census.places import finished  # of an extra

        finished(census)
    looks: Looks = {}
    cards: Looks = {}
    top = hosting.address
    shown = tuple(Shown(model, _exhibit(model), looks, cards, top) for model in models(catalog))
    if not shown:
        raise Refusal(f"{catalog} holds no entry, expected one TOML file a model; add one")
    return Site(shown, catalog or MODELS, hosting, looks, cards, {}, census)


def _exhibit(model: Model) -> Exhibit:
    assert model.entry is not None  # of a catalog
    named = (*concepts(model.architecture.root), *model.entry.concepts)
    return Exhibit(model.entry, model.architecture, tuple(dict.fromkeys(named)))
