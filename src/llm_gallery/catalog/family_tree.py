"""The catalog's family tree as a figure: what lineage measured, in the plain data that the drawing takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from llm_gallery.analysis.parameters import parameters
from llm_gallery.architecture.block import Block, layers, mixer
from llm_gallery.comparison import once
from llm_gallery.figure.kit.drawing import Drawing
from llm_gallery.figure.sheets.descent_path import Stop, descent_path
from llm_gallery.figure.sheets.discs import Relative
from llm_gallery.figure.sheets.family_tree import Descent, Relation, family_tree
from llm_gallery.figure.sheets.tree_dot import period
from llm_gallery.lineage import Lineage, Member, Step, step_text
from llm_gallery.mechanisms import colour_of
from llm_gallery.mechanisms.colour import Colour


def drawn(tree: Lineage, *, title: str = "Family tree") -> Drawing:
    """The tree as a drawing, copies folded into the first of their design."""
    return family_tree(
        tuple(relatives(tree)),
        tuple(descents(tree)),
        title=title,
        sentence=SENTENCE if title else "",
    )


def drawn_path(steps: Sequence[Step], start: Member) -> Drawing:
    """The way from a model as a drawing; without steps, that model alone."""
    stops = path_stops(steps, start)
    title = f"From {start.name} to {stops[-1].model.name}" if steps else start.name
    return descent_path(stops, title=title)


def path_stops(steps: Sequence[Step], start: Member) -> list[Stop]:
    """The models of a way, each with what it changed."""
    later = (
        Stop(
            _relative(step.child),
            f"{step.difference.design} {step_text(step, address=False)}",
            alike=step.evidence.relation == "resembles",
        )
        for step in steps
    )
    return [Stop(_relative(start), ""), *later]


SENTENCE = (
    "Whom each design follows. A line is a descent for which there is evidence; dashed, it is a resemblance by "
    "measure alone; broad, it joins siblings: one release, one ancestor."
)


def relatives(tree: Lineage) -> Iterator[Relative]:
    """One a design, oldest first."""
    copies: dict[str, list[str]] = {}
    for model, original in tree.originals.items():
        if model != original:
            copies.setdefault(original, []).append(tree.members[model].name)
    for model, member in tree.members.items():
        if tree.originals[model] != model:
            continue
        yield _relative(member, tuple(copies.get(model, ())))


def _relative(member: Member, copies: tuple[str, ...] = ()) -> Relative:
    root = member.architecture.root
    counted = parameters(root)
    return Relative(
        id=member.id,
        name=member.name,
        organization=member.organization,
        released=member.released,
        total=counted.total,
        active=counted.active,
        most=counted.varies,
        mechanism=commonest(root),
        period=period(root),
        copies=copies,
    )


def commonest(root: Block) -> Colour:
    """What most layers mix tokens with; of two that are as frequent, the one that isn't full attention."""
    mixers = filter(None, map(mixer, layers(root)))
    counts = Counter(map(colour_of, mixers))
    return max(counts, key=lambda word: (counts[word], word != "full", word), default="full")


def descents(tree: Lineage) -> Iterator[Descent]:
    """Each design's nearest ancestor, or the sibling with which it has that, and what its authors state beside it."""
    placed: set[tuple[str, str]] = set()
    for model, original in tree.originals.items():
        step = tree.parent(model)
        if model != original or step is None:
            continue
        pair = model, tree.originals[step.parent.id]
        placed.add(pair)
        evidence = step.evidence
        elder = tree.elder.get(model)
        if elder is not None:
            pair = model, tree.originals[elder.parent.id]
            placed.add(pair)
            yield _descent(pair, "sibling", step, f"since {step.parent.name}")
            continue
        why = f"distance {step.distance:.1f}" if evidence.kind == "measure" else evidence.short
        yield _descent(pair, evidence.relation, step, why)
    for stated in tree.stated:
        if stated.claim.by != "authors":
            continue
        pair = tree.originals[stated.step.child.id], tree.originals[stated.step.parent.id]
        if pair[0] == stated.step.child.id and pair[0] != pair[1] and pair not in placed:
            placed.add(pair)
            yield _descent(pair, "stated", stated.step, stated.claim.by)


def _descent(pair: Sequence[str], relation: Relation, step: Step, why: str) -> Descent:
    changes = step.difference.causes or step.difference.changes
    return Descent(
        child=pair[0],
        parent=pair[1],
        relation=relation,
        changes=tuple(once(changes)),
        why=why,
        source=step.evidence.source,
    )
