"""The project as a whole: what its files run exists, what they say is what pyproject.toml says, rooms ask homes."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_gallery.architecture.kinds import kinds

ROOT = Path(__file__).parents[1]
TARGETS = set(re.findall(r"^([\w./]+(?: [\w./]+)*):", (ROOT / "Makefile").read_text("utf-8"), re.M))
KNOWN = {target for line in TARGETS for target in line.split()}
RUNNING_TESTS = ROOT / ".github" / "workflows" / "tests.yml"
RUNNING = [
    ROOT / ".pre-commit-config.yaml",
    ROOT / ".ci" / "run",
    *(ROOT / ".github" / "workflows").iterdir(),
]


@pytest.mark.parametrize("file", RUNNING, ids=lambda file: file.name)
def test_what_is_made_can_be_made(file: Path) -> None:
    text = file.read_text("utf-8")
    each = re.search(r"^ +target: \[(.*?)\]", text, re.M)
    text = text.replace("${{ matrix.target }}", each[1].replace(",", "") if each else "")
    lines = re.findall(r"(?:entry: |run: |exec |^)make ([^#&\n]+?)(?= &&| [A-Z]+=|$)", text, re.M)
    wanted = {target for line in lines for target in line.split()}
    assert wanted
    assert wanted <= KNOWN


def test_hosted_jobs_are_the_parts_of_a_check() -> None:
    hosted = re.search(r"^ +target: \[(.*?)\]", RUNNING_TESTS.read_text("utf-8"), re.M)
    whole = re.search(r"^check: (.*?) ##", (ROOT / "Makefile").read_text("utf-8"), re.M)
    assert hosted
    assert whole
    assert hosted[1].replace(",", "").split() == whole[1].replace("test", "test whole").split()


def test_the_citation_is_of_this_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {project['version']}\n" in cited
    assert f"\nlicense: {project['license']}\n" in cited
    assert f"name: {project['authors'][0]['name']}\n" in cited


PACKAGE = ROOT / "src" / "llm_gallery"
HOMES = ("architecture", "families", "mechanisms", "recognition")
"""Rooms that say what a kind is."""
ASKING = {
    "code/file.py": "opens groups on the way from embedding to head",
    "code/binding.py": "binds norms that stand abreast, and matrices that are stacked, to their arrays",
    "running/proof.py": "knows that a model of patches is given its most work",
}
"""Files elsewhere that ask for a kind by its name, and why; a new mechanism may have to be told to them.

A part that reads the stream and what its mechanism states in `reads` isn't: only one that leaves something for later parts.
"""


def asked_by_kind(tree: ast.Module) -> Iterator[int]:
    """Lines that compare a block's kind with one by name, or look it up in a table of their own."""
    lists = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "llm_gallery.architecture.kinds"
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            names = [part for side in sides for part in ast.walk(side)]
            named = any(
                (isinstance(part, ast.Constant) and part.value in kinds())
                or (isinstance(part, ast.Name) and part.id in lists)
                for part in names
            )
            if named and any(
                isinstance(side, ast.Attribute) and side.attr == "kind" for side in sides
            ):
                yield node.lineno
        elif isinstance(node, ast.Match) and isinstance(node.subject, ast.Attribute):
            cases = [part for case in node.cases for part in ast.walk(case.pattern)]
            named = any(isinstance(part, ast.Constant) and part.value in kinds() for part in cases)
            if named and node.subject.attr == "kind":
                yield node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            table, first = node.func.value, node.args[:1]
            of_kind = any(isinstance(one, ast.Attribute) and one.attr == "kind" for one in first)
            if node.func.attr == "get" and of_kind and ast.unparse(table).isupper():
                yield node.lineno


def test_what_a_kind_is_is_asked_of_its_home() -> None:
    files = [
        file for file in PACKAGE.rglob("*.py") if file.relative_to(PACKAGE).parts[0] not in HOMES
    ]
    asking = {
        file.relative_to(PACKAGE).as_posix(): lines
        for file in files
        if (lines := list(asked_by_kind(ast.parse(file.read_text("utf-8")))))
    }
    assert len(files) > 200
    assert not {file: lines for file, lines in asking.items() if not file.startswith(tuple(ASKING))}
    assert [entry for entry in ASKING if not any(file.startswith(entry) for file in asking)] == []


@pytest.mark.parametrize(
    "line",
    [
        "block.kind == 'moe'",
        "'moe' != part.kind",
        "part.kind in ('mlp', 'moe')",
        "part.kind not in kinds('norms')",
        "_TALL.get(part.kind, 2)",
    ],
)
def test_a_kind_that_is_asked_for_by_name_is_found(line: str) -> None:
    text = f"from llm_gallery.architecture.kinds import kinds\nfound = {line}\n"
    assert [*asked_by_kind(ast.parse(text))] == [2]
    matched = "match part.kind:\n    case 'layer' | 'moe' if known:\n        pass\n"
    assert [*asked_by_kind(ast.parse(matched))] == [1]
    assert not [*asked_by_kind(ast.parse(matched.replace("kind", "role")))]
    assert not [*asked_by_kind(ast.parse("one.kind == other.kind or line.kind == 'rule'"))]
