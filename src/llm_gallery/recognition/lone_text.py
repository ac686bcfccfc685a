"""A language model's config taken out of a multimodal one's: a type that exists inside wrappers alone.

It is described as the part that it is, under the names by which its wrapper stores it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Architecture
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json
from llm_gallery.families._reader import Reading
from llm_gallery.families._registry import module_name
from llm_gallery.recognition.warnings import LEFT_OUT, TIED, alone
from llm_gallery.recognition.wrapper_table import WRAPPERS

SAVED_AS = {"step3p5": ("n_routed_experts", "step3p7_text")}
"""Types that the reference gives to a wrapper's part, too: a key that only that one has, and its own type."""


class Lone(NamedTuple):
    """A wrapper's config made of its language model's alone, and the path of its keys in there."""

    wrapper: str
    at: str
    whole: Json
    tie_said: bool

    @property
    def model_type(self) -> str:
        """What the file calls itself."""
        return str(self._language_config(self.whole)["model_type"])

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Refusals name keys as they stand in the file."""
        try:
            yield
        except Refusal as refusal:
            raise Refusal(self._words(str(refusal))) from None

    def alone(self, architecture: Architecture) -> Architecture:
        """Of what is described of the wrapper, its language model."""
        parts = tuple(part for part in architecture.root.inside if not part.other_modality)
        uncounted = architecture.uncounted or (LEFT_OUT,)
        said = () if architecture.uncounted else alone(uncounted)
        lines = map(self._words, architecture.warnings)
        return replace(
            architecture,
            root=replace(architecture.root, inside=parts),
            unread=tuple(self._inside(architecture.unread)),
            assumed=tuple(self._inside(architecture.assumed)),
            warnings=(*self._notes(architecture), *said, *lines),
            uncounted=uncounted,
        )

    def left_open(self, left: Reading) -> Reading:
        """What is left open of the language model, by its own keys; `left` is what is of the wrapper."""
        return left._replace(
            assumed=self._by_own_keys(left.assumed),
            repeated=tuple(self._inside(left.repeated)),
            filled=self._by_own_keys(left.filled),
        )

    def _by_own_keys(self, by_path: Json) -> Json:
        by_key = {path.removeprefix(f"{self.at}."): value for path, value in by_path.items()}
        return {key: by_key[key] for key in self._inside(by_path)}

    def catalog_config(self, config: Json) -> Json:
        """What a catalog keeps of the language model's keys."""
        return {"model_type": self.model_type, **self._language_config(config)}

    def _words(self, line: str) -> str:
        return line.replace(f"{self.at}.", "")

    def _language_config(self, whole: Json) -> Any:
        inner: Any = whole
        for key in self.at.split("."):
            inner = inner[key]
        return inner

    def _inside(self, paths: Iterable[str]) -> Iterator[str]:
        where = f"{self.at}."
        for path in paths:
            if path.startswith(where) or path == TIED:
                yield path.removeprefix(where)

    def _notes(self, architecture: Architecture) -> Iterator[str]:
        yield f"{quoted(self.model_type)} is the language model of {self.wrapper}, and described as that"
        if not self.tie_said:
            head = "tied" if architecture.root.value("tied") else "stored"
            yield (
                f"{TIED} isn't said here but in the whole config: the head is described as {head}, "
                f"as {self.wrapper} has it where nothing is said"
            )


def lone(raw: Json) -> Lone | None:
    """The wrapper around a language model that exists inside of it alone; None for every other config."""
    said = module_name(str(raw.get("model_type")))
    mark, text = SAVED_AS.get(said, ("model_type", said))
    if mark not in raw or text not in WRAPPERS:
        return None
    wrapper, at = WRAPPERS[text]
    whole: dict[str, Any] = {**raw}
    tie = {TIED: raw[TIED]} if raw.get(TIED) is not None else {}
    for key in reversed(at.split(".")):
        whole, tie = {key: whole, **tie}, {}
    return Lone(wrapper, at, {"model_type": wrapper, **whole}, raw.get(TIED) is not None)
