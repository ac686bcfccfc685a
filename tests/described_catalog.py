"""The package's own catalog, described once a run: what is worked out about a tree is found again by the tree."""

from __future__ import annotations

from functools import cache

from llm_gallery.architecture.block import Architecture
from llm_gallery.catalog.load import models
from llm_gallery.figure import Heading
from llm_gallery.lineage import Lineage, Member
from llm_gallery.site import contents
from llm_gallery.site.contents import Site


@cache
def site() -> Site:
    """What the pages show."""
    return contents.site()


@cache
def members() -> tuple[Member, ...]:
    """Every model, newest first."""
    return tuple(one.member for one in site().models)


@cache
def drawable() -> tuple[tuple[Architecture, Heading], ...]:
    """What sheets draw of every model, oldest first."""
    return tuple((model.architecture, model.heading) for model in reversed(models()))


def tree() -> Lineage:
    """Who descends from whom."""
    return site().lineage
