"""A config in another's spelling, told in the keys of the family that it means: which, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from re import sub
from typing import Any, NamedTuple

from llm_gallery.architecture.block import Block, Tensor
from llm_gallery.architecture.fact import Evidence, Origin
from llm_gallery.architecture.refusal import Refusal, quoted
from llm_gallery.families._config import Json, same
from llm_gallery.families._ignored import IGNORED, KEPT


class Spelled(NamedTuple):
    """A config in a family's keys, and what its file says otherwise than the family's own would."""

    config: Json
    sources: Mapping[str, Origin] = {}
    """Where a value stands in the file, by the family's key, where that isn't the key itself."""
    notes: tuple[str, ...] = ()
    names: Mapping[str, str] = {}
    """The checkpoint's names of parts, by the family's."""
    computes: Mapping[str, object] = {}
    """What a run of this file's tensors needs, as of `@config`."""
    without: tuple[str, ...] = ()
    """Facts of the whole that the file says nothing of."""
    own: Json | None = None
    """The keys of the file itself; None where they are the family's."""

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """How sure a value is, by the family's key, where it isn't stated as it is."""
        return {key: origin.evidence for key, origin in self.sources.items()}

    def catalog_config(self, config: Json) -> Json:
        """What a catalog keeps of the file, where `config` is what it keeps of the family's keys."""
        if self.own is None:
            return config
        said = {origin.source.partition(".")[0] for origin in self.sources.values()}
        dropped = (self.config.keys() - config.keys()) | (IGNORED - KEPT - said)
        return {key: value for key, value in self.own.items() if key not in dropped}

    def words(self, text: str) -> str:
        """A line about the family's keys in those of the file."""
        return sub(r"\w+(?:\.\w+)*", lambda path: self._word(path[0]), text)

    def _word(self, path: str) -> str:
        """A key, or the path of one in a part that other keys are told as; else each word by itself."""
        if path in self.sources or "." not in path:
            return self.sources.get(path, Origin("stated", path)).source
        return ".".join(map(self._word, path.split(".")))

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """Refusals name the keys of the file."""
        try:
            yield
        except Refusal as refusal:
            raise (Refusal(self.words(str(refusal))) if self.sources else refusal) from None

    def respelled(self, root: Block) -> Block:
        """The whole with names and keys of the file, and without what it doesn't say."""
        if self.own is None:
            return root
        facts = {name: fact for name, fact in root.facts.items() if name not in self.without}
        return self._respelled(replace(root, facts=facts), {})

    def _respelled(self, block: Block, done: dict[int, Block]) -> Block:
        """One block; layers that are one object stay one, and what is tied is tied under the new names."""
        if id(block) not in done:
            ties = (t if t.tied_to is None else self._moved(t) for t in block.tensors)
            done[id(block)] = replace(
                block,
                name=self.names.get(block.name, block.name),
                facts={k: replace(f, source=self.words(f.source)) for k, f in block.facts.items()},
                tensors=tuple(ties),
                inside=tuple(self._respelled(part, done) for part in block.inside),
            )
        return done[id(block)]

    def _moved(self, tensor: Tensor) -> Tensor:
        path = (self.names.get(part, part) for part in (tensor.tied_to or "").split("."))
        return tensor._replace(tied_to=".".join(filter(None, path)))


class Spelling:
    """Tells a config in a family's keys: one call for each that it moves."""

    def __init__(self, raw: Json, family: str) -> None:
        self.raw = raw
        self.config: dict[str, Any] = {**raw, "model_type": family}
        self.sources: dict[str, Origin] = {}

    def moves(self, keys: Mapping[str, str]) -> None:
        """Keys that have another name in the family; two names of one must agree."""
        for key, theirs in keys.items():
            if key not in self.raw:
                continue
            value = self.config.pop(key)
            if theirs in self.config:
                first = self.sources[theirs].source if theirs in self.sources else theirs
                same(value, self.config[theirs], (key, first))
            self.says(theirs, value, key)

    def says(self, key: str, value: object, source: str, evidence: Evidence = "stated") -> None:
        """A value of a family's key that the file says in its own way, or that its code takes for granted."""
        self.config[key] = value
        self.sources[key] = Origin(evidence, source)

    def implies(self, values: Json) -> None:
        """What the file's own code computes whatever it says; a file that says otherwise is refused."""
        for key, value in values.items():
            if key in self.config and self.config[key] != value:
                raise Refusal(
                    f"{key} is {quoted(self.config[key])}, expected {quoted(value)} in a file of "
                    "this kind; correct it, or give the model_type that it has today"
                )
            self.says(key, value, "", "implied")

    def drops(self, keys: Iterable[str]) -> None:
        """Keys that say nothing about the architecture."""
        for key in keys:
            self.config.pop(key, None)


def needed(raw: Json, keys: Iterable[str], where: str = "") -> None:
    """Refuses a file that lacks a key for which nothing can be filled in."""
    for key in keys:
        if raw.get(key) is None:
            said = "null" if key in raw else "missing"
            raise Refusal(f"{where}{key} is {said}, expected its value as released; add it")


def only(raw: Json, values: Mapping[str, tuple[object, ...]], where: str = "") -> None:
    """Refuses what a file may say in one way only: the kinds of models that aren't described from it."""
    for key, allowed in values.items():
        if key in raw and raw[key] not in allowed:
            raise Refusal(
                f"{where}{key} is {quoted(raw[key])}, expected {quoted(allowed[0])}: files of this "
                "format are read with that alone; give the model's config.json for transformers"
            )


def nothing_else(raw: Json, keys: Iterable[str], where: str = "") -> None:
    """Refuses keys that nobody looked up, in a file that has few and means something by each."""
    if others := sorted(raw.keys() - set(keys)):
        raise Refusal(
            f"{where}{others[0]} is a key that isn't described in a file of this kind, expected only "
            f"those of plain decoders; give the model's config.json of transformers"
        )


def size(raw: Json, key: str, where: str = "") -> int:
    """A whole number from 1 on, for what is computed of it here."""
    value = raw.get(key)
    if type(value) is not int or not 1 <= value <= 2**24:
        raise Refusal(
            f"{where}{key} is {quoted(value)}, expected a whole number from 1 to {2**24:,}; correct it"
        )
    return value
