"""The normal form of a row: a key that equal configs share, and its stated facts as columns.

Two configs have one key where they are the same but for whitespace, the order of the keys at the top, and
keys there that no description depends on (`families.always_ignored`). It is found by the reader that
judges configs everywhere else, so that what one refuses the other does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, NamedTuple

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.families._reader import MOST_KEYS
from llm_gallery.recognition import always_ignored
from llm_gallery.sources.config_file import parse

WHERE = "the config"
DIGITS = 32
"""Hexadecimal ones of a key: 128 bits of SHA-256."""
NO_REPOSITORY = "the row has no repository, expected one such as organization/name; add it"
NO_CONFIG = "the row has no config, expected that of a config.json; add it, or leave the row out"


class Normal(NamedTuple):
    """A config as it is described, and its key."""

    key: str
    text: str


def normal(config: bytes | Mapping[str, Any]) -> Normal:
    """Raises Refusal where the text is none of a config."""
    raw = parse(config, WHERE) if isinstance(config, bytes) else config
    dropped = always_ignored() if len(raw) <= MOST_KEYS else ()
    relevant = {key: raw[key] for key in sorted(raw) if key not in dropped}
    try:
        text = json.dumps(relevant, separators=(",", ":"))
    except (TypeError, ValueError) as error:  # a Parquet file's struct may hold times and bytes
        raise Refusal(
            f"{WHERE} can't be written as JSON ({error}), expected what a config.json holds; "
            "give its text"
        ) from None
    return Normal(sha256(text.encode()).hexdigest()[:DIGITS], text)


def name(value: object) -> str | None:
    """A repository's name; None where there is none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return (
        value.encode("utf-8", "replace").decode().strip() or None
        if isinstance(value, str)
        else None
    )


def moment(value: object) -> datetime | None:
    """A time in UTC, of a time, a day or ISO 8601; None for anything else."""
    if isinstance(value, bytes | str):
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
        try:
            value = datetime.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, datetime):
        try:
            return value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
        except OverflowError:
            return None
    return datetime(value.year, value.month, value.day) if isinstance(value, date) else None


def count(value: object) -> int | None:
    """A whole number from 0 that a column holds, however it is written; None for anything else."""
    if isinstance(value, bytes | str):
        text = value.decode("ascii", "replace") if isinstance(value, bytes) else value
        value = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < 2**63 else None
