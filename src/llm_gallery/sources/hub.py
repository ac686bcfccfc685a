"""A model's `config.json` on the Hugging Face Hub, read through `huggingface_hub` (extra `hub`).

`HF_ENDPOINT`, `HF_HOME`, `HF_TOKEN` and `HF_HUB_OFFLINE` work as that package documents them.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.extras import need
from llm_gallery.sources import config_file
from llm_gallery.sources.hub_id import HubId
from llm_gallery.sources.hub_id import is_repository as is_repository

if TYPE_CHECKING:
    from llm_gallery.sources.hub_answers import Answer

FILE = "config.json"
HOST = "https://huggingface.co"
"""Where a reader's browser fetches a config, on a site that is built so."""
EXPECTED = "a repository with a config.json"


class NoConfig(Refusal):
    """A repository that the Hub has, without a file that says how its model is built."""


def read(repository: str) -> dict[str, Any]:
    """The config of a repository, also at an `@revision`, from the Hub or from its local cache when the Hub is out of reach.

    Raises Refusal where the Hub doesn't answer, NoConfig where there is none, Missing without the extra.
    """
    need("hub", f"{repository} is no model of the catalog and no path; reading it from the Hub")
    prepare()
    from huggingface_hub import errors as e
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    from llm_gallery.sources.hub_answers import SECONDS, meaning  # only where the Hub is asked

    repository, _, revision = repository.partition("@")
    named = HubId(repository, revision)
    address = hf_hub_url(repository, FILE, revision=revision or None)
    try:
        size = get_hf_file_metadata(address, timeout=SECONDS).size
    except e.EntryNotFoundError:
        return _other_name(named)
    except Exception as error:  # httpx, the system and the package each raise their own
        return _cached(named, meaning(error, named))
    if size is not None and size > config_file.LARGEST:
        raise _refused(named, f"has a config.json of {size:,} bytes", "check the name")
    try:
        path = hf_hub_download(repository, FILE, revision=revision or None, etag_timeout=SECONDS)
    except Exception as error:  # httpx, the system and the package each raise their own
        raise _refused(
            named,
            f"can't be downloaded ({type(error).__name__})",
            "try again, or give the path of its config.json",
        ) from None
    return config_file.read(Path(path))


def prepare() -> None:
    """Makes the package say nothing by itself: what it meets is told in a refusal."""
    import logging

    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)


def _other_name(named: HubId) -> dict[str, Any]:
    """The config under another name that a model's may have: Mistral's, say, have a params.json alone."""
    for name in config_file.NAMES:
        path = file(named.repository, name, config_file.LARGEST, named.revision)
        if name != FILE and path is not None:
            return config_file.read(path)
    raise _none(named)


def file(repository: str, name: str, largest: int, revision: str = "") -> Path | None:
    """A file of a repository, downloaded or from the local cache; None where it is out of reach or too large."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    from llm_gallery.sources.hub_answers import SECONDS

    try:
        address = hf_hub_url(repository, name, revision=revision or None)
        size = get_hf_file_metadata(address, timeout=SECONDS).size
        if size is None or size > largest:
            return None
        path = hf_hub_download(repository, name, revision=revision or None, etag_timeout=SECONDS)
        return Path(path)
    except Exception:  # httpx, the system and the package each raise their own
        return None


def _cached(named: HubId, why: Answer) -> dict[str, Any]:
    """What was downloaded before. Raises Refusal where nothing was, or where the Hub's answer stands."""
    from huggingface_hub import try_to_load_from_cache

    from llm_gallery.sources import hub_answers, hub_cache
    from llm_gallery.sources.hub_listing import known

    if not why.passing:
        why = hub_answers.of_another_type(named, why)
        raise hub_answers.refusal(named, EXPECTED, why)
    commit = hub_cache.commit_of(named.repository, named.revision)
    for revision in (named.revision or None, commit):
        for name in config_file.NAMES:
            path = try_to_load_from_cache(named.repository, name, revision=revision)
            if isinstance(path, str):
                return config_file.read(Path(path))
    listed = known(named)
    if listed is not None and listed.sizes.keys().isdisjoint(config_file.NAMES):
        raise _none(named)
    advice = f"{why.advice}, or give the path of its config.json"
    raise hub_answers.refusal(named, EXPECTED, why._replace(advice=advice))


def _none(named: HubId) -> NoConfig:
    return NoConfig(
        f"{named} has no config.json, expected {EXPECTED}; check the name, or give the model that it was made of, "
        "as GGUF files are"
    )


def _refused(named: HubId, fault: str, advice: str) -> Refusal:
    return Refusal(f"{printable(str(named))} {fault}, expected {EXPECTED}; {advice}")
