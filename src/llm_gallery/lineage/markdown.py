"""The family tree as Markdown: the whole as an outline, what follows one model and paths as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from llm_gallery.comparison.report import escaped
from llm_gallery.lineage.distance import Step
from llm_gallery.lineage.recipe import recipe
from llm_gallery.lineage.tree import Lineage
from llm_gallery.lineage.tree_outline import Line, outline
from llm_gallery.lineage.tree_report import KEY, link_words, step_text, step_words


def markdown(tree: Lineage, names: Mapping[str, str]) -> str:
    """The tree, and under it what is stated and not measured; `names` are those of concepts by id."""
    lines = list(_followers(tree, names) if tree.root else _whole(tree))
    if tree.disagreements:
        lines += ["", "## Stated, not measured", "", *_disagreements(tree)]
    return "\n".join(lines) + "\n"


def path_markdown(steps: Sequence[Step]) -> str:
    """A row a step."""
    if not steps:
        return "The same model.\n"
    first = steps[0].parent
    lines = [f"# From {escaped(first.name)} to {escaped(steps[-1].child.name)}", ""]
    lines += ["| released | model | what changed | evidence |", "|---|---|---|---|"]
    lines.append(f"| {first.released.isoformat()} | {escaped(first.name)} | | |")
    lines += [
        f"| {step.child.released.isoformat()} | {escaped(step.child.name)} | {_sentence(step)} "
        f"| {escaped(step_text(step))} |"
        for step in steps
    ]
    return "\n".join(lines) + "\n"


def _whole(tree: Lineage) -> Iterator[str]:
    yield from ("# Family tree", "")
    for line in outline(tree):
        changed = (
            "" if line.step is None else f", {_link(line.step)}: {escaped(step_words(line.step))}"
        )
        yield f"{'  ' * line.depth}- **{escaped(line.member.name)}**{_when(line)}{changed}"
    yield from ("", KEY)


def _link(step: Step) -> str:
    """How the step leads from the older model; what it rests on is a link to where that is said."""
    words, source = escaped(link_words(step)), step.evidence.source
    return f"[{words}]({source})" if source else words


def _when(line: Line) -> str:
    also = f"; also {', '.join(escaped(copy.name) for copy in line.copies)}" if line.copies else ""
    return f" ({line.member.released.isoformat()}{also})"


def _followers(tree: Lineage, concepts: Mapping[str, str]) -> Iterator[str]:
    root = tree.members[tree.root]
    yield from (f"# What follows {escaped(root.name)}", "")
    yield f"| released | model | follows | what changed | kept of {escaped(root.name)} | gone |"
    yield "|---|---|---|---|---|---|"
    for line in outline(tree):
        inherited = recipe(root, line.member)
        most = len(inherited.kept) + len(inherited.gone)
        changed = "" if line.step is None else _sentence(line.step)
        names = ", ".join(escaped(member.name) for member in (line.member, *line.copies))
        link = "" if line.step is None else _link(line.step)
        gone = ", ".join(concepts[concept] for concept in inherited.gone)
        yield (
            f"| {line.member.released.isoformat()} | {names} | {link} | {changed} "
            f"| {len(inherited.kept)} of {most} | {gone} |"
        )


def _disagreements(tree: Lineage) -> Iterator[str]:
    yield "| model | stated ancestor | distance | stands under | distance | stated by |"
    yield "|---|---|---:|---|---:|---|"
    for stated in tree.disagreements:
        nearest = tree.parent(stated.step.child.id)
        measured = ("none", "") if nearest is None else (nearest.parent.name, nearest.distance)
        yield (
            f"| {escaped(stated.step.child.name)} | {escaped(stated.step.parent.name)} "
            f"| {stated.step.distance} | {escaped(measured[0])} | {measured[1]} "
            f"| [authors]({stated.claim.source}) |"
        )


def _sentence(step: Step) -> str:
    return escaped(step.difference.design)
