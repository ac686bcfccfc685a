"""A printed file reads like a lesson: parts of a matrix have names, numbers say what they are, words are the field's."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import lru_cache

import pytest

from llm_gallery import code
from llm_gallery.code.definitions import Definition
from llm_gallery.code.edits import names_in
from llm_gallery.code.labels import PLAIN
from llm_gallery.code.outline import LAYER
from llm_gallery.code.sharing import shared
from tests.code.test_file import EACH

OURS = {
    "turned", "kept", "much", "asking", "asked", "forgotten", "reached", "evolved", "removed", "fade", "unforeseen",
    "directed", "begun", "grown", "leading", "told", "now",
}  # fmt: skip
"""Names that the field has another word for."""
TOPS = {"LAYERS", "NEW_TOKENS", "SCHEDULE", "SOURCES", "SHORT_FACTOR", "LONG_FACTOR"}
"""Names at the top of a file that say what they are, or whose layers do."""


@lru_cache(maxsize=1)
def file(model: str) -> str:
    return code(model)


def functions(text: str) -> Iterator[ast.FunctionDef]:
    """The functions between the reading of the checkpoint and the generation of a text."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name not in (
            "checkpoint",
            "generate",
            "released",
            "stored_as",
        ):
            yield node


def comments(text: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


@EACH
def test_names_are_the_fields(model: str) -> None:
    named = {node.name for node in functions(file(model))}
    named |= {name.id for node in functions(file(model)) for name in names_in(node)}
    assert not named & OURS


@EACH
def test_parts_of_a_product_have_names(model: str) -> None:
    """No product is cut by numbers, and no matrix that is stored for several roles is read once for each."""
    cut = re.findall(r"\[\.\.\., (?:\d{2,}:\d*|\d*:\d{2,})\]", file(model))
    assert not cut
    for node in functions(file(model)):
        read = [
            (ast.unparse(product.left), ast.unparse(product.right.value.value))
            for product in ast.walk(node)
            if isinstance(product, ast.BinOp)
            and isinstance(product.op, ast.MatMult)
            and isinstance(product.right, ast.Attribute)
            and isinstance(product.right.value, ast.Subscript)
            and isinstance(product.right.value.slice, ast.Slice)
        ]
        assert len(read) == len({*read})


@EACH
def test_numbers_say_what_they_are(model: str) -> None:
    lines = file(model).splitlines()
    bare = {
        line.partition(" = ")[0]
        for line in lines
        if re.match(r"[A-Z_0-9]+ = [-\d(\[]", line) and "#" not in line
    }
    assert not {name for name in bare - TOPS if not name.lower().endswith(tuple(PLAIN))}


@EACH
def test_no_two_functions_are_one(model: str) -> None:
    """None differs from another in nothing but its name and the constants that it reads."""
    seen: dict[str, str] = {}
    for node in functions(file(model)):
        name, node.name = node.name, ""
        for one in names_in(node):
            one.id = "_" if one.id.isupper() else one.id
        if LAYER.fullmatch(name):
            continue  # its settings are what its schedule names it by
        text = ast.unparse(node)
        assert text not in seen, f"{name} and {seen[text]}"
        seen[text] = name


@EACH
def test_no_name_is_set_before_it_is_set_anew(model: str) -> None:
    for node in functions(file(model)):
        for before, line in zip(node.body, node.body[1:], strict=False):
            match before, line:
                case ast.Assign(targets=[ast.Name(id=word)]), ast.Assign(
                    targets=[ast.Name(id=other)], value=value
                ):
                    assert word != other or word in {name.id for name in names_in(value)}, (
                        f"{node.name}: {word}"
                    )


@EACH
def test_a_table_is_read_by_rows(model: str) -> None:
    """Of an embedding nothing is converted but the rows of the text's tokens."""
    assert not re.findall(
        r"w(?:\.at\([^)]*\))?\[[^]]*\]\[(?:tokens|rows?|chosen|places?)\]", file(model)
    )


@pytest.mark.parametrize(
    "model", ["deepseek-v3", "deepseek-v4-pro", "qwen3-next-80b-a3b", "kimi-k3"]
)
def test_a_models_file_speaks_of_no_other_model(model: str) -> None:
    assert not [
        said
        for said in comments(file(model))
        if re.search("picture|Gemma|Inkling|Muse|Grok|Llama 4", said)
    ]


def test_a_product_is_split_under_the_names_of_its_roles() -> None:
    text = (
        "def attention(w, x):\n"
        "    q, k = x @ w['qkv.weight'][:8].T, x @ w['qkv.weight'][8:12].T\n"
        "    v = x @ w['qkv.weight'][12:].T\n"
        "    return q, k, v\n"
    )
    roles = {("qkv", 0): "query", ("qkv", 8): "key", ("qkv", 12): "value"}
    assert shared(Definition(text), roles, {}).text == (
        "def attention(w, x):\n"
        "    q, k, v = np.split(x @ w['qkv.weight'].T, [8, 12], axis=-1)\n"
        "    return q, k, v\n"
    )


def test_a_name_that_means_something_else_is_left_alone() -> None:
    text = (
        "def gated(w, x):\n"
        "    q = x + 1\n"
        "    y = q * (x @ w['in.weight'][:8].T)\n"
        "    return y, x @ w['in.weight'][8:].T\n"
    )
    made = shared(Definition(text), {("in", 0): "query", ("in", 8): "gate"}, {}).text
    assert "q_part, gate = np.split(x @ w['in.weight'].T, [8], axis=-1)" in made
    assert "y = q * q_part" in made
