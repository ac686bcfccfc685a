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
from llm_gallery.lineage import Evidence, Lineage, Step, step_text, step_words
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
class Relative:
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

    ancestors: tuple[Relative, ...]  # measured, the nearest first
    siblings: tuple[Relative, ...]  # of its release, with the same ancestor
    stated: tuple[Relative, ...]  # others that authors or code name
    children: tuple[Relative, ...]  # the nearest ancestor of each is the page's model; oldest first
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


def family(shown: Shown, site: Site) -> Family:
    """Everything that the family tree knows of one model."""
    tree = site.lineage
    children = tree.children[shown.id]
    named = {step.parent.id for step in tree.measured[shown.id]}
    stated = (s for s in tree.stated if s.step.child.id == shown.id)
    return Family(
        ancestors=tuple(
            _relative(step.parent, step, step_words(step), source=step.evidence.source)
            for step in tree.measured[shown.id]
        ),
        siblings=tuple(_sibling(shown.id, sibling, tree) for sibling in tree.siblings[shown.id]),
        stated=tuple(
            _relative(s.step.parent, s.step, step_words(s.step), source=s.claim.source)
            for s in stated
            if s.step.parent.id not in named
        ),
        children=tuple(
            _relative(step.child, step, step_words(step)) for step in children[:CHILDREN]
        ),
        more=max(0, len(children) - CHILDREN),
        drawn=changed_from(shown, site) is not None,
        recipe=shown.id in recipes(),
    )


def _sibling(model_id: str, other: str, tree: Lineage) -> Relative:
    """Another model of its release, with what differs from the elder to the younger."""
    old, new = (tree.members[member] for member in tree.members if member in (model_id, other))
    evidence = Evidence("release", f"{old.name} and {new.name} came out together.")
    step = Step(old, new, new.since(old), evidence=evidence, sibling=True)
    return _relative(tree.members[other], step, step_words(step))


def changed_from(shown: Shown, site: Site) -> Step | None:
    """The step from the nearest ancestor, where its makers changed more than sizes."""
    step = site.lineage.parent(shown.id)
    return step if step is not None and step.difference.causes else None


def drawing(step: Step, old: Shown, new: Shown, detail: DifferenceDetail) -> Markup:
    """The difference figure of a step, for a page; narrow ones stand at the window's edge."""
    figure = replace(
        drawn(new.cached(compared, lambda: _compared(old, new)), detail),
        title=f"Difference of {old.model.name} and {new.model.name}",
        description=" ".join(step.difference.sentences),
    )
    new.looks.update(figure.looks(new.looks))
    return Markup(figure.inline(side=AT_EDGE.get(detail, 0)))


def _compared(old: Shown, new: Shown) -> Compared:
    both = old, new
    models = Comparison(tuple(shown.profile for shown in both))
    return compared(models, [shown.model.heading for shown in both])


def _relative(other: Member, step: Step, words: str, source: str = "") -> Relative:
    return Relative(
        id=other.id,
        name=other.name,
        released=other.released,
        pair=f"{step.parent.id},{step.child.id}",
        words=words,
        source=source,
        told=step_text(step, address=False),
        resembles=step.evidence.relation == "resembles",
    )
