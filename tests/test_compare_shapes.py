"""The tool that compares figures before and after: what moved or changed is named, how it is written isn't."""

from __future__ import annotations

from pathlib import Path

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.figure import draw
from tools.compare_shapes import asked, differences, main, shapes

FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="60"><title>A</title>'
    '<defs><pattern id="p"><path fill="#000" d="M0 0h6v6H0z"/></pattern></defs>'
    "<style>.a,.b{fill:#112233}.b{stroke:#445566}.c{fill:none;stroke:#112233;stroke-width:1}</style>"
    '<path class="a" d="M1 2h3v4h-3zm10 0h3v4h-3z"/>'
    '<path class="c" d="M0 0h9"/>'
    '<g transform="translate(10 20)"><rect class="b" x="1.5" y="2" width="9" height="8"/></g>'
    '<text class="a" x="5" y="50" data-path="x"><title>t</title>dim <tspan class="b">64</tspan></text>'
    '<g aria-hidden="true"><use href="#r41"/></g></svg>'
)


def _named(changed: str) -> list[str]:
    return list(differences({"one full": shapes(FIGURE)}, {"one full": shapes(changed)}))


def test_shapes_stand_in_the_whole_with_their_looks() -> None:
    assert shapes(FIGURE) == [
        "figure 90 × 60",
        "path M1 2 L4 2 L4 6 L1 6 Z {fill:#112233}",
        "path M11 2 L14 2 L14 6 L11 6 Z {fill:#112233}",
        "path M0 0 L9 0 {fill:none;stroke:#112233}",
        "rect 11.5 22 width 9 height 8 rx None {fill:#112233;stroke:#445566}",
        "text 5 50 {fill:#112233} 'dim ' + {fill:#112233;stroke:#445566} '64'",
    ]


def test_a_pattern_counts_where_it_is_used() -> None:
    used = FIGURE.replace("fill:#112233", "fill:url(#p)", 1)
    assert shapes(used)[1] == "pattern p: path M0 0 L6 0 L6 6 L0 6 Z {fill:#000}"
    (line,) = differences({"a": shapes(used)}, {"a": shapes(used.replace("h6v6", "h6v5"))})
    assert "pattern p" in line


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('x="1.5"', 'x="1.6"', "rect 11.6 22"),
        ("translate(10 20)", "translate(10 21)", "rect 11.5 23"),
        ("m10 0", "m10 1", "M11 3 L14 3"),
        ("#445566", "#445567", "#445567"),
        (">64<", ">65<", "'65'"),
        ("dim ", "dims ", "'dims '"),
        ('height="60"', 'height="61"', "figure 90 × 61"),
        ("zm10 0h3v4h-3z", "z", "0 new"),
    ],
)
def test_a_change_is_named(old: str, new: str, named: str) -> None:
    (line,) = _named(FIGURE.replace(old, new, 1))
    assert line.startswith("one full: ")
    assert named in line


def test_how_it_is_written_is_no_change() -> None:
    other = (
        FIGURE.replace(".a,.b{fill:#112233}.b{", ".q{fill:#112233}.r{fill:#112233;")
        .replace("fill:none;stroke:#112233;stroke-width:1", "stroke:#112233")
        .replace("<svg", '<svg fill="none"')
        .replace('class="a"', 'class="q"')
        .replace('class="b"', 'class="r"')
        .replace('-3zm10 0h3v4h-3z"/>', '-3z"/><path class="q" d="M11 2H14V6L11 6z"/>')
        .replace('data-path="x"', 'data-path="y"')
        .replace("#r41", "#r42")
    )
    assert other != FIGURE
    assert not _named(other)


def test_another_order_and_figures_of_one_side_are_named() -> None:
    first = shapes(FIGURE)
    swapped = [first[0], first[2], first[1], *first[3:]]
    (order,) = differences({"a": first}, {"a": swapped})
    assert "another order" in order
    assert list(differences({"a": first}, {"b": first})) == ["a: gone", "b: new"]


def test_a_real_figure_is_read_whole() -> None:
    model = find("deepseek-v3")
    made = draw(model.architecture, model.heading)
    drawn = made.alone()
    words = [line for line in shapes(drawn) if line.startswith("text")]
    assert len(words) == drawn.count("<text")
    assert shapes(drawn) == shapes(made.alone(outlined=False))
    assert not any(line.endswith("{}") for line in shapes(drawn))


def test_everything_is_asked_for_by_a_name_of_its_own() -> None:
    names = [name for name, _ in asked(["a", "b"])]
    assert len(names) == len(set(names))
    assert {"a card light", "b full print", "sheet poster dark"} <= set(names)


def test_what_is_no_list_is_refused_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a").write_text("{}")
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "b")]) == 2
    said = capsys.readouterr().err
    assert said.startswith("compare_shapes: ")
    assert said.count("\n") == 1
