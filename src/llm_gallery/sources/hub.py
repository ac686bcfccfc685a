"""A model's `config.json` on the Hugging Face Hub, read through `huggingface_hub` (extra `hub`).

`HF_ENDPOINT`, `HF_HOME`, `HF_TOKEN` and `HF_HUB_OFFLINE` work as that package documents them.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.extras import need
from llm_gallery.sources import config_file

FILE = "config.json"
HOST = "https://huggingface.co"
"""Where a reader's browser fetches a config, on a site that is built so."""
SECONDS = 10.0
"""How long the Hub may take to answer."""
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.ASCII)


def is_repository(text: str) -> bool:
    """Whether the text can be a Hub id: "organization/name"."""
    return _REPOSITORY.fullmatch(text) is not None and ".." not in text


def read(repository: str) -> dict[str, Any]:
    """The config of a repository, from the Hub or from its local cache when the Hub is out of reach.

    Raises Refusal where the Hub doesn't answer or there is no such config, Missing without the extra.
    """
    need("hub", f"{repository} is no model of the catalog and no path; reading it from the Hub")
    import logging

    from huggingface_hub import errors as e
    from huggingface_hub import (
        get_hf_file_metadata,
        hf_hub_download,
        hf_hub_url,
        try_to_load_from_cache,
    )
    from huggingface_hub.utils.tqdm import disable_progress_bars

    disable_progress_bars()
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    address = hf_hub_url(repository, FILE)
    try:
        size = get_hf_file_metadata(address, timeout=SECONDS).size
    except e.GatedRepoError:
        raise _refused(
            repository,
            "asks for its terms to be accepted first",
            "accept them on its page and run `hf auth login`, or give the path of its config.json",
        ) from None
    except e.RepositoryNotFoundError:
        raise _refused(repository, "isn't on the Hub, or is private", "check the name") from None
    except e.EntryNotFoundError:
        return _other_name(repository)
    except Exception:  # httpx, the system and the package each raise their own when out of reach
        return _cached(repository, try_to_load_from_cache(repository, FILE))
    if size is not None and size > config_file.LARGEST:
        raise _refused(repository, f"has a config.json of {size:,} bytes", "check the name")
    try:
        return config_file.read(Path(hf_hub_download(repository, FILE, etag_timeout=SECONDS)))
    except Refusal:
        raise
    except Exception as error:
        raise _refused(
            repository,
            f"can't be downloaded ({type(error).__name__})",
            "try again, or give the path of its config.json",
        ) from None


def _other_name(repository: str) -> dict[str, Any]:
    """The config under another name that a model's may have: Mistral's, say, have a params.json alone."""
    for name in config_file.NAMES:
        if name != FILE and (path := file(repository, name, config_file.LARGEST)) is not None:
            return config_file.read(path)
    raise _refused(
        repository,
        "has no config.json",
        "check the name, or give the model that it was made of, as GGUF files are",
    )


def file(repository: str, name: str, largest: int) -> Path | None:
    """A file of a repository, downloaded or from the local cache; None where it is out of reach or too large."""
    from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url

    try:
        size = get_hf_file_metadata(hf_hub_url(repository, name), timeout=SECONDS).size
        if size is None or size > largest:
            return None
        return Path(hf_hub_download(repository, name, etag_timeout=SECONDS))
    except Exception:  # httpx, the system and the package each raise their own
        return None


def _cached(repository: str, file: object) -> dict[str, Any]:
    """What was downloaded before."""
    if isinstance(file, str):
        return config_file.read(Path(file))
    raise _refused(
        repository,
        "can't be read: the Hub is out of reach and was not read before",
        "check the network, or give the path of its config.json",
    )


def _refused(repository: str, fault: str, advice: str) -> Refusal:
    return Refusal(
        f"{printable(repository)} {fault}, expected a repository with a config.json; {advice}"
    )
