"""The files of a repository on the Hub at one commit, and their sizes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.sources import hub_answers, hub_cache
from llm_gallery.sources.hub_answers import SECONDS, Answer
from llm_gallery.sources.hub_ggufs import holds_ggufs
from llm_gallery.sources.hub_id import HubId

EXPECTED = "a repository of a model"
MOST_FILES = 20_000
"""Of one repository; the largest release has 700."""
_LISTED = ".files"
_UNSAFE = re.compile(r"(^|/)(\.|$)|[\\:]|[^ -~]")
"""Names that aren't written on any system; a repository of weights has none."""


class Listing(NamedTuple):
    """What a repository holds at a commit."""

    commit: str
    sizes: Mapping[str, int]  # bytes of each file


def listing(named: HubId) -> Listing:
    """The files of a repository, asked of the Hub; of a commit that was asked for before, or offline, from the cache.

    Raises Refusal where there is no such repository or revision, or nobody can say.
    """
    if hub_cache.is_commit(named.revision) and (before := known(named)):
        return before
    from huggingface_hub import HfApi

    try:
        info = HfApi().model_info(
            named.repository,
            revision=named.revision or None,
            files_metadata=True,
            timeout=SECONDS,
        )
        commit, siblings = str(info.sha), info.siblings or ()
        sizes = {
            file.rfilename: file.size
            for file in siblings
            if type(file.size) is int and not _UNSAFE.search(file.rfilename)
        }
    except Exception as error:  # httpx, the system and the package each raise their own
        why = hub_answers.meaning(error, named)
        return _before(named, why)
    if not hub_cache.is_commit(commit) or len(sizes) > MOST_FILES:
        raise Refusal(
            f"{named} is listed with {len(siblings):,} files at commit {commit[:40]}, expected at most {MOST_FILES:,} "
            "and a commit of 40 digits; check HF_ENDPOINT"
        )
    found = Listing(commit, sizes)
    if _known(named.repository, commit) != found:
        text = json.dumps(sizes).encode()
        hub_cache.keep(hub_cache.folder(named.repository, commit) / _LISTED, text, len(text))
    hub_cache.keep_commit(named.repository, named.revision, commit)
    return found


def known(named: HubId) -> Listing | None:
    """The files of a repository as the cache has them; None where it doesn't."""
    revision = named.revision
    commit = (
        revision
        if hub_cache.is_commit(revision)
        else hub_cache.commit_of(named.repository, revision)
    )
    return _known(named.repository, commit) if commit else None


def of_ggufs(named: HubId) -> bool:
    """Whether a repository's models are GGUFs; not so where it can't be listed."""
    try:
        return holds_ggufs(listing(named).sizes)
    except Refusal:
        return False


def _before(named: HubId, why: Answer) -> Listing:
    """What the Hub said when it was last asked. Raises Refusal where it wasn't, or where its answer stands."""
    if why.passing and (before := known(named)):
        return before
    raise hub_answers.refusal(named, EXPECTED, hub_answers.of_another_type(named, why))


def _known(repository: str, commit: str) -> Listing | None:
    """A commit's files, as they were listed before."""
    file = hub_cache.folder(repository, commit) / _LISTED
    if hub_cache.kept_size(file) is None:
        return None
    return Listing(commit, json.loads(file.read_bytes()))
