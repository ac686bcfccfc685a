"""What the Hub's answers and silences mean, in words: for errors of `huggingface_hub` and for requests of our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from llm_gallery.architecture.refusal import Refusal, printable
from llm_gallery.sources.hub_id import HubId

SECONDS = 10.0
"""How long the Hub may take to answer."""
ABSENT = "isn't on the Hub, or is private"
LOGIN = "run `hf auth login`"
LATER = "try again in a few minutes"


class Answer(NamedTuple):
    """Why there is no file."""

    fault: str
    advice: str
    passing: bool = False
    """Whether it may be otherwise soon: what was read before stands meanwhile."""


def answer(status: int, headers: Mapping[str, str], named: HubId) -> Answer:
    """What a status and its headers mean."""
    code, message = headers.get("X-Error-Code"), headers.get("X-Error-Message", "")
    if code == "GatedRepo":
        accept = f"accept them on its page and {LOGIN}"
        return Answer("asks for its terms to be accepted first", accept)
    if code == "RevisionNotFound":
        revision = printable(named.revision or "main", 80)
        fault = f"has no revision {revision}, or none that you may see"
        return Answer(fault, "give a branch, a tag or a commit of its page")
    if code == "EntryNotFound":
        return Answer("isn't in its repository", "check the name")
    if message == "Access to this resource is disabled.":
        return Answer("was disabled by the Hub", "give another one")
    if message == "Invalid credentials in Authorization header":
        return Answer("can't be read: the Hub knows no such token", f"{LOGIN}, or unset HF_TOKEN")
    if code == "RepoNotFound" or status in (401, 404):
        return Answer(ABSENT, f"check the name, or {LOGIN}")
    if status == 403:
        return Answer("can't be read: your token doesn't permit it (403)", f"{LOGIN} with another")
    if status == 429:
        fault = "can't be read: the Hub was asked too often (429)"
        return Answer(fault, f"{LATER}, or {LOGIN}", passing=True)
    if status >= 500:
        return Answer(f"can't be read: the Hub fails ({status})", LATER, passing=True)
    return Answer(f"can't be read: the Hub answers {status}", "check HF_ENDPOINT and your proxy")


def meaning(error: Exception, named: HubId) -> Answer:
    """What an error of `huggingface_hub`, of its HTTP client or of the system means."""
    response = getattr(error, "response", None)
    if response is not None:
        return answer(response.status_code, response.headers, named)
    kind = type(error).__name__
    if kind == "OfflineModeIsEnabled":
        return Answer("can't be read: HF_HUB_OFFLINE is set", "unset it", passing=True)
    if "Timeout" in kind:
        fault = f"can't be read: the Hub didn't answer in {SECONDS:.0f} seconds"
        return Answer(fault, "try again", passing=True)
    return Answer("can't be read: the Hub is out of reach", "check the network", passing=True)


def of_another_type(named: HubId, why: Answer) -> Answer:
    """The answer on a repository that isn't a model's: a data set or a space, where the Hub has one of its name."""
    from huggingface_hub import HfApi

    for kind, noun in (
        (("dataset", "a data set"), ("space", "a space")) if why.fault == ABSENT else ()
    ):
        try:
            HfApi().repo_info(named.repository, repo_type=kind, timeout=SECONDS)
        except Exception:
            continue
        return Answer(f"is {noun} of the Hub", "give a model's Hub id")
    return why


def refusal(named: HubId, expected: str, why: Answer) -> Refusal:
    """The refusal of a repository, in the words of an answer."""
    before = " and was not read before" if why.passing else ""
    return Refusal(
        f"{printable(str(named))} {why.fault}{before}, expected {expected}; {why.advice}"
    )
