"""Our own text isn't read back: what is asked of a value is a field of it, not a word of what it is called."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import llm_gallery

PACKAGE = Path(llm_gallery.__file__).parent
ASKING = frozenset(
    ("startswith", "endswith", "removeprefix", "removesuffix", "partition", "rpartition", "split", "rsplit")
)  # fmt: skip
READING = {
    "architecture/mistake.py": "Python's own frames",
    "recognition/": "names of strangers' classes",
    "code/": "the Python that is printed",
    "site/code_lines.py": "the Python that is shown",
    "site/course_view.py": "the Python that is shown",
    "catalog/proof_report.py": "what a refusal says before its reason",
    "comparison/": "phrases of a change, which are shortened and joined by their grammar",
    "explanation/makers.py": "what a concept's older models used, without its verb",
    "figure/difference/compared_parts.py": "a mechanism's name behind its article",
    "figure/frame/block_numbers.py": "what callouts count, in fewer words",
    "figure/tower/names.py": "attention by its kind, in fewer words",
    "figure/internals/_router.py": "how experts are chosen, in fewer words",
}
"""Files that look for words in a text, and in which."""


def is_prose(literal: object) -> bool:
    """Whether a literal is words of ours: with a space beside letters, or a capital before small ones."""
    if not isinstance(literal, str) or not re.search(r"[a-z]{2}", literal):
        return False
    return re.search(r"[a-z]{2,} | [a-z]{2,}|^[A-Z][a-z]", literal) is not None


def asked(tree: ast.Module) -> Iterator[int]:
    """Lines that look for words in a text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            literals = [
                part.value
                for argument in node.args
                for part in ast.walk(argument)
                if isinstance(part, ast.Constant)
            ]
            if node.func.attr in ASKING and any(map(is_prose, literals)):
                yield node.lineno


def test_no_other_file_looks_for_words_in_our_text() -> None:
    files = {file.relative_to(PACKAGE).as_posix(): file for file in PACKAGE.rglob("*.py")}
    found = {
        name: lines
        for name, file in files.items()
        if (lines := [*asked(ast.parse(file.read_text("utf-8")))])
    }
    assert len(files) > 500
    assert {name: at for name, at in found.items() if not name.startswith(tuple(READING))} == {}
    assert [entry for entry in READING if not any(name.startswith(entry) for name in found)] == []


def test_what_is_looked_for() -> None:
    text = (
        'a.startswith("first "); b.name.startswith("Chunked"); c.split(" of "); d.startswith("_")'
    )
    assert [*asked(ast.parse(text))] == [1, 1, 1]
