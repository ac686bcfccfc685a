"""Ancestors and followers of a model on its page, and the drawing of what its makers changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from markupsafe import Markup

from llm_gallery.catalog.followers import recipes
from llm_gallery.comparison import Comparison
from llm_gallery.figure.difference import Compared, DifferenceDetail, compared, drawn
from llm_gallery.lineage import Evidence, Lineage, Step, step_words, told
from llm_gallery.lineage.family_member import Member
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.page import Page
from llm_gallery.site.plates import AT_EDGE
from llm_gallery.site.render import script

WIDTHS: tuple[DifferenceDetail, ...] = ("phone", "column", "standard")
"""The drawing for three widths, as a model's own figure has them."""
CHILDREN = 8
"""Descendants that a page names; the family tree has them all."""


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative: what changed between it and the page's model, in words, and who says so where somebody does."""

    id: str
    name: str
    released: date
    pair: str  # as the comparison's address has it, the older first
    words: str
    source: str = ""
    told: str = ""  # what the step rests on
    resembles: bool = False  # whether only the measure says that one follows the other


@dataclass(frozen=True, slots=True)
class Family:
    """The relatives of one model."""

    ancestors: tuple[Kin, ...]  # measured, the nearest first
    siblings: tuple[Kin, ...]  # of its release, with the same ancestor
    stated: tuple[Kin, ...]  # others that authors or code name
    children: tuple[Kin, ...]  # the nearest ancestor of each is the page's model; oldest first
    more: int  # children that are left out
    drawn: bool  # whether there is a drawing of what changed from the nearest ancestor
    recipe: bool  # whether its recipe has a page of followers


def pages(site: Site) -> Iterator[Page]:
    """A file for each model that has such a drawing: what its widths have in common is deflated once."""
    by_id = {shown.id: shown for shown in site.models}
    for shown in site.models:
        step = changed_from(shown, site)
        if step is not None:
            parent = by_id[step.parent.id]
            name = f"drawings/{shown.id}-from"
            yield Page(f"{name}.js", partial(_file, name, step, parent, shown), shown.id)


def _file(name: str, step: Step, old: Shown, new: Shown) -> bytes:
    return script(name, {detail: drawing(step, old, new, detail) for detail in WIDTHS})


def family(own: Shown, site: Site) -> Family:
    """Everything that the family tree knows of one model."""
    tree = site.lineage
    children = tree.children[own.id]
    named = {step.parent.id for step in tree.measured[own.id]}
    stated = (s for s in tree.stated if s.step.child.id == own.id)
    return Family(
        ancestors=tuple(
            _kin(step.parent, step, step_words(step), source=step.evidence.source)
            for step in tree.measured[own.id]
        ),
        siblings=tuple(_sibling(own.id, one, tree) for one in tree.siblings[own.id]),
        stated=tuple(
            _kin(s.step.parent, s.step, step_words(s.step), source=s.claim.source)
            for s in stated
            if s.step.parent.id not in named
        ),
        children=tuple(_kin(step.child, step, step_words(step)) for step in children[:CHILDREN]),
        more=max(0, len(children) - CHILDREN),
        drawn=changed_from(own, site) is not None,
        recipe=own.id in recipes(),
    )


def _sibling(own: str, other: str, tree: Lineage) -> Kin:
    """Another model of its release, with what differs from the elder to the younger."""
    old, new = (tree.members[one] for one in tree.members if one in (own, other))
    told = Evidence("release", f"{old.name} and {new.name} came out together.")
    step = Step(old, new, new.since(old), evidence=told, sibling=True)
    return _kin(tree.members[other], step, step_words(step))


def changed_from(own: Shown, site: Site) -> Step | None:
    """The step from the nearest ancestor, where its makers changed more than sizes."""
    step = site.lineage.parent(own.id)
    return step if step is not None and step.difference.causes else None


def drawing(step: Step, old: Shown, new: Shown, detail: DifferenceDetail) -> Markup:
    """The difference figure of a step, for a page; narrow ones stand at the window's edge."""
    figure = replace(
        drawn(new.kept(compared, lambda: _compared(old, new)), detail),
        title=f"Difference of {old.model.name} and {new.model.name}",
        description=" ".join(step.difference.sentences),
    )
    new.looks.update(figure.looks(new.looks))
    return Markup(figure.inline(side=AT_EDGE.get(detail, 0)))


def _compared(old: Shown, new: Shown) -> Compared:
    both = old, new
    models = Comparison(tuple(one.profile for one in both))
    return compared(models, [one.model.heading for one in both])


def _kin(other: Member, step: Step, words: str, source: str = "") -> Kin:
    return Kin(
        id=other.id,
        name=other.name,
        released=other.released,
        pair=f"{step.parent.id},{step.child.id}",
        words=words,
        source=source,
        told=told(step, address=False),
        resembles=step.evidence.relation == "resembles",
    )
