"""The comparison of any two to six models: one page, and a file a model from which its script puts it together.

There are too many pairs for a page each. A model's file holds its facts as `comparison.table` has them,
and in words what sets it apart from every older model; those of equal architectures are one work.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from llm_gallery.catalog.memory_numbers import memory_of
from llm_gallery.comparison import Part, Profile, TableSection, table
from llm_gallery.comparison.changes import ROLES
from llm_gallery.figure.tower.bare import bare_drawing
from llm_gallery.lineage import Member, Step
from llm_gallery.site.ancestry import changed_from
from llm_gallery.site.contents import Shown, Site
from llm_gallery.site.page import TREE, Document, Page
from llm_gallery.site.plates import LEVELS
from llm_gallery.site.render import script
from llm_gallery.site.short_forms import day

KNOWN = (
    ("deepseek-v3", "kimi-k2"),
    ("gpt2-xl", "llama-2-7b"),
    ("llama-3-8b", "olmo-2-7b"),
    ("mixtral-8x7b", "gpt-oss-120b"),
    ("llama-3-8b", "mamba-2.8b"),
    ("gemma-3-27b", "qwen3-next-80b-a3b"),
)
"""Pairs that a course begins with."""
SUGGESTED = 12
"""Pairs that are offered where nothing is chosen yet."""


def pages(site: Site) -> Iterator[Page | Document]:
    """The page and the files of all models."""
    yield Document(
        "compare/index.html", "compare.html", partial(_values, site), TREE, card=site.card
    )
    for model in site.models:
        yield Page(f"compare/{model.id}.js", partial(_file, model, site), site.compared_with(model))
        for detail in LEVELS:
            name = f"drawings/{model.id}-{detail}"
            yield Page(f"{name}.js", partial(_drawing, model, name, detail), model.id)
        yield Page(f"drawings/{model.id}-tower.js", partial(_tower, model), model.id)


def _file(shown: Shown, site: Site) -> bytes:
    order = tuple(site.lineage.members.values())  # oldest first
    older = order[: order.index(shown.member)]
    return script(f"compare/{shown.id}", _data(shown, site, older, changed_from(shown, site)))


def _drawing(shown: Shown, name: str, detail: Any) -> bytes:
    return script(name, str(shown.drawing(detail)))


def _tower(shown: Shown) -> bytes:
    """Its tower, and what each block of it is: title, and which of the table's parts."""
    rows, held = shown.rows, [*ordered(shown.profile)]
    drawn = bare_drawing(rows, f"{shown.id}-tower")
    shown.looks.update(drawn.looks(shown.looks))
    blocks = [
        [
            block.path,
            block.title,
            next((at for at, part in enumerate(held) if part.holds(block.block)), None),
        ]
        for storey in rows.storeys
        for branch in storey.branches
        for block in branch.blocks
    ]
    ends = {"head": rows.head_path, "embedding": rows.embedding_path, "norm": rows.norm_path}
    about = {"total": rows.total, "about": rows.about}
    return script(
        f"drawings/{shown.id}-tower",
        {"svg": drawn.inline(), "blocks": blocks, "ends": ends, **about},
    )


def _data(shown: Shown, site: Site, older: Sequence[Member], step: Step | None) -> dict[str, Any]:
    whole, *sections, follows = table([shown.profile])
    places, texts = site.sayings.of(shown.member, older)
    entry = shown.exhibit.entry
    return {
        "id": entry.id,
        "name": entry.name,
        "organization": entry.organization,
        "released": entry.released.isoformat(),
        **memory_of(shown.exhibit.architecture, entry.config),
        "day": day(entry.released),
        "traits": _facts(whole),
        "parts": [
            {**part, "title": section.title, "facts": _facts(section)}
            for part, section in zip(parts(shown.profile), sections, strict=True)
        ],
        "follows": _facts(follows),
        "said": places,
        "texts": texts,
        "from": step.parent.id if step is not None else None,  # whose difference is drawn
    }


def parts(profile: Profile) -> Iterator[dict[str, Any]]:
    """What decides which part answers to which, in the order of the table."""
    for part in ordered(profile):
        yield {
            "role": part.role,
            "kind": part.kind,
            "reach": part.reach,
            "rotated": part.rotated,
            "key": "\x01".join(part.key),
        }


def ordered(profile: Profile) -> Iterator[Part]:
    """A model's parts in the order of the table."""
    return (part for role in ROLES for part in profile.parts if part.role == role)


def _facts(section: TableSection) -> list[list[Any]]:
    """Name, label, words and value of each fact."""
    return [[row.name, row.label, row.words[0], row.values[0]] for row in section.rows]


def _values(site: Site) -> dict[str, Any]:
    return {"levels": LEVELS, "models": site.models, "suggested": [*_suggested(site)]}


def _suggested(site: Site) -> Iterator[dict[str, Any]]:
    """Known pairs, then the newest models beside the ones that they follow."""
    members = site.lineage.members
    pairs = [(old, new) for old, new in KNOWN if old in members and new in members]
    steps = (site.lineage.parent(shown.id) for shown in site.models)
    pairs += [(s.parent.id, s.child.id) for s in steps if s is not None and not s.copy]
    for old, new in [*dict.fromkeys(pairs)][:SUGGESTED]:
        said = members[new].since(members[old]).sentences
        yield {"old": members[old], "new": members[new], "said": next(iter(said), "")}
