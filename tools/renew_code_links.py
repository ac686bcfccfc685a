"""Brings all links of readings into transformers to the installed version: the tag, and the line of each class or function.

Usage: python -m tools.renew_code_links [--check], in the environment that has transformers.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import version
from pathlib import Path

import transformers

from tools.generated import ROOT, settled

PACKAGE = ROOT / "src/llm_gallery"
RECORD = re.compile(
    r'(?P<before>title = "(?P<name>\w+) in transformers"\n(?:\w+ = .*\n)*?'
    r'link = "https://github\.com/huggingface/transformers/blob/)v[\d.]+'
    r'(?P<path>/src/transformers/(?P<file>[\w/]+\.py)"\n)'
    r'version = "v[\d.]+"\nline = \d+\n'
)


def renewed(text: str, tag: str, package: Path) -> str:
    """The text of a catalog file at this tag. Raises LookupError naming a class or function that is there no more."""

    def at_tag(record: re.Match[str]) -> str:
        line = line_of(record["name"], package / record["file"])
        return f'{record["before"]}{tag}{record["path"]}version = "{tag}"\nline = {line}\n'

    return RECORD.sub(at_tag, text)


def line_of(name: str, file: Path) -> int:
    """Where a class or function begins, from 1."""
    found = re.search(rf"^\s*(?:class|def) {name}\(", file.read_text("utf-8"), re.MULTILINE)
    if found is None:
        raise LookupError(
            f"{file} has no class or function {name} any more: name another in the catalog"
        )
    return file.read_text("utf-8").count("\n", 0, found.end()) + 1


def main() -> int:
    package, tag = Path(transformers.__file__).parent, f"v{version('transformers')}"
    files = [
        PACKAGE / "catalog/reading.toml",
        *sorted((PACKAGE / "catalog/models").glob("*.toml")),
        *sorted((PACKAGE / "concepts").glob("*/reading.toml")),
    ]
    made = {file: renewed(file.read_text("utf-8"), tag, package) for file in files}
    return settled(__doc__ or "", "tools.renew_code_links", made)


if __name__ == "__main__":
    sys.exit(main())
