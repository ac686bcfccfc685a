"""Names on the Hugging Face Hub: `owner/name`, at a revision, and which GGUF where a repository holds several.

`owner/name@v1.0`, `owner/name:Q4_K_M`, `owner/name/folder/file.gguf@main`.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple
from urllib.parse import unquote

from llm_gallery.architecture.refusal import Refusal, quoted

_NAME = r"[A-Za-z0-9][\w.-]{0,95}"
_REPOSITORY = re.compile(rf"{_NAME}/{_NAME}", re.ASCII)
_ID = re.compile(
    rf"(?P<repository>{_NAME}/{_NAME})"
    r"(?:/(?P<file>(?:[\w.+-][\w .+-]*/){0,8}[\w.+-][\w .+-]{0,200}\.(?:gguf|safetensors))|:(?P<variant>[\w.-]{1,64}))?"
    r"(?:@(?P<revision>\w[\w./+-]{0,200}))?",
    re.ASCII,
)
_FILES = (".json", ".gguf", ".safetensors")
_HOSTS = r"(?:hf://|(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co)/)"
_ADDRESS = re.compile(rf"{_HOSTS}(?:(datasets|spaces)/)?({_NAME}/{_NAME})(?:/(.*))?", re.ASCII)
_PLACE = re.compile(r"(?:blob|resolve|raw|tree|commit)/([^/?#]+)(?:/([^?#]+))?")


class HubId(NamedTuple):
    """A repository, or one of its files."""

    repository: str
    revision: str = ""
    """A branch, a tag or a commit; empty for the branch main."""
    file: str = ""
    """A .gguf or a .safetensors, with its folders."""
    variant: str = ""
    """The end of a GGUF's name, as llama.cpp and Ollama take it: "Q4_K_M"."""

    @property
    def name(self) -> str:
        """The repository's, without its owner."""
        return self.repository.partition("/")[2]

    def __str__(self) -> str:
        """As a person types it."""
        file = self.file and f"/{self.file}"
        variant = self.variant and f":{self.variant}"
        return f"{self.repository}{file}{variant}" + (self.revision and f"@{self.revision}")


def is_repository(text: str) -> bool:
    """Whether the text can be a Hub id: "organization/name"."""
    return _REPOSITORY.fullmatch(text) is not None and ".." not in text


def parsed(word: str) -> HubId | None:
    """What a word names on the Hub; None where it can be no such name, as a path of Windows."""
    found = _ID.fullmatch(word)
    if found is None or ".." in word or found["repository"].endswith(_FILES):
        return None
    return HubId(**found.groupdict(default=""))


def refuse_address(word: str) -> None:
    """Raises Refusal where a word is an address, with the Hub id to give where it is one of the Hub."""
    found = _ADDRESS.fullmatch(word)
    if found is None or os.path.exists(word):
        if re.match(r"https?://", word):
            raise Refusal(
                f"{quoted(word)} is an address, expected a path or a Hub id; "
                "download what stands there, and give its path"
            )
        return
    kind, repository, rest = found.groups()
    if kind:
        raise Refusal(
            f"{quoted(word)} is the address of a {kind[:-1]}, expected a model; give a model's Hub id"
        )
    place = _PLACE.match(rest or "")
    revision, file = place.groups(default="") if place else ("", "")
    named = HubId(
        repository,
        "" if revision == "main" else unquote(revision),
        unquote(file) if file.endswith((".gguf", ".safetensors")) else "",
    )
    given = named if parsed(str(named)) else HubId(repository)
    raise Refusal(f"{quoted(word)} is an address, expected a path or a Hub id; give {given}")
