"""Looks for models that the catalog's publishers released lately, and drafts an entry of each build that it lacks.

Usage: python -m tools.new_releases FOLDER [--days 15]. Needs a network; HF_ENDPOINT and HF_TOKEN count. For each,
FOLDER/<id>/ holds entry.toml, published.toml where a count is published, figure.svg, and report.md: what changed
from the nearest model of the catalog. FOLDER/summary.md says what was passed over, and why.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, counted
from llm_gallery.catalog.entry import Entry
from llm_gallery.catalog.entry_draft import Draft, draft
from llm_gallery.catalog.load import Model, described, entries, find, slug, source
from llm_gallery.catalog.nearest import nearest
from llm_gallery.comparison import Difference, Profile, compare, markdown, profile
from llm_gallery.lineage.distance import distance
from llm_gallery.sources.hub_record import record

NEWEST = 100
"""Repositories of one publisher that are looked at."""
DAYS = 15
"""Two weekly looks, so that one that fails loses nothing: what has a branch isn't offered again."""
TASKS = ("text-generation", "image-text-to-text", "any-to-any", "audio-text-to-text", None)
"""Of the cards; None where a card says none yet."""
PATIENCE = 3
"""Lists that may fail: each is asked several times, and more say that the Hub is out of reach."""
COPIES = ("base_model:quantized:", "base_model:adapter:", "base_model:merge:")
"""Tags of repositories whose model is another's in other numbers, or a part of one."""


@dataclass(frozen=True, slots=True)
class New:
    """A release whose build the catalog lacks."""

    repository: str
    model: Model
    draft: Draft


@dataclass(frozen=True, slots=True)
class Passed:
    """A release that gets no draft, and the reason."""

    repository: str
    why: str


def publishers(held: Sequence[Entry]) -> tuple[str, ...]:
    """The owners of the catalog's repositories, in alphabetical order."""
    return tuple(sorted({entry.repository.partition("/")[0] for entry in held}, key=str.lower))


def listed(owner: str, since: datetime) -> Iterator[str]:
    """The repositories of a publisher that may hold a new language model, the earliest first."""
    from huggingface_hub import HfApi

    found = HfApi().list_models(
        author=owner,
        sort="created_at",
        limit=NEWEST,
        expand=["createdAt", "pipeline_tag", "siblings", "tags"],
    )
    for one in sorted(found, key=lambda one: str(one.created_at)):
        if one.created_at is not None and one.created_at >= since and _meant(one):
            yield one.id


def _meant(one: Any) -> bool:
    """Whether a repository holds weights of a model of its own that may write text."""
    files = [file.rfilename for file in one.siblings or ()]
    weights = any(file.endswith(".safetensors") for file in files)
    copied = any(str(tag).startswith(COPIES) for tag in one.tags or ())
    return one.pipeline_tag in TASKS and "config.json" in files and weights and not copied


def looked_at(repositories: Sequence[str]) -> Iterator[New | Passed]:
    """A draft of each whose build no model has, neither of the catalog nor before it among these."""
    held = {entry.id: entry.repository.lower() for entry in entries()}
    before: list[Profile] = []
    for repository in repositories:
        if repository.lower() in held.values():
            continue
        try:
            found = source(repository)
            architecture = described(found.config, found.name)
        except Refusal as refusal:
            yield Passed(repository, str(refusal))
            continue
        identifier = slug(found.name)
        if identifier in held:
            identifier = slug(repository)
        model = Model(identifier, found.name, architecture, config=found.config)
        own = profile(model)
        if same := _same(own, [nearest(model).neighbours[0].model, *before]):
            yield Passed(repository, f"built as {same}, size for size")
            continue
        before.append(own)
        yield New(repository, model, draft(found, identifier, record(repository)))


def _same(own: Profile, others: Sequence[Profile]) -> str:
    """The model from which nothing changed; empty where there is none."""
    return next((one.name for one in others if not distance(Difference(one, own))), "")


def report(new: New) -> str:
    """What a reviewer reads first: the nearest model, what changed from it, and what is left to do."""
    beside = nearest(new.model).neighbours[0].model
    changed = markdown(compare([find(beside.id), new.model]))
    return (
        f"Drafted from https://huggingface.co/{new.repository}. The nearest model is {beside.name}.\n\n"
        f"To finish it, fill in the lines of `catalog/models/{new.draft.id}.toml` that are marked open; "
        "docs/adding-a-model.md goes on from there.\n\n"
        f"{changed}"
    )


def written(new: New, folder: Path) -> None:
    """The files of one release."""
    place = folder / new.draft.id
    place.mkdir(parents=True)
    (place / "entry.toml").write_text(new.draft.text, "utf-8")
    (place / "report.md").write_text(report(new), "utf-8")
    if new.draft.published:
        (place / "published.toml").write_text(new.draft.published + "\n", "utf-8")
    new.model.figure().save(place / "figure.svg")


def summary(found: Sequence[New | Passed], asked: int, days: int) -> str:
    """What came of the look, in Markdown."""
    new = [one for one in found if isinstance(one, New)]
    passed = [one for one in found if isinstance(one, Passed)]
    lines = [
        f"{counted(asked, 'publisher')}, {counted(days, 'day')}: {counted(len(new), 'new build')}, "
        f"{len(passed)} passed over.",
        "",
    ]
    lines += [f"- {one.repository}: drafted as {one.draft.id}" for one in new]
    lines += [f"- {one.repository}: {one.why}" for one in passed]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=DAYS)
    given = parser.parse_args(arguments)
    since = datetime.now(UTC) - timedelta(days=given.days)
    owners = publishers(entries())
    unasked: list[Passed] = []
    repositories: list[str] = []
    for owner in owners:
        try:
            repositories += listed(owner, since)
        except Exception as error:  # httpx and the package each raise their own
            unasked.append(Passed(owner, f"its list can't be read ({type(error).__name__})"))
            if len(unasked) == PATIENCE:
                sys.exit(
                    f"{PATIENCE} lists can't be read, the last of {owner} ({error}); try again later"
                )
    found = [*looked_at(repositories), *unasked]
    given.folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        if isinstance(one, New):
            written(one, given.folder)
    told = summary(found, len(owners), given.days)
    (given.folder / "summary.md").write_text(told, "utf-8")
    print(told, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
