"""A digest of everything that decides what the tables of a census hold."""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

ASKED = (
    "architecture/**/*", "families/**/*", "recognition/**/*", "mechanisms/**/*", "analysis/**/*", "comparison/**/*",
    "sources/**/*", "census/*",
)  # fmt: skip
"""Files on which the tables depend; what reads them afterwards is in folders of `census`."""


def program() -> str:
    """The same one wherever the same program is installed."""
    digest = sha256()
    root = Path(__file__).parents[1]
    for pattern in ASKED:
        for file in sorted(root.glob(pattern)):
            if file.suffix in (".py", ".json", ".toml"):
                name = file.relative_to(root).as_posix()
                digest.update(name.encode() + b"\0" + file.read_bytes())
    digest.update(f"{version('duckdb')} {version('pyarrow')}".encode())
    return digest.hexdigest()
