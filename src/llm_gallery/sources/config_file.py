"""A `config.json` on disk: read whole, within limits, or refused with the reason."""

from __future__ import annotations

import json
import os
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted, reason
from llm_gallery.sources.other_kinds import HEAD, Kind, of_bytes, of_text

LARGEST = 8 * 2**20
"""Bytes. The largest real config lists every quantized layer and has 3 MB."""
MOST_VALUES = 150_000
"""Values in one file: that list has about 100,000; more would take too much time and memory."""
DEEPEST = 64
"""Levels of nesting; real configs have at most six."""
NAMES = ("config.json", "params.json", "adapter_config.json")
"""The files by which folders say how their model is built, the usual one first."""
OF_WEIGHTS = (".safetensors", ".safetensors.index.json")
"""How files end that a config lies beside."""

Json = dict[str, Any]


def read(path: Path) -> Json:
    """The object in a file, or in the `config.json` of a folder.

    Raises Refusal where there is none, where it can't be read, or where it is no JSON object.
    """
    file = _file(path)
    return parse(_content(file), _named(file))


def of_weights(path: Path) -> bool:
    """Whether a path is a file of weights by its name, or the index of several."""
    return path.name.endswith(OF_WEIGHTS)


def of_gguf(path: Path) -> bool:
    """Whether a path is a GGUF by its name or its first bytes, which says by itself how its model is built."""
    if path.suffix == ".gguf":
        return True
    return os.path.isfile(path) and _head(path).startswith(b"GGUF")


def in_folder(path: Path) -> bool:
    """Whether a folder describes its model."""
    return path.is_dir() and _inside(path).exists()


def content(path: Path) -> bytes:
    """The bytes of a config, unparsed. Raises Refusal where there are none, or too many."""
    return _content(_file(path))


def parse(data: bytes, where: str) -> Json:
    """The object that the bytes of a config hold; `where` names them in a refusal."""
    if len(data) > LARGEST:
        _refuse(of_bytes(data, large=True), where)
        raise _too_large(where, "more")
    if not data.strip():
        raise Refusal(f"{where} is empty, expected a JSON object; get the file again")
    _refuse(of_bytes(data), where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{where} is not UTF-8 text (byte {error.start:,}), expected a JSON object; "
            "is it the config.json, or another file of the model?"
        ) from None
    values = text.count(",") + text.count("{") + text.count("[")
    if values > MOST_VALUES:
        _refuse(of_bytes(data, large=True), where)
        raise Refusal(
            f"{where} holds about {values:,} values, expected a config of at most "
            f"{MOST_VALUES:,}; is it the config.json, or another file of the model?"
        )
    config = _parsed(text, where)
    if not isinstance(config, dict):
        raise Refusal(
            f"{where} holds {_kind(config)}, expected a JSON object with model_type; "
            "is it the config.json, or another file of the model?"
        )
    if text.count("{") + text.count("[") > DEEPEST and _depth(config) > DEEPEST:
        raise _too_deep(where)
    return config


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(
            f"{_named(file)} can't be read ({reason(error).lower()}), expected a config.json; "
            "check the path and its permissions"
        ) from None


def _file(path: Path) -> Path:
    """The file meant by a path, after a look at its size and kind."""
    try:
        file = _inside(path) if path.is_dir() else path
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        inside = file != path
        raise Refusal(
            f"{_named(path)} has no config.json, expected one in the folder; "
            "download it from the model's repository"
            if inside
            else f"{_named(path)} doesn't exist, expected a config.json or a folder that holds "
            "one; check the path"
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise Refusal(
            f"{_named(path)} can't be read ({reason(error).lower()}), expected a config.json; "
            "check the path and its permissions"
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(f"{_named(file)} is no regular file, expected a config.json; check the path")
    if status.st_size > LARGEST:
        _refuse(of_bytes(_head(file), large=True), _named(file))
        raise _too_large(_named(file), f"{status.st_size / 2**20:,.0f} MiB")
    return file


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD)
    except OSError:
        return b""  # its size says enough


def _refuse(kind: Kind | None, where: str) -> None:
    """Raises Refusal where a file was found to be of a kind that is no config."""
    if kind is not None:
        raise Refusal(f"{where} is {kind.is_a}, expected a config.json; {kind.instead}")


def _inside(folder: Path) -> Path:
    """The file that a folder describes its model with."""
    paths = (folder / name for name in NAMES)
    return next((file for file in paths if file.exists()), folder / NAMES[0])


def _parsed(text: str, where: str) -> object:
    def unique(pairs: list[tuple[str, Any]]) -> Json:
        parsed = dict(pairs)
        if len(parsed) == len(pairs):
            return parsed
        keys = sorted(key for key, _ in pairs)
        twice = next(key for key, after in pairwise(keys) if key == after)
        raise Refusal(
            f"{where} states {quoted(twice)} twice in one object, expected it once; "
            "remove the one that doesn't hold"
        )

    try:
        value: object = json.loads(text, object_pairs_hook=unique)
        return value
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            raise Refusal(
                f"{where} goes on after its first value, from line {error.lineno}, column {error.colno} on, expected "
                "one JSON object; remove the rest"
            ) from None
        if (kind := of_text(text)) is not None:
            _refuse(kind, where)
        raise Refusal(
            f"{where} is not JSON from line {error.lineno}, column {error.colno} on, expected a "
            "JSON object; correct it there, or get the file again"
        ) from None
    except RecursionError:
        raise _too_deep(where) from None
    except Refusal:
        raise
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise Refusal(
            f"{where} holds a number of more than 4,300 digits, expected sizes; correct it"
        ) from None


def _depth(config: object) -> int:
    """Levels of objects and lists, counted level by level so that depth costs no stack."""
    depth, level = 0, [config]
    while level:
        depth += 1
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, dict | list)
        ]
    return depth


def _too_deep(where: str) -> Refusal:
    return Refusal(
        f"{where} nests objects or lists more than {DEEPEST} deep, expected a config; "
        "is it the config.json, or another file of the model?"
    )


def _too_large(where: str, size: str) -> Refusal:
    return Refusal(
        f"{where} has {size}, expected a config of at most {LARGEST // 2**20} MiB; "
        "is it the config.json, or another file of the model?"
    )


def _kind(value: object) -> str:
    words = {list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return words.get(type(value), "a number")


def _named(path: Path) -> str:
    """The path as a refusal names it: its end, which tells more than its beginning, where it is long."""
    text = str(path)
    return text if len(text) <= 160 else "..." + text[-157:]
