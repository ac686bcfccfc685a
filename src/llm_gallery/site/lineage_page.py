"""The page of the family tree: the drawing, and an outline that says the same and opens every step."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from markupsafe import Markup

from llm_gallery.catalog.family_tree import commonest, descents, relatives
from llm_gallery.catalog.followers import recipes
from llm_gallery.comparison import once
from llm_gallery.figure.kit.axes import DateAxis
from llm_gallery.figure.kit.svg import place
from llm_gallery.figure.sheets.family_tree import Descent, dates, family_tree
from llm_gallery.lineage import (
    Lineage,
    Member,
    Stated,
    Step,
    descendants,
    link_words,
    outline,
    step_text,
    step_words,
)
from llm_gallery.mechanisms.colour import Colour
from llm_gallery.site.contents import Site
from llm_gallery.site.exhibit import MECHANISMS
from llm_gallery.site.page import TREE, Document, Page
from llm_gallery.site.plates import in_page
from llm_gallery.site.render import environment, script
from llm_gallery.site.short_forms import many

WIDE = 1360.0
"""Px of the drawing: the column of the page, so that its type has the size of the page's."""
OPENED = 30
"""Designs that the outline shows before one is opened, at most: three windows of a phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A design of the outline: where it stands, its copies, and what changed from its nearest ancestor."""

    member: Member
    below: int  # designs under it, those under them too
    opened: bool  # whether those are seen at first
    ends_lists: int  # how many lists of designs end with it
    colour: Colour
    copies: tuple[Member, ...]
    step: Step | None
    link: str  # that it only resembles its ancestor, and how far it is; whose sibling it is
    told: str
    words: str
    changes: tuple[tuple[str, list[str]], ...]
    stated: tuple[Stated, ...]
    ends: tuple[str, ...]  # designs below it that its recipe isn't found in any more


def pages(site: Site) -> Iterator[Page | Document]:
    """The page; and every step in full, for the page's script and as a page of its own, which needs none.

    They are a third of the tree's weight, and most visits open none.
    """
    cached_lines = cache(lambda: tuple(lines(site.lineage)))
    yield Document(
        "lineage/index.html",
        "lineage.html",
        partial(_values, site, cached_lines),
        TREE,
        card=site.card,
    )
    yield Document(
        "lineage/steps/index.html", "steps.html", lambda: {"lines": _steps(cached_lines())}, TREE
    )
    yield Page("lineage/steps.js", lambda: script("steps", _written(_steps(cached_lines()))), TREE)


def lines(tree: Lineage) -> Iterator[Line]:
    """Every design under its nearest ancestor, oldest first."""
    claims: dict[str, list[Stated]] = {}
    for stated in tree.stated:
        claims.setdefault(tree.originals[stated.step.child.id], []).append(stated)
    told = tuple(outline(tree))
    below = _below([line.depth for line in told])
    opened = _opened([line.depth for line in told], below)
    for index, line in enumerate(told):
        member, step = line.member, line.step
        next_depth = told[index + 1].depth if index + 1 < len(told) else 0
        yield Line(
            member=member,
            below=below[index],
            opened=index in opened,
            ends_lists=max(0, line.depth - next_depth),
            colour=commonest(member.architecture.root),
            copies=line.copies,
            step=step,
            link=_link(step),
            told="" if step is None else step_text(step, address=False),
            words="a line of its own begins" if step is None else step_words(step),
            changes=() if step is None else tuple(_changes(step)),
            stated=tuple(claims.get(member.id, ())),
            ends=_ends(tree, member.id),
        )


def _below(depths: Sequence[int]) -> list[int]:
    """How many designs stand under each, by their depths in the order of the outline."""
    counts = []
    for index, depth in enumerate(depths):
        rest = depths[index + 1 :]
        counts.append(next((at for at, other in enumerate(rest) if other <= depth), len(rest)))
    return counts


def _opened(depths: Sequence[int], below: Sequence[int]) -> set[int]:
    """Which lists are open at first: the longest, as long as no more than so many designs are seen."""
    opened: set[int] = set()
    seen = [index for index, depth in enumerate(depths) if depth == 0]
    while waiting := [index for index in seen if below[index] and index not in opened]:
        longest = max(waiting, key=lambda index: below[index])
        under = range(longest + 1, longest + 1 + below[longest])
        children = [index for index in under if depths[index] == depths[longest] + 1]
        if len(seen) + len(children) > OPENED:
            break
        opened.add(longest)
        seen += children
    return opened


def _link(step: Step | None) -> str:
    if step is None or (step.evidence.relation == "descends" and step.elder is None):
        return ""
    return link_words(step)


def _ends(tree: Lineage, design: str) -> tuple[str, ...]:
    """Where what follows a design ends, as `llm-gallery lineage --root` has it."""
    left = descendants(tree, design).left
    return tuple(dict.fromkeys(tree.originals[step.child.id] for step in left))


def _changes(step: Step) -> Iterator[tuple[str, list[str]]]:
    for title, changes in (
        ("Design", step.difference.causes),
        ("Sizes", step.difference.scale),
        ("Settings", step.difference.settings),
    ):
        if changes:
            yield title, once(changes)


def _example(lines: Sequence[Descent], tree: Lineage) -> str:
    """The model that most others follow."""
    followed = Counter(line.parent for line in lines if line.placed).most_common(1)
    return tree.members[followed[0][0] if followed else next(iter(tree.members))].name


def _header(axis: DateAxis) -> Markup:
    """The labels of the axis by themselves: they stay in view while the drawing scrolls under them."""
    texts = [
        Markup('<text class="{}" x="{}" y="17">{}</text>').format(
            "year" if tick.main else "quarter", place(tick.at), tick.words
        )
        for tick in axis.ticks()
    ]
    return Markup('<svg class="dates" viewBox="0 0 {} 26" aria-hidden="true">{}</svg>').format(
        place(WIDE), Markup("").join(texts)
    )


def _steps(lines: Sequence[Line]) -> list[Line]:
    return [line for line in lines if line.step is not None]


def _written(lines: Sequence[Line]) -> dict[str, str]:
    """The elements of each step, by the later design."""
    template = environment().get_template("step.html")
    return {line.member.id: template.render(line=line) for line in lines}


def _light(drawing: Markup) -> Markup:
    """Without what its lines say of themselves to other programs, and what a disc's bars say as the disc does."""
    bare = re.sub(r' data-(?:changes|relation|source)="[^"]*"', "", drawing)
    return Markup(
        re.sub(r'(<path[^>]* data-model="[^"]*"[^>]*)><title>[^<]*</title></path>', r"\1/>", bare)
    )


def _values(site: Site, lines_of: Callable[[], Sequence[Line]]) -> dict[str, Any]:
    tree = site.lineage
    designs, steps = tuple(relatives(tree)), tuple(descents(tree))
    drawing = replace(
        family_tree(designs, steps, title="", wide=WIDE),
        title="Family tree on a date axis",
        description=f"{many(len(designs), 'design')}, all named in the outline below, which says the same.",
    )
    return {
        "drawing": _light(in_page(drawing, None, site.sheet_looks)),
        "dates": _header(dates(designs, steps, WIDE)),
        "colours": [
            (m, name) for m, name in MECHANISMS.items() if m in {d.mechanism for d in designs}
        ],
        "lines": lines_of(),
        "originals": tree.originals,
        "designs": len(designs),
        "models": len(tree.members),
        "recipes": [
            (recipe, tree.members[recipe].name) for recipe in recipes() if recipe in tree.members
        ],
        "example": _example(steps, tree),
        "disagreements": [
            (stated, tree.parent(stated.step.child.id)) for stated in tree.disagreements
        ],
    }
