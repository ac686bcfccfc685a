"""What is run: a described model, its config, and where it comes from a GGUF, that file's tensors."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from llm_gallery.architecture.block import Architecture, Block

if TYPE_CHECKING:
    from llm_gallery.sources.stored import Stored

Answer = TypeVar("Answer")
Words = ParamSpec("Words")


@dataclass(frozen=True)
class Subject:
    """A model as engines are asked about it."""

    name: str
    architecture: Architecture
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    file: Stored | None = field(default=None, repr=False)
    """A GGUF or a checkpoint of one's own: its header wins over every rule."""
    repository: str = ""  # on the Hub, where it is known
    answers: dict[Hashable, object] = field(default_factory=dict, repr=False, compare=False)
    """What was worked out of it, as long as it is asked about."""

    @property
    def root(self) -> Block:
        """The tree."""
        return self.architecture.root

    @property
    def context(self) -> int | None:
        """Tokens that the model states as its longest context; None where it states none."""
        stated = self.root.value("context")
        return stated if isinstance(stated, int) else None


def once_a_subject(
    ask: Callable[Concatenate[Subject, Words], Answer],
) -> Callable[Concatenate[Subject, Words], Answer]:
    """A question of a subject and perhaps words, worked out once: the subject keeps the answer, which nobody changes.

    Not its tree: a catalog's trees live as long as its site is built, and tensors of all mixes are large.
    """

    @wraps(ask)
    def answer(subject: Subject, /, *words: Words.args, **named: Words.kwargs) -> Answer:
        known, asked = subject.answers, (ask, words)
        if asked not in known:
            known[asked] = ask(subject, *words, **named)
        return cast(Answer, known[asked])

    return answer
