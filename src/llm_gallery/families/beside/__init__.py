"""Parts that a multimodal type stores beside its language model: `<type>.py` has a function of that name.

The function takes the keys of the whole config and the width of the language model's stream (and its tree, where
a size is said there alone), and gives every tensor that the reference stores outside of the language model, under
its name: towers and projectors.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

from llm_gallery.architecture.block import Block
from llm_gallery.families._config import Json, defaults
from llm_gallery.families._reader import hints, is_config
from llm_gallery.families._values import options

Beside = Callable[..., tuple[Block, ...]]
ASKED = (["c", "stream"], ["c", "stream", "text"])


@cache
def names() -> tuple[str, ...]:
    """Every multimodal type whose other parts are described, in alphabetical order."""
    here = Path(__file__).parent
    return tuple(sorted(p.stem for p in here.glob("*.py") if not p.stem.startswith("_")))


@cache
def function(name: str) -> Beside:
    """The function of `beside/<name>.py` that has the file's name."""
    beside: Beside = getattr(import_module(f"{__name__}.{name}"), name)
    assert list(inspect.signature(beside).parameters) in ASKED
    return beside


@cache
def keys(name: str) -> Any:
    """The dataclass of the keys that it reads."""
    return get_type_hints(function(name))["c"]


def left_out(name: str, c: Any) -> tuple[str, ...]:
    """The keys of parts that a module doesn't describe, where it says so by a function of that name."""
    said = getattr(import_module(f"{__name__}.{name}"), "left_out", None)
    keys_left: tuple[str, ...] = said(c) if said else ()
    return keys_left


def blocks(name: str, c: Any, text: Block) -> tuple[Block, ...]:
    """What stands beside that language model, of the keys `c`. Raises Refusal where they contradict one another."""
    build = function(name)
    parameters = inspect.signature(build).parameters
    more = {"text": text} if "text" in parameters else {}
    return build(c, text.number("width"), **more)


def known(name: str, raw: Json) -> bool:
    """Whether every part of that config is stated, and of a type that is described."""
    return name in names() and _all_known(keys(name), raw)


def _all_known(cls: Any, raw: Json) -> bool:
    for field in fields(cls):
        classes = parts(cls, field.name)
        value = raw.get(field.name)
        if not classes or (value is None and field.default is None):
            continue
        if not isinstance(value, Mapping):
            return False
        reference = defaults(cls.model_type)
        usual = reference.get("parts", {}).get(field.name)
        said = value.get("model_type") or usual
        same = [cls_known for cls_known in classes if cls_known.model_type == (said or "")]
        # A class that builds one type heeds none that is stated; some releases state the whole's there.
        old = reference and not usual and said in (None, cls.model_type)
        if not same and not old:
            return False
        if not _all_known((same or classes)[0], value):
            return False
    return True


def parts(cls: Any, key: str) -> list[Any]:
    """The dataclasses of which one stands under a key; none where it holds no object."""
    return [option for option in options(hints(cls)[key]) if is_config(option)]


def model_types(cls: Any) -> Iterator[str]:
    """The type of a config, and those of the configs that it nests."""
    yield cls.model_type
    for field in fields(cls):
        for part in parts(cls, field.name):
            yield from model_types(part)


def read_by(cls: Any) -> Iterator[str]:
    """The keys of a config, and those of the objects that it nests."""
    for field in fields(cls):
        yield field.name
        for part in parts(cls, field.name):
            yield from read_by(part)
