"""Code of a lesson's page, run by CPython: it is the printed code, agrees with itself, and one changed sign is noticed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np
import pytest

from llm_gallery import Refusal
from llm_gallery.catalog.model_code import code
from llm_gallery.lessons.lesson import lessons
from llm_gallery.running.edited import Session, apart, panels
from llm_gallery.running.program import Wrong
from llm_gallery.site.run_in_page import Dial, Running, archive, parts, running

PAIRS = [
    ("llama-3-8b", "attention"),  # grouped queries
    ("falcon-7b", "attention"),  # one key for all
    ("gpt-oss-20b", "attention"),  # windows, sinks
    ("gemma-2-27b", "attention"),  # softcaps
    ("qwen3-next-80b-a3b", "attention"),  # gated, partly rotated
    ("qwen3-0.6b", "split_heads"),  # normed queries and keys
    ("deepseek-v3", "latent_attention"),
    ("deepseek-v3.2", "indexer"),
    ("deepseek-v4-flash", "compressed_attention_by_4"),
    ("minimax-m3-428b", "sparse_attention"),
    ("qwen3-next-80b-a3b", "gated_deltanet"),
    ("qwen3-next-80b-a3b", "delta_rule"),
    ("kimi-linear-48b-a3b", "kimi_delta_attention"),
    ("granite-4.0-h-small", "mamba2"),
    ("mamba-2.8b", "mamba"),
    ("ling-2.6-1t", "lightning_attention"),
    ("deepseek-v3", "moe"),
    ("deepseek-v3", "within_groups"),
    ("mixtral-8x7b", "routed"),
    ("llama-3-8b", "mlp"),
    ("llama-3-8b", "rms_norm"),
    ("gpt2-xl", "layer_norm"),
    ("llama-3-8b", "rope"),
    ("llama-3-8b", "frequencies"),
    ("deepseek-v3", "yarn"),
    ("deepseek-v4-flash", "written"),  # hyper-connections
    ("gemma-3-27b", "layer"),
    ("olmo-2-7b", "layer"),  # norms behind
    ("llama-3-8b", "model"),
    ("rwkv-4-7b", "rwkv"),
    ("xlstm-7b", "mlstm"),
    ("lfm2-1.2b", "short_convolution"),
]  # fmt: skip
"""A model and a function of its printed file, for each kind of lesson."""
EACH = [
    pytest.param(*pair, marks=() if pair in PAIRS[::3] else pytest.mark.whole) for pair in PAIRS
]
"""Those, of which a third runs each time."""
TAUGHT = [
    pytest.param(lesson.on, lesson.runs or lesson.functions[0], marks=pytest.mark.whole)
    for lesson in lessons().values()
]
"""Those of all lessons."""


@cache
def made(model: str, function: str) -> tuple[Running, Session]:
    lesson = running(model, function)
    return lesson, Session(json.loads(lesson.json))


@pytest.mark.parametrize(("model", "function"), [*EACH, *TAUGHT])
def test_unchanged_it_gives_the_same_and_agrees_with_itself(model: str, function: str) -> None:
    """The same numbers to the last bit, and one token after another what all give at once."""
    lesson, session = made(model, function)
    found = session.run(lesson.code)
    assert found["output"]["moved"] == found["scores"]["moved"] == found["scores"]["likeliest"] == 0
    assert found["output"]["largest"] > 0 < found["scores"]["largest"]
    assert found["shape"]["printed"] == found["shape"]["yours"]
    assert found["kept"]["printed"] == found["kept"]["yours"]
    assert found["kept"]["same"]
    alone = session.check()
    assert alone == {"at_once": True} if "at_once" in session.data else alone["agree"]
    for name in found["views"]:
        view = session.view(name)
        assert view["printed"] == view["yours"]


@pytest.mark.parametrize(("model", "function"), [*EACH, *TAUGHT])
def test_every_changed_sign_is_noticed(model: str, function: str) -> None:
    """By another output, or where all at once gives the same, by tokens that come one after another."""
    lesson, session = made(model, function)
    for changed in signs(lesson.code, function):
        found = session.run(changed)
        if any(part in changed for part in UNREACHED.get((model, function), ())):
            continue
        assert noticed(session, found), changed


UNREACHED = {
    ("deepseek-v3", "yarn"): ("min(last, dim + 1)",),
    ("gpt-oss-20b", "yarn"): ("min(last, dim + 1)",),
    ("phi-3.5-moe", "frequencies"): ("positions[-1] - 1",),
}
"""Bounds that the few pairs or tokens of the miniature stay below."""


def noticed(session: Session, found: dict[str, Any]) -> bool:
    return (
        "failed" in found
        or found["output"]["moved"] != 0
        or not found["kept"]["same"]
        or not session.check().get("agree", True)
    )


def signs(text: str, function: str) -> Iterator[str]:
    """The code with one sign of the function changed, each in turn; where it has none, that of what it gives."""

    def places(tree: ast.Module) -> list[ast.BinOp | ast.UnaryOp]:
        whole = body(tree, function)
        return [node for node in ast.walk(whole) if signed(node) and node not in wherever(whole)]

    for place in range(len(places(ast.parse(text)))):
        tree = ast.parse(text)
        node = places(tree)[place]
        if isinstance(node, ast.UnaryOp):
            node.op = ast.UAdd()
        else:
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
        yield ast.unparse(tree)
    if not places(ast.parse(text)):
        tree = ast.parse(text)
        for end in ast.walk(body(tree, function)):
            if isinstance(end, ast.Return) and isinstance(end.value, ast.Tuple):
                end.value.elts[0] = ast.UnaryOp(ast.USub(), end.value.elts[0])
            elif isinstance(end, ast.Return) and end.value is not None:
                end.value = ast.UnaryOp(ast.USub(), end.value)
        yield ast.unparse(tree)


PLACES = ("reshape", "sum", "mean")
"""Calls whose numbers say where: counted from behind or from the front, an axis is the same."""


def wherever(tree: ast.AST) -> set[ast.AST]:
    """What stands in an index, as an axis, or as a size."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            found |= {*ast.walk(node.slice)}
        elif isinstance(node, ast.keyword) and node.arg == "axis":
            found |= {*ast.walk(node.value)}
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            args = node.args if node.func.attr in PLACES else []
            found |= {inner for one in args for inner in ast.walk(one)}
    return found


def signed(node: ast.AST) -> TypeGuard[ast.BinOp | ast.UnaryOp]:
    return (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub)) or (
        isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
    )


def body(tree: ast.Module, function: str) -> ast.FunctionDef:
    return next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == function)


@pytest.mark.parametrize(("model", "function"), EACH)
def test_it_is_what_is_printed_of_the_model_but_for_numbers(model: str, function: str) -> None:
    def plain(text: str) -> str:
        return re.sub(r"\b\d[\d_.]*(e[+-]?\d+)?", "0", ast.unparse(body(ast.parse(text), function)))

    assert plain(made(model, function)[0].code) == plain(code(model))


@pytest.mark.parametrize(("model", "function"), EACH)
def test_each_dial_moves_something(model: str, function: str) -> None:
    """Set to another number it runs, and what the function gives, or the model, is another."""
    lesson, session = made(model, function)
    for dial in lesson.dials:
        for value in (2 * dial.value, dial.value + 1, 8 * dial.value):
            found = session.run(turned(lesson.code, dial, value))
            assert "failed" not in found, (dial, found)
            if found["output"]["moved"] != 0:
                break
        else:
            pytest.fail(f"{dial} moves nothing")


def turned(text: str, dial: Dial, value: float) -> str:
    """The code with another number, as run.js writes it."""
    head = (
        rf"(?m)^({dial.of} = .*\b{dial.name}=|{dial.name} = )"
        if dial.of
        else rf"(?m)^({dial.name} = )"
    )
    changed, count = re.subn(rf"{head}[-\d_.e]+", rf"\g<1>{value!r}", text)
    assert count == 1
    return changed


LESSON = ("llama-3-8b", "rms_norm")


@pytest.mark.parametrize(
    ("new", "line", "said"),
    [
        ("return y y", 10, "invalid syntax"),
        ("return y * wait", 10, "NameError: name 'wait' is not defined"),
        ("return y.reshape(3, 5)", 10, "ValueError: cannot reshape array of size 1792"),
        ("return y[:, :3]", None, "ValueError: matmul: Input operand 1 has a mismatch"),
        ("exit(3)", 10, "SystemExit: 3"),
        ("await y", 10, "'await' outside async function"),
    ],
)
def test_what_goes_wrong_is_said_with_its_line(new: str, line: int | None, said: str) -> None:
    """Where it goes wrong in another function, that function is named instead."""
    lesson, session = made(*LESSON)
    failed = session.run(lesson.code.replace("return y * weight", new))["failed"]
    assert failed["line"] == line
    assert failed["said"].startswith(said)
    assert failed["said"].endswith(", in attention") == (line is None)
    assert session.run(lesson.code)["output"]["moved"] == 0


def test_a_function_that_is_gone_is_missed() -> None:
    lesson, session = made(*LESSON)
    failed = session.run(lesson.code.replace("def rms_norm", "def norm"))["failed"]
    assert failed == {"line": None, "said": "rms_norm is gone, and the model calls it"}


def test_what_is_no_number_is_said_and_infinite() -> None:
    lesson, session = made(*LESSON)
    found = session.run(lesson.code.replace("return y", "return np.nan * y"))
    assert found["output"]["moved"] is None
    assert found["scores"]["moved"] is None
    assert not session.check()["agree"]


def test_inputs_stay_what_they_were() -> None:
    """Code that writes into its inputs has no part in the next run."""
    lesson, session = made(*LESSON)
    session.run(lesson.code.replace("    y = x", "    x *= 3\n    y = x", 1))
    assert session.run(lesson.code)["output"]["moved"] == 0


def test_new_functions_and_what_is_printed() -> None:
    lesson, session = made(*LESSON)
    helped = lesson.code.replace("return y * weight", "return helped(y) * weight")
    helped += "\n\n\ndef helped(y):\n    return 2 * y\n\n\nimport math\nprint(math.pi)\n"
    found = session.run(helped)
    assert found["printed"] == "3.141592653589793\n"
    assert found["output"]["moved"] == pytest.approx(found["output"]["largest"])


def test_what_is_kept_wrongly_shows_only_one_by_one() -> None:
    """All tokens at once need no cache: there the same scores stand."""
    lesson, session = made("deepseek-v3", "latent_attention")
    found = session.run(lesson.code.replace('{"latents": latent,', '{"latents": -latent,'))
    assert found["output"]["moved"] == found["scores"]["moved"] == 0
    assert not found["kept"]["same"]
    assert not session.check()["agree"]


def test_a_window_is_a_dial_of_its_layers() -> None:
    lesson, session = made("gpt-oss-20b", "attention")
    assert [(dial.of, dial.name) for dial in lesson.dials] == [("LOCAL", "window")]
    found = session.run(turned(lesson.code, lesson.dials[0], 2))
    assert (
        found["kept"]["yours"] == found["kept"]["printed"] - 3 * 2 * 2 * 16
    )  # tokens, k and v, heads


def test_a_function_that_isnt_there_is_refused() -> None:
    with pytest.raises(Refusal, match="Llama 3 8B's file has no function mamba, expected one of"):
        running("llama-3-8b", "mamba")


def test_a_function_that_is_never_called_is_said() -> None:
    """With fewer tokens than a group, nothing asks for what summarizes groups."""
    lesson = running("llama-3-8b", "generate")
    with pytest.raises(Wrong, match="the model never calls generate"):
        Session(json.loads(lesson.json))


def test_pictures_have_a_row_a_token() -> None:
    assert np.array(panels(np.ones((14, 2, 3)), 14)).shape == (1, 14, 6)
    assert np.array(panels(np.ones((4, 14, 14)), 14)).shape == (4, 14, 14)
    assert np.array(panels(np.ones((2, 4, 14, 14)), 14)).shape == (8, 14, 14)
    assert np.array(panels(np.ones(5), 14)).shape == (1, 1, 5)
    assert panels(np.array(np.nan), 14) == [[[None]]]
    assert apart([np.ones(2)], [np.ones(3)]) == np.inf
    assert apart([np.array([-np.inf, 1])], [np.array([-np.inf, 3])]) == 2


def test_what_the_page_loads_needs_numpy_alone(tmp_path: Path) -> None:
    """The archive runs a miniature by itself, without this package."""
    zipfile.ZipFile(BytesIO(archive())).extractall(tmp_path / "core")
    (tmp_path / "run.json").write_bytes(running(*LESSON).json)
    program = (
        f"import sys, json; sys.path.insert(0, {str(tmp_path / 'core')!r})\n"
        "from llm_gallery.running import edited\n"
        f"assert edited.__file__.startswith({str(tmp_path)!r})\n"
        f"data = json.load(open({str(tmp_path / 'run.json')!r}))\n"
        "print(edited.Session(data).run(data['code'])['output']['moved'])\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (ran.stdout, ran.stderr) == ("0.0\n", "")


def test_parts_are_files_of_the_site() -> None:
    static = Path(__file__).parents[2] / "src/llm_gallery/site/static"
    sizes = dict(parts())
    assert sizes.pop("run.zip") == len(archive())
    assert sizes == {name: (static / name).stat().st_size for name in sizes}
    assert sizes["pyodide/numpy.zip"] < 3_000_000
