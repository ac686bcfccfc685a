"""Functions of a file that are made one, or stand where they are called: they compute the same, comments stay."""

from __future__ import annotations

import ast
from collections.abc import Collection
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from llm_gallery.code import inlining, sharing
from llm_gallery.code.definitions import code_of, definitions, tree_of
from llm_gallery.code.merging import Merging
from llm_gallery.code.program import ROWS


def merged(code: str, **constants: float) -> str:
    shorter = {word: word.removeprefix("OTHER_") for word in constants}
    return code_of(Merging(constants, shorter).merged(definitions(dedent(code))))


def inlined(code: str, kept: Collection[str]) -> str:
    return code_of(inlining.inlined(definitions(code), kept))


ROLES = {
    ("qkv", 0): "query", ("qkv", 4): "key", ("qkv", 6): "value", ("kv", 0): "key", ("kv", 3): "value",
    ("both", 0): "gate", ("both", 2): "up",
}  # fmt: skip


def shared(code: str) -> str:
    return code_of([sharing.shared(one, ROLES, {}) for one in definitions(code)])


def results(code: str, call: str, **names: Any) -> Any:
    exec(code, names)
    return eval(call, names)


TWICE = """\
def turned(x: int) -> int:
    return x * BASE  # so far


def other_turned(x: int) -> int:
    return x * OTHER_BASE  # so far


def both(x: int) -> int:
    return turned(x) + other_turned(turned(x))
"""


def test_functions_that_differ_in_a_constant_take_it() -> None:
    made = merged(TWICE, BASE=2, OTHER_BASE=3.5)
    assert "def turned(x: int, base: float) -> int:\n    return x * base  # so far\n" in made
    assert "turned(x, BASE) + turned(turned(x, BASE), OTHER_BASE)" in made
    assert made.count("def ") == 2
    for code in (TWICE, made):
        assert results(code, "both(5)", BASE=2, OTHER_BASE=3.5) == 10 + 35.0


def test_those_that_call_them_are_one_in_turn() -> None:
    made = merged(
        TWICE.replace("def both", "def twice").replace(
            "turned(x) + other_turned(turned(x))", "turned(x) * 2"
        )
        + "\n\ndef other_twice(x: int) -> int:\n    return other_turned(x) * 2\n"
        + "\n\ndef all(x: int) -> int:\n    return twice(x) + other_twice(x)\n",
        BASE=2,
        OTHER_BASE=3,
    )
    assert "return twice(x, BASE) + twice(x, OTHER_BASE)" in made
    assert "return turned(x, base) * 2" in made


def test_what_most_calls_give_is_the_default() -> None:
    many = TWICE.replace("turned(x) + other", "turned(x) + turned(x) + turned(x) + other")
    made = merged(many, BASE=2, OTHER_BASE=3)
    assert "base: int = BASE" in made
    assert "turned(x) + turned(x) + turned(x) + turned(turned(x), OTHER_BASE)" in made


def test_a_word_in_the_names_of_arrays_is_an_argument() -> None:
    made = merged(
        """\
        def read(w: dict[str, int]) -> int:
            return w["hc_attn_fn"] - w["hc_attn_base"]


        def other_read(w: dict[str, int]) -> int:
            return w["hc_ffn_fn"] - w["hc_ffn_base"]


        def both(w: dict[str, int]) -> int:
            return read(w) * other_read(w)
        """
    )
    assert 'w[f"hc_{branch}_fn"]' in made.replace("'", '"')
    held = {"hc_attn_fn": 7, "hc_attn_base": 2, "hc_ffn_fn": 9, "hc_ffn_base": 5}
    assert results(made, "both(w)", w=held) == 20


def test_one_array_of_another_name_stays_where_it_is() -> None:
    """No word of it stands for the other's: nothing could be given for it."""
    code = dedent(
        """\
        def read(w: dict[str, int]) -> int:
            return w["attn_res_proj.weight"] * 2


        def other_read(w: dict[str, int]) -> int:
            return w["proj.weight"] * 2


        def both(w: dict[str, int]) -> int:
            return read(w) * other_read(w)
        """
    )
    assert merged(code) == code


@pytest.mark.parametrize(
    "code",
    [
        TWICE.replace(
            "turned(x) + other_turned(turned(x))", "sum(f(x) for f in (turned, other_turned))"
        ),
        TWICE.replace("x * OTHER_BASE", "x + OTHER_BASE"),
        TWICE.replace("x * BASE", "x * BASE * A * B").replace(
            "x * OTHER_BASE", "x * OTHER_BASE * B * A"
        ),
    ],
    ids=["named, not called", "another operator", "more than two"],
)
def test_others_stay(code: str) -> None:
    assert merged(code, BASE=2, OTHER_BASE=3, A=1, B=4) == code


HELPER = """\
def places(scores: list[int], first: int) -> list[int]:
    \"\"\"Where each stands.\"\"\"
    # from the first on
    count = len(scores)
    return [first + i for i in range(count)]


def model(x: list[int]) -> list[int]:
    seen = places(x, 3)
    return seen + x
"""


def test_a_helper_that_is_called_once_stands_where_it_is_called() -> None:
    made = inlined(HELPER, ())
    assert made == dedent(
        """\
        def model(x: list[int]) -> list[int]:
            # Where each stands.
            # from the first on
            count = len(x)
            seen = [3 + i for i in range(count)]
            return seen + x
        """
    )
    for code in (HELPER, made):
        assert results(code, "model([7, 8])") == [3, 4, 7, 8]


def test_what_is_given_back_under_its_name_is_no_line() -> None:
    code = """\
def split(q: int, k: int) -> tuple[int, int]:
    q = q + 1
    return q, k * 2


def model(q: int, k: int) -> int:
    q, k = split(q, k)
    return q * k
"""
    made = inlined(code, ())
    assert "    q = q + 1\n    k = k * 2\n    return q * k\n" in made
    for each in (code, made):
        assert results(each, "model(3, 4)") == 32


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("return seen + x", "return seen + places(x, 4)"),
        ("seen = places(x, 3)", "count = 2\n    seen = places(x, 3)[count:]"),
        ("    seen = places(x, 3)\n    return seen + x", "    count = 1\n    seen = places(x, 3)\n    return seen[count:]"),
        ("    seen = places(x, 3)\n    return seen", "    y = count(x)\n    seen = places(x, 3)\n    return seen + y"),
        ("places(x, 3)", "places(x + x, 3)"),
        ("    seen = ", "    len = 3\n    seen = "),
        ("scores: list[int], first: int", "scores: list[int]"),
    ],
    ids=[
        "called twice", "part of an expression", "its name is read later", "its name is a function's",
        "an operator in a call", "the caller's name", "one parameter",
    ],
)  # fmt: skip
def test_others_stay_where_they_are(old: str, new: str) -> None:
    code = HELPER.replace(old, new)
    assert code != HELPER
    assert inlined(code, ()) == code


def test_a_mechanism_stays() -> None:
    assert inlined(HELPER, {"places"}) == HELPER


PACKED = """\
def attention(w: dict[str, Any], x: Any) -> Any:
    q, k = x @ w['qkv.weight'][:4].T + w['qkv.bias'][:4], x @ w['qkv.weight'][4:6].T + w['qkv.bias'][4:6]
    # (T, 2)
    v = (x @ w['qkv.weight'][6:].T + w['qkv.bias'][6:]).reshape(len(x), -1)
    return np.concatenate([q, k, v], axis=1)
"""


def test_a_matrix_of_several_roles_is_multiplied_once() -> None:
    made = shared(PACKED)
    assert made == dedent(
        """\
        def attention(w: dict[str, Any], x: Any) -> Any:
            q, k, v = np.split(x @ w['qkv.weight'].T + w['qkv.bias'], [4, 6], axis=-1)
            # (T, 2)
            v = v.reshape(len(x), -1)
            return np.concatenate([q, k, v], axis=1)
        """
    )
    draw = np.random.default_rng(1)
    held = {"qkv.weight": draw.normal(size=(8, 3)), "qkv.bias": draw.normal(size=8)}
    given = {"np": np, "Any": Any, "w": held, "x": draw.normal(size=(5, 3))}
    before, after = (results(code, "attention(w, x)", **given) for code in (PACKED, made))
    assert np.abs(before - after).max() < 1e-14


def test_one_of_groups_is_cut_in_each() -> None:
    code = """\
def attention(w: dict[str, Any], x: Any) -> Any:
    k = (x @ group_rows(w['kv.weight'], 2, 0, 3).T).reshape(len(x), 2, 3)
    v = x @ group_rows(w['kv.weight'], 2, 3, 4).T
    return k.reshape(len(x), -1) @ np.ones((6, 2)) + v
"""
    made = shared(code)
    assert (
        "    k, v = np.split((x @ w['kv.weight'].T).reshape(len(x), 2, -1), [3], axis=-1)\n" in made
    )
    assert "    k = k.reshape(len(x), 2, 3)\n" in made
    assert "    v = v.reshape(len(x), -1)\n" in made
    helper: dict[str, Any] = {}
    exec("from typing import Any\nArray = Any\n" + ROWS, helper)
    draw = np.random.default_rng(2)
    held = {"kv.weight": draw.normal(size=(8, 3))}
    given = {**helper, "np": np, "w": held, "x": draw.normal(size=(5, 3))}
    before, after = (results(each, "attention(w, x)", **given) for each in (code, made))
    assert np.abs(before - after).max() < 1e-14


@pytest.mark.parametrize(
    ("old", "new", "first"),
    [
        ("    # (T, 2)", "    x = x + 1", False),
        ("w['qkv.weight'][6:].T + w['qkv.bias'][6:]", "w['v.weight'].T", True),
        ("w['qkv.weight'][6:].T + w['qkv.bias'][6:]", "w['qkv.weight'][6:].T", True),
    ],
    ids=["of another x", "of another matrix", "without the bias"],
)
def test_other_products_stay(old: str, new: str, first: bool) -> None:
    """`first` says whether those of queries and keys are one."""
    code = PACKED.replace(old, new)
    made = shared(code)
    assert made.splitlines()[-2:] == code.splitlines()[-2:]
    assert ("np.split" in made) is first


def test_a_change_to_one_function_leaves_the_trees_of_the_others() -> None:
    held = definitions(HELPER + "\n\n" + TWICE)
    trees = {one.text: one.tree for one in held}
    left = inlining.inlined(held, ())
    assert [one.text in trees for one in left] == [False, True, True, True]
    assert all(one.tree is trees[one.text] for one in left[1:])


def test_all_that_stands_at_the_top_of_a_file_comes_back_as_it_was() -> None:
    code = HELPER + "\n\nSCHEDULE = [model] * 2\nSOURCES = [*range(2)]\n\n\n" + PACKED
    held = definitions(code)
    assert [one.function is not None for one in held] == [True, True, False, True]
    assert code_of(held) == code


def test_the_tree_of_a_file_is_made_once_for_those_who_ask_one_after_another() -> None:
    assert tree_of(HELPER) is tree_of(HELPER)
    assert tree_of(TWICE) is not tree_of(HELPER)
    assert tree_of.cache_info().maxsize == 1


UNREAD = """\
def mixed(w: dict[str, Any], x: Any) -> Any:
    k = x @ w['qkv.weight'][2:4].T
    v = x @ w['qkv.weight'][4:].T
    return k * v
"""


def test_a_matrix_is_multiplied_whole_where_all_of_it_is_read() -> None:
    assert shared(UNREAD) == UNREAD  # the first outputs are read elsewhere
    whole = UNREAD.replace("2:4", ":4")
    made = shared(whole)
    assert "np.split(x @ w['qkv.weight'].T, [4], axis=-1)" in made
    w, x = {"qkv.weight": np.arange(24.0).reshape(8, 3)}, np.arange(6.0).reshape(2, 3)
    both = (results(code, "mixed(w, x)", np=np, Any=Any, w=w, x=x) for code in (whole, made))
    assert np.array_equal(*both)


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ({":8", "8:"}, True),
        ({":8", "8:9", "9:"}, True),
        ({":64", "64:80", "80:96"}, True),
        ({"8:9", "9:"}, False),
        ({":8", "9:"}, False),
        ({"0::2", "1::2"}, True),
        ({"0::3", "2::3"}, False),
    ],
)
def test_what_spans_leave_out_is_seen(spans: set[str], said: bool) -> None:
    assert sharing.whole(spans) is said


ADAPTED = """\
def linear(x: Any, weight: Any, bias: Any, adapter_down: Any, adapter_up: Any) -> Any:
    return x @ weight + bias + x @ adapter_down @ adapter_up


def mlp(w: dict[str, Any], x: Any) -> Any:
    gate, up = linear(x, w['both.weight'][:2].T, w['both.bias'][:2], w['down'].T, w['up'][:2].T), linear(x, w['both.weight'][2:].T, w['both.bias'][2:], w['down'].T, w['up'][2:].T)
    return gate * up
"""


def test_a_map_with_an_adapter_is_called_once() -> None:
    made = shared(ADAPTED)
    whole = "linear(x, w['both.weight'].T, w['both.bias'], w['down'].T, w['up'].T)"
    assert f"gate, up = np.split({whole}, [2], axis=-1)" in made
    assert made.count("linear(") == 2
    draw = np.random.default_rng(1)
    shapes = {"both.weight": (4, 3), "both.bias": (4,), "down": (2, 3), "up": (4, 2)}
    w, x = {name: draw.normal(size=shape) for name, shape in shapes.items()}, np.ones((5, 3))
    once, twice = (results(code, "mlp(w, x)", np=np, Any=Any, w=w, x=x) for code in (made, ADAPTED))
    assert np.allclose(once, twice, rtol=0, atol=1e-14)


def test_the_tree_of_a_function_that_many_files_have_is_made_once_and_stays() -> None:
    """Merging looks at functions without their constants: in trees of its own."""
    held = definitions(TWICE)
    before = [ast.dump(one.tree, include_attributes=True) for one in held]
    merged(TWICE, BASE=2, OTHER_BASE=3.5)
    again = definitions(TWICE)
    assert all(one is other for one, other in zip(held, again, strict=True))
    assert [ast.dump(one.tree, include_attributes=True) for one in again] == before
