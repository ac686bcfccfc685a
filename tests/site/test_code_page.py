"""Code in pages: lines are the file's, marks are Python's, and differences are difflib's."""

from __future__ import annotations

import keyword
import re
import tokenize
from html import unescape
from io import StringIO

import pytest

from llm_gallery.lessons.listing import file
from llm_gallery.site.code_difference import runs
from llm_gallery.site.code_lines import code_lines

MODELS = ("deepseek-v3", "kimi-k3", "gemma-3-27b", "gpt2-xl")
CODE = '''\
def one(x: int) -> str:
    """What it
    says & means."""
    return f"{x:>3} {'<b>'}"  # a comment


y = one(1) if None else "def"
'''


@pytest.mark.parametrize("model", MODELS)
def test_lines_are_the_files(model: str) -> None:
    text = file(model)
    lines = [unescape(re.sub(r"<[^>]+>", "", line)) for line in code_lines(text, {})]
    assert lines == text.splitlines()


@pytest.mark.parametrize("model", MODELS)
def test_comments_and_keywords_are_pythons(model: str) -> None:
    """What a string holds is neither."""
    text = file(model)
    html = "\n".join(code_lines(text, {}))
    tokens = [*tokenize.generate_tokens(StringIO(text).readline)]
    comments = [one.string for one in tokens if one.type == tokenize.COMMENT]
    assert [unescape(one) for one in re.findall("<i>(#.*?)</i>", html)] == comments
    words, inside = [], 0
    for one in tokens:  # from Python 3.12 on, those in a string with values are tokens, too
        name = tokenize.tok_name[one.type]
        inside += name.endswith("STRING_START") - name.endswith("STRING_END")
        words += [one.string] if keyword.iskeyword(one.string) and not inside else []
    assert re.findall("<b>(.*?)</b>", html) == words


def test_marks() -> None:
    """A comment, a keyword, strings over lines and with values in them; a function leads to the line that defines it."""
    assert [str(line) for line in code_lines(CODE, {"one": 1})] == [
        "<b>def</b> <b>one</b>(x: int) -&gt; str:",
        '    <i>"""What it</i>',
        '<i>    says &amp; means."""</i>',
        "    <b>return</b> <i>f\"{x:&gt;3} {'&lt;b&gt;'}\"</i>  <i># a comment</i>",
        "",
        "",
        'y = <a href="#L1">one</a>(1) <b>if</b> <b>None</b> <b>else</b> <i>"def"</i>',
    ]


@pytest.mark.parametrize(("old", "new"), [MODELS[:2], MODELS[2:], MODELS[::-1][:2]])
def test_a_difference_holds_both_files(old: str, new: str) -> None:
    """What stays and what goes is the one file, what stays and what is new the other; what is folded stays."""
    a, b = file(old).splitlines(), file(new).splitlines()
    made = [*runs(a, b)]
    assert [line for run in made if run.sort != "new" for line in run.lines] == a
    assert [line for run in made if run.sort != "gone" for line in run.lines] == b
    assert {run.sort for run in made if run.folded} == {"same"}


def test_equal_lines_near_a_change_are_shown() -> None:
    a = [str(i) for i in range(20)]
    b = [*a[:10], "new", *a[11:]]
    told = [(run.sort, len(run.lines), run.folded) for run in runs(a, b)]
    assert told == [
        ("same", 7, True),
        ("same", 3, False),
        ("gone", 1, False),
        ("new", 1, False),
        ("same", 3, False),
        ("same", 6, True),
    ]


def test_nothing_is_folded_for_a_line() -> None:
    a = [str(i) for i in range(8)]
    told = [(run.sort, len(run.lines), run.folded) for run in runs(["x", *a, "x"], ["y", *a, "y"])]
    assert ("same", 2, True) in told
    told = [
        (run.sort, len(run.lines), run.folded)
        for run in runs(["x", *a[1:], "x"], ["y", *a[1:], "y"])
    ]
    assert ("same", 7, False) in told
