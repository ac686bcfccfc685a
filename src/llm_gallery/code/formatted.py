"""Python as ruff formats it. Needs the `code` extra."""

from __future__ import annotations

import subprocess

from ruff import find_ruff_bin

WIDTH = 100
"""Characters of a line."""


def formatted(text: str) -> str:
    """The same code, long lines broken."""
    command = [find_ruff_bin(), "format", "--isolated", f"--line-length={WIDTH}", "-"]
    ran = subprocess.run(command, input=text, capture_output=True, encoding="utf-8", check=True)
    return ran.stdout
