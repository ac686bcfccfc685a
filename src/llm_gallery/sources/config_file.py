"""A `config.json` on disk: read whole, within limits, or refused with the reason."""

from __future__ import annotations

import json
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

from llm_gallery.architecture.refusal import Refusal, quoted

LARGEST = 8 * 2**20
"""Bytes. The largest real config lists every quantized layer and has 3 MB."""
MOST_VALUES = 150_000
"""Values in one file: that list has about 100,000; more would take too much time and memory."""
DEEPEST = 64
"""Levels of nesting; real configs have at most six."""
BESIDE = "give the config.json of the model's repository"
OTHERS = (
    (b"GGUF", "a GGUF file, whose header isn't read yet", BESIDE),
    (b"PK\x03\x04", "an archive, as of a PyTorch checkpoint", BESIDE),
    (b"\x80\x02", "a pickled checkpoint", BESIDE),
    (
        b"version https://git-lfs",
        "a pointer of Git LFS and not the file itself",
        "run `git lfs pull`",
    ),
    (b"<!DOCTYPE html", "a web page", "download the file itself (its raw or resolve address)"),
    (b"<!doctype html", "a web page", "download the file itself (its raw or resolve address)"),
)
"""How other files begin that are given by mistake, what they are, and what to give."""
NAMES = ("config.json", "params.json", "adapter_config.json")
"""The files by which folders say how their model is built, the usual one first."""
HEAD = 32
"""Bytes that tell them."""

Json = dict[str, Any]


def read(path: Path) -> Json:
    """The object in a file, or in the `config.json` of a folder.

    Raises Refusal where there is none, where it can't be read, or where it is no JSON object.
    """
    file = _file(path)
    return parse(_content(file), _named(file))


def content(path: Path) -> bytes:
    """The bytes of a config, unparsed. Raises Refusal where there are none, or too many."""
    return _content(_file(path))


def parse(data: bytes, where: str) -> Json:
    """The object that the bytes of a config hold; `where` names them in a refusal."""
    if len(data) > LARGEST:
        _refuse_others(data[:HEAD], where)
        raise _too_large(where, "more")
    if not data.strip():
        raise Refusal(f"{where} is empty, expected a JSON object; get the file again")
    _refuse_others(data[:HEAD], where)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(
            f"{where} is not UTF-8 text (byte {error.start:,}), expected a JSON object; "
            "is it the config.json, or another file of the model?"
        ) from None
    values = text.count(",") + text.count("{") + text.count("[")
    if values > MOST_VALUES:
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
            f"{_named(file)} can't be read ({_reason(error)}), expected a config.json; "
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
            f"{_named(path)} can't be read ({_reason(error)}), expected a config.json; "
            "check the path and its permissions"
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(f"{_named(file)} is no regular file, expected a config.json; check the path")
    if status.st_size > LARGEST:
        _refuse_others(_head(file), _named(file))
        raise _too_large(_named(file), f"{status.st_size / 2**20:,.0f} MiB")
    return file


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD)
    except OSError:
        return b""  # its size says enough


def _refuse_others(head: bytes, where: str) -> None:
    """Raises Refusal where a file begins as one that is no config."""
    found = next((rest for begins, *rest in OTHERS if head.startswith(begins)), None)
    if found is None and head[8:9] == b"{" and head[4:8] == bytes(4):  # eight bytes of a length
        found = ["a checkpoint in safetensors", BESIDE]
    if found is not None:
        raise Refusal(f"{where} is {found[0]}, expected a config.json; {found[1]}")


def _inside(folder: Path) -> Path:
    """The file that a folder describes its model with."""
    held = (folder / name for name in NAMES)
    return next((file for file in held if file.exists()), folder / NAMES[0])


def _parsed(text: str, where: str) -> object:
    def unique(pairs: list[tuple[str, Any]]) -> Json:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
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


def _reason(error: Exception) -> str:
    return str(getattr(error, "strerror", None) or error).lower()
