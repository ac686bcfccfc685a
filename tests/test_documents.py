"""The documents as a newcomer reads them: short sentences, one page for each question, and decisions that bind."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from statistics import median, quantiles

import pytest

from llm_gallery.catalog.load import entries
from tests.prose import paragraphs, sentences, words

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
DECISIONS = sorted(DOCS.glob("decisions/*.md"))
READ = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *PAGES]
GENERATED_WHOLE = {"reference.md"}
"""Pages without a line that a person wrote for the page: their text is the package's docstrings."""
FIELDS = ["Decision", "Because", "Rejected", "Held by"]
PACKAGE = ROOT / "src" / "llm_gallery"
ROOMS = sorted(file.parent for file in PACKAGE.glob("*/__init__.py"))


def named(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


def test_the_documents_can_be_read_in_two_hours() -> None:
    counted = {
        named(page): words(page.read_text("utf-8"))
        for page in PAGES
        if page.name not in GENERATED_WHOLE
    }
    assert sum(counted.values()) <= 25_000, counted


def test_what_changed_can_be_read_in_ten_minutes() -> None:
    assert words((ROOT / "CHANGELOG.md").read_text("utf-8")) <= 2_500


@pytest.mark.parametrize(
    "page", [page for page in READ if page.name not in GENERATED_WHOLE], ids=named
)
def test_sentences_are_short(page: Path) -> None:
    """Of twenty sentences nineteen have at most 25 words; none has more than 40."""
    found = sentences(page.read_text("utf-8"))
    lengths = [len(sentence.split()) for sentence in found]
    long = sorted((s for s in found if len(s.split()) > 25), key=lambda s: -len(s.split()))
    assert median(lengths) <= 18
    assert quantiles(lengths, n=20, method="inclusive")[-1] <= 25, long
    assert max(lengths) <= 40, long[0]


def test_every_page_is_on_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    listed = re.findall(r"^\| \[[^\]]+\]\(([\w/.-]+\.md)\) \|", index, re.M)
    assert sorted(listed) == sorted(pages)


@pytest.mark.parametrize("page", READ, ids=named)
def test_a_link_within_the_project_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]+`", "", page.read_text("utf-8"))):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)
            assert anchor in {
                re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads
            }, target


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_a_decision_says_four_things(page: Path) -> None:
    title, _, rest = page.read_text("utf-8").partition("\n## ")
    assert title.startswith("# ")
    for entry in rest.split("\n## "):
        fields = re.findall(r"^- \*([\w ]+)\.\* \S", entry, re.M)
        assert fields == FIELDS, entry.partition("\n")[0]
        assert entry.partition("\n")[0] not in title


@pytest.mark.parametrize("page", DECISIONS, ids=named)
def test_what_holds_a_decision_exists(page: Path) -> None:
    """A test, a tool or a file by its path, a contract of import-linter in quotes, or a target of make."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = {contract["name"] for contract in project["tool"]["importlinter"]["contracts"]}
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M)
    for line in re.findall(r"^- \*Held by\.\* (.+)$", page.read_text("utf-8"), re.M):
        holders = re.findall(r"`([^`]+)`|\"([^\"]+)\"", line)
        assert holders, line
        for code, quoted in holders:
            if quoted:
                assert quoted in contracts, line
            elif code.startswith("make "):
                assert code.removeprefix("make ") in targets, line
            else:
                assert (ROOT / code).exists(), line


def test_the_index_of_decisions_lists_each_topic() -> None:
    index = (DOCS / "decisions.md").read_text("utf-8")
    assert sorted(re.findall(r"\]\(decisions/([\w-]+\.md)\)", index)) == [p.name for p in DECISIONS]


@pytest.mark.parametrize("room", ROOMS, ids=named)
def test_a_room_is_said_in_one_sentence(room: Path) -> None:
    """The first sentence of its docstring, which its line in README.md repeats."""
    docstring = ast.get_docstring(ast.parse((room / "__init__.py").read_text("utf-8")))
    assert docstring
    sentence = re.split(r"(?<=\.)\s", docstring)[0]
    assert sentence.endswith(".")
    assert len(sentence.split()) <= 25
    line = re.search(rf"^  {room.name}/ +(.+)$", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert line, f"README.md has no line for {room.name}/"
    assert line[1] == sentence.removesuffix(".")


def test_no_line_of_the_tree_is_of_a_room_that_is_gone() -> None:
    tree = (ROOT / "README.md").read_text("utf-8").partition("src/llm_gallery/\n")[2]
    listed = re.findall(r"^  (\w+)/ ", tree.partition("\n```")[0], re.M)
    assert sorted(listed) == [room.name for room in ROOMS]


@pytest.mark.parametrize(
    "folder", sorted(file.parent for file in PACKAGE.rglob("__init__.py")), ids=named
)
def test_a_folder_says_what_it_is(folder: Path) -> None:
    docstring = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8")))
    assert docstring
    assert len(docstring.splitlines()[0].split()) <= 25


def test_sentences_are_found() -> None:
    """The gauge itself: code, tables and headings aren't prose, an item and a colon end a sentence."""
    text = "# Head\n\nOne two. Three [four](x.md) `a b c`: Five six.\n- Item of\n  three lines.\n\n| a | b |\n```\ncode\n```\n"
    assert sentences(text) == ["One two.", "Three four CODE:", "Five six.", "Item of three lines."]
    assert [*paragraphs(text)][-1] == "Item of three lines."
    assert words("<!-- GENERATED by tools/x.py -->\n# Head\n\nfive\n\n| a | b |\n") == 2


HELP = [PACKAGE / "cli" / f"{name}commands.py" for name in ("", "census_", "site_")]


@pytest.mark.parametrize("file", HELP, ids=named)
def test_help_is_short(file: Path) -> None:
    """What a command and its arguments are, as `--help` prints them: no sentence of more than 25 words."""
    tree = ast.parse(file.read_text("utf-8"))
    said = [ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef)]
    said += [
        word.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for word in node.keywords
        if word.arg == "help" and isinstance(word.value, ast.Constant)
        if isinstance(word.value.value, str)
    ]
    assert len(said) > 3
    texts = [re.sub(r"^(-+|\w+)$", "", text, flags=re.M) for text in said if text]
    for sentence in (part for text in texts for part in sentences(text)):
        assert len(sentence.split()) <= 25, sentence


GAPS = {
    "release": {"name", "why", "seen"},
    "architecture": {"name", "why"},
    "uncounted": {"name", "why"},
}


def test_a_gap_says_what_is_missing_and_is_gone_with_an_entry() -> None:
    held = tomllib.loads((DOCS / "gaps.toml").read_text("utf-8"))
    assert {*held} == {*GAPS}
    for sort, keys in GAPS.items():
        names = [gap["name"] for gap in held[sort]]
        assert len(names) == len({*names})
        for gap in held[sort]:
            assert {*gap} == keys, gap
            assert all(gap.values()), gap
    entered = {entry.name for entry in entries()}
    assert not entered & {gap["name"] for gap in held["release"]}
