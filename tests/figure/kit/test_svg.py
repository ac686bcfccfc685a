"""The element builder: sorted attributes, fixed decimals, nothing that input could break out of."""

from __future__ import annotations

from xml.etree import ElementTree

from llm_gallery.figure.kit.svg import Look, element, number, text


def test_attributes_are_sorted_and_short() -> None:
    made = element("rect", {"y": 1.0, "x": 0.12345, "width": None, "class": "b"})
    assert made == ['<rect class="b" x="0.12" y="1"/>']


def test_looks_stay_apart_until_the_last_moment() -> None:
    made = element("text", {"x": 1.0}, "A", look=Look("abcd"))
    assert "".join(made) == '<text class="abcd" x="1">A</text>'
    assert [part for part in made if isinstance(part, Look)] == ["abcd"]
    assert element("title", {}, "") == ["<title/>"]


def test_numbers() -> None:
    assert [number(n) for n in (0, -0.001, 1.5, 2.0, -3.456, 1e6)] == [
        "0",
        "0",
        "1.5",
        "2",
        "-3.46",
        "1000000",
    ]


def test_content_cannot_break_out() -> None:
    evil = "\"/><script>alert(1)</script>&\x00\ud800\ufffe'"
    made = element("text", {"data-path": evil.replace("\x00\ud800\ufffe", "")}, text(evil))
    root = ElementTree.fromstring("".join(made))
    assert root.text == "\"/><script>alert(1)</script>&'"
    assert list(root) == []
