"""Notes and titles of anybody: long words, emoji, markup, right to left; nothing overflows, nothing is markup."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import example, given, settings
from hypothesis import strategies as st

from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from llm_gallery.figure.kit.text import width
from llm_gallery.figure.marks.given import LONGEST_NOTE, LONGEST_TITLE, marks
from llm_gallery.figure.marks.written import written
from tests.figure.marks.marks_gates import faults, parts, said, texts

WORD = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(alphabet="אבגדהשלוםمرحبانص", min_size=1, max_size=40),
    st.text(alphabet="👩🏽‍💻🇩🇪👍é̂漢字", min_size=1, max_size=20),
    st.sampled_from(
        [
            "</text><script>alert(1)</script>",
            "&amp;",
            "\"'><svg onload=x>",
            "]]>",
            "a" * 120,
            "W" * 90,
        ]
    ),
)
WORDS = st.lists(WORD, min_size=1, max_size=30).map(" ".join)


@settings(max_examples=60, deadline=None)
@given(words=WORDS, room=st.floats(60, 400), size=st.floats(9, 30))
def test_no_line_is_wider_than_its_room(words: str, room: float, size: float) -> None:
    lines = written(words, room, size)
    assert "".join("".join(lines).split()) == "".join(words.split())
    for line in lines:
        assert width(line, size) <= room or len(line.split()) == 1
        assert width(line, size) <= max(room, 12 * size), "one sign may be wider"


@settings(max_examples=40, deadline=None)
@given(note=WORDS, title=WORDS)
@example(note="a" * LONGEST_NOTE, title="W" * LONGEST_TITLE)
@example(note="👩‍👩‍👧‍👦" * 40, title="שלום, עולם. " * 12)
@example(note="<b>bold</b> &lt; ]]>", title='"quoted" & <title>')
def test_marks_of_strangers(note: str, title: str) -> None:
    model = find("llama-3-8b")
    try:
        given_marks = marks("attention", {"attention": note[:LONGEST_NOTE]}, title[:LONGEST_TITLE])
    except Refusal:
        return  # nothing of it can be seen
    drawing = draw(model.architecture, model.heading, detail="card", marks=given_marks)
    assert faults(drawing.picture) == ()
    words = "".join(map(said, texts(parts(drawing.picture)[1])))
    assert words.replace(" ", "") == given_marks.notes["attention"].replace(" ", "")
    root = ElementTree.fromstring(drawing.alone(outlined=False))
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names <= {
        "svg",
        "title",
        "desc",
        "style",
        "defs",
        "pattern",
        "rect",
        "g",
        "path",
        "circle",
        "text",
        "tspan",
    }
