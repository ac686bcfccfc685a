"""The family tree as text, and as plain data with stable keys (docs/lineage.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from llm_gallery.comparison import change_json, once
from llm_gallery.comparison.phrases import listed
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.family_member import Member
from llm_gallery.lineage.recipe import recipe
from llm_gallery.lineage.tree import Lineage, Stated
from llm_gallery.lineage.tree_outline import outline

Json = dict[str, Any]

FAR = 4.0
"""What is farther, and has no evidence, is hardly like its nearest: another mechanism in every layer and more."""
MOST_WORDS = 4
"""Changes that a line of the text tree names."""


def to_json(tree: Lineage) -> Json:
    """Nodes oldest first, measured edges, those of siblings, stated edges, and where statement and measure disagree."""
    measured = [
        _measured(tree, step, rank)
        for steps in tree.measured.values()
        for rank, step in enumerate(steps, 1)
    ]
    left = {"left": [_left_json(tree, step) for step in tree.left]} if tree.root else {}
    return {
        "nodes": [_node(tree, model) for model in tree.members],
        "edges": [
            *measured,
            *(_sibling(tree, step) for step in tree.elder.values()),
            *map(_stated, tree.stated),
        ],
        "disagreements": [_disagreement(tree, stated) for stated in tree.disagreements],
        **left,
    }


def text(tree: Lineage, names: Mapping[str, str]) -> str:
    """One line a design, indented under its ancestor: date, name, copies, and what changed.

    What follows one model is said in whole sentences, with what is kept of that model's recipe;
    `names` are those of concepts by id.
    """
    return (
        "\n".join([*_lines(tree, names), "", KEY, *_left(tree, names), *_disagreements(tree)])
        + "\n"
    )


def _left(tree: Lineage, names: Mapping[str, str]) -> Iterator[str]:
    """Where the recipe of the tree's root ends."""
    if tree.left:
        yield from ("", f"No longer the recipe of {tree.members[tree.root].name}, nor what follows")
    for step in tree.left:
        recipe_words = _recipe_words(tree.members[tree.root], step.child, names)
        yield f"  {step.child.name}, after {step.parent.name}: {recipe_words}"


def _disagreements(tree: Lineage) -> Iterator[str]:
    if tree.disagreements:
        yield from ("", "Stated, not measured")
    for stated in tree.disagreements:
        nearest = tree.parent(stated.step.child.id)
        near = (
            ""
            if nearest is None
            else f"; it stands under {nearest.parent.name} ({nearest.distance})"
        )
        old, new = stated.step.parent, stated.step.child
        yield f"  {new.name}: {old.name} by its authors ({stated.step.distance}){near}"


def path_text(steps: Sequence[Step]) -> str:
    """Each step with its date, and what it changed in a sentence."""
    if not steps:
        return "The same model.\n"
    first = steps[0].parent
    lines = [f"{first.released.isoformat()}  {first.name}"]
    for step in steps:
        when, room = step.child.released.isoformat(), " " * 12
        lines += ["", f"{when}  {step.difference.design}", f"{room}{step_text(step)}"]
    return "\n".join(lines) + "\n"


def path_json(steps: Sequence[Step]) -> Json:
    """The steps of a path, oldest first."""
    return {"steps": [_edge(step, "measured") for step in steps]}


def link_words(step: Step) -> str:
    """How a step leads from the older model, and what says so: "from Llama 2 7B (stated by its authors)".

    Of a sibling, whose ancestor needn't be what is nearest to itself, "sibling of ERNIE 4.5 300B-A47B, under Mixtral 8x22B".
    """
    with_it = f"sibling of {step.elder.name}, " if step.elder is not None else ""
    if step.evidence.relation == "resembles":
        verb = "nearest to" if step.distance > FAR else "resembles"
        verb = "under" if with_it else verb
        return f"{with_it}{verb} {step.parent.name} (distance {step.distance}{_credited(step)})"
    return f"{with_it}from {step.parent.name} ({step.evidence.short}{_credited(step)})"


def _credited(step: Step) -> str:
    """ "; its authors name GPT-3, PaLM and GPTNeo"."""
    names = [claim.names for claim in step.evidence.credited]
    return f"; its authors name {listed(names)}" if names else ""


def step_text(step: Step, *, address: bool = True) -> str:
    """What a step rests on, in a sentence or two; with the address where somebody says it."""
    evidence = step.evidence
    source = f" {evidence.source}" if evidence.source and address else ""
    if evidence.relation == "sibling":
        return f"Siblings: {evidence.words}{source}"
    if evidence.relation == "resembles":
        what = "A faint resemblance," if step.distance > FAR else "A resemblance,"
        what = f"The ancestor of its sibling {step.elder.name}," if step.elder is not None else what
        return f"{what} at a distance of {step.distance}: {evidence.words}{source}"
    with_it = f", in common with its sibling {step.elder.name}" if step.elder is not None else ""
    return f"Descent, {evidence.short}{with_it}: {evidence.words}{source}"


KEY = (
    "“From” says that there is evidence of descent; “resembles”, that only the measure says so, and how far it is;\n"
    "“nearest to”, that even the nearest is far. Siblings came out together and have one ancestor, since which all is new."
)


def step_words(step: Step) -> str:
    """The weightiest changes of a step in words."""
    changes = step.difference.causes or step.difference.scale or step.difference.settings
    words = once(changes)
    more = len(words) - MOST_WORDS
    ending = f" and {more} more" if more > 0 else ""
    return ", ".join(words[:MOST_WORDS]) + ending if words else "the same architecture"


def _lines(tree: Lineage, names: Mapping[str, str]) -> Iterator[str]:
    for line in outline(tree):
        step, indent = line.step, "  " * line.depth
        copies = f" (+ {', '.join(copy.name for copy in line.copies)})" if line.copies else ""
        head = f"{line.member.released.isoformat()}  {indent}{line.member.name}{copies}"
        if not tree.root or step is None:
            yield head if step is None else f"{head}, {link_words(step)}: {step_words(step)}"
            continue
        yield from ("", f"{head}, {link_words(step)}")
        room = " " * 12 + indent
        yield f"{room}{step.difference.design}"
        yield f"{room}{_recipe_words(tree.members[tree.root], line.member, names)}"


def _recipe_words(root: Member, model: Member, names: Mapping[str, str]) -> str:
    shared = recipe(root, model)
    most = len(shared.kept) + len(shared.gone)
    gone = (
        f", without {', '.join(names[concept] for concept in shared.gone)}" if shared.gone else ""
    )
    return f"Keeps {len(shared.kept)} of the {most} concepts of {root.name}{gone}."


def _node(tree: Lineage, model: str) -> Json:
    member, step = tree.members[model], tree.parent(model)
    original = tree.originals[model]
    return {
        "id": model,
        "name": member.name,
        "organization": member.organization,
        "released": member.released.isoformat(),
        "generation": tree.generations[model],
        "copy": "" if step is None else step.copy,
        "copy_of": None if original == model else original,
        "siblings": list(tree.siblings[model]),
        **(_recipe(tree.members[tree.root], member) if tree.root else {}),
    }


def _left_json(tree: Lineage, step: Step) -> Json:
    """A follower that the recipe isn't found in any more."""
    shared = _recipe(tree.members[tree.root], step.child)
    return {"id": step.child.id, "parent": step.parent.id, **shared}


def _recipe(root: Member, member: Member) -> Json:
    """What a model keeps of that whose followers are shown."""
    shared = recipe(root, member)
    return {"kept": list(shared.kept), "gone": list(shared.gone), "added": list(shared.added)}


def _edge(step: Step, evidence: str) -> Json:
    return {
        "child": step.child.id,
        "parent": step.parent.id,
        "evidence": evidence,
        "relation": step.evidence.relation,
        "because": {
            "kind": step.evidence.kind,
            "words": step.evidence.words,
            "source": step.evidence.source,
            "credited": [
                {"name": claim.names, "model": claim.parent, "source": claim.source}
                for claim in step.evidence.credited
            ],
        },
        "distance": step.distance,
        "changes": [change_json(change) for change in step.difference.changes],
    }


def _sibling(tree: Lineage, step: Step) -> Json:
    """Two of one release, and the first model of the design that is the ancestor of both."""
    above = tree.parent(step.child.id)
    common = None if above is None else tree.originals.get(above.parent.id)
    return {**_measured(tree, step, None), "common": common}


def _measured(tree: Lineage, step: Step, rank: int | None) -> Json:
    return {
        **_edge(step, "measured"),
        "rank": rank,
        "same_design": list(tree.same_design(step.parent.id, step.child)),
        "nearness": step.nearness,
        "copy": step.copy,
        "same_organization": step.same_house,
        "same_code": step.same_code,
        "stated": [
            {"by": stated.claim.by, "source": stated.claim.source}
            for stated in tree.stated_of(step)
        ],
    }


def _stated(stated: Stated) -> Json:
    claim = stated.claim
    return {
        **_edge(stated.step, "stated"),
        "by": claim.by,
        "source": claim.source,
        "words": claim.words,
        "measured": stated.agrees,
    }


def _disagreement(tree: Lineage, stated: Stated) -> Json:
    nearest = tree.parent(stated.step.child.id)
    return {
        "child": stated.step.child.id,
        "stated": stated.step.parent.id,
        "by": stated.claim.by,
        "source": stated.claim.source,
        "distance": stated.step.distance,
        "measured": None if nearest is None else nearest.parent.id,
        "measured_distance": None if nearest is None else nearest.distance,
    }
