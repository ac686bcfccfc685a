"""What a figure's files for other programs are held to: all its words, a name for each block, and lines that end where they did."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from llm_gallery.figure import Figure
from llm_gallery.figure.kit.scene import Part, scene
from llm_gallery.figure.kit.shapes import Line, Text, flat
from llm_gallery.figure.kit.svg import number
from llm_gallery.figure.kit.tex import slug

Json = dict[str, Any]
TOKEN = re.compile(
    r"\\letter\{([0-9A-F]+)\}|\\ensuremath\{[^}]*\}|\\[a-z]+\{\}|\\[{}$&#%_]|~|\{\}|.", re.S
)
SIGNS = {
    **{f"\\{sign}": sign for sign in "{}$&#%_"},
    "~": "\u00a0",
    r"\by{}": "×", "{}": "",
    r"\textbackslash{}": "\\", r"\textasciitilde{}": "~", r"\textasciicircum{}": "^",
    r"\textasciigrave{}": "`", r"\textquotesingle{}": "'", r"\textquotedbl{}": '"',
    r"\textbar{}": "|", r"\textless{}": "<", r"\textgreater{}": ">",
}  # fmt: skip
"""What TeX sets for its own words, for those that a stranger may bring."""


def set_as(tex: str) -> str:
    """The text that TeX sets; a sign from another font is a question mark. Raises ValueError for a command."""
    found = ""
    for match in TOKEN.finditer(tex):
        said = match[0]
        if match[1]:
            found += chr(int(match[1], 16))
        elif said in SIGNS:
            found += SIGNS[said]
        elif re.fullmatch(r"\\ensuremath\{.*\}|\\text[a-z]+\{\}", said):
            found += "?"
        elif said in "\\{}$&#%_^`'\"|<>":
            raise ValueError(f"{said!r} is a command in {tex!r}")
        else:
            found += said
    return found


def tikz_faults(figure: Figure) -> tuple[str, ...]:
    """Every fault of its TikZ in words."""
    return tuple(_of_tikz(figure, figure.tikz()))


def _of_tikz(figure: Figure, text: str) -> Iterator[str]:
    for opens, closes in (("{", "}"), ("[", "]")):
        bare = re.sub(r"\\[{}\[\]]", "", text)
        if bare.count(opens) != bare.count(closes):
            yield f"{bare.count(opens)} {opens}, {bare.count(closes)} {closes}"
    if text.count(r"\begin{scope}") != text.count(r"\end{scope}"):
        yield "scopes that don't end"
    words = Counter(
        _plain(body) for body in re.findall(r"\\words\{[\d.]+\}\{(.*)\}\};$", text, re.M)
    )
    if words != (ours := Counter(_marked(said) for said in _said(figure))):
        yield f"words {[*(ours - words), *(words - ours)][:4]} differ"
    nodes = re.findall(r"\\node\[.*?\] \(([^)]*)\)", text)
    if len(nodes) != len({*nodes}):
        yield "two nodes of one name"
    if missing := {slug(part.id) for part in _blocks(_scene(figure))} - {*nodes}:
        yield f"no node is called {sorted(missing)}"
    drawn = Counter(re.findall(r"\\draw\[.*?\] (.*);$", text, re.M))
    lines = (shape for shape in flat(figure.drawing.picture) if isinstance(shape, Line))
    courses = Counter(
        " -- ".join(f"({number(x)},{number(y)})" for x, y in line.points) for line in lines
    )
    if drawn != courses:
        yield f"{(courses - drawn).total()} lines lack, {(drawn - courses).total()} are others"


def excalidraw_faults(figure: Figure) -> tuple[str, ...]:
    """Every fault of its scene in words."""
    return tuple(_of_excalidraw(figure, json.loads(figure.excalidraw())["elements"]))


def _of_excalidraw(figure: Figure, elements: list[Json]) -> Iterator[str]:
    by_id = {element["id"]: element for element in elements}
    if len(by_id) != len(elements):
        yield "two elements of one id"
    order = [element["index"] for element in elements]
    if sorted({*order}) != order:
        yield "elements out of order"
    texts = "".join(sorted("".join(e["text"] for e in elements if e["type"] == "text")))
    if texts.replace(" ", "") != "".join(sorted("".join(_said(figure)))).replace(" ", ""):
        yield "words differ"
    groups = {group for element in elements for group in element["groupIds"]}
    for part in _blocks(_scene(figure)):
        if by_id.get(part.id, {}).get("customData") != {"name": part.label}:
            yield f"no shape is {part.id}"
        if part.id not in groups:
            yield f"no group is {part.id}"
    for element in elements:
        for key in ("startBinding", "endBinding"):
            if held := element.get(key):
                block = by_id[held["elementId"]]
                end = element["points"][0 if key == "startBinding" else -1]
                if {"id": element["id"], "type": "arrow"} not in block["boundElements"]:
                    yield f"{block['id']} doesn't know {element['id']}"
                if not _touches(element["x"] + end[0], element["y"] + end[1], block):
                    yield f"{element['id']} ends beside {block['id']}"
    frame = elements[-1]
    if frame["type"] != "frame" or {e["frameId"] for e in elements[:-1]} - {frame["id"]}:
        yield "something is outside of the frame"


def _touches(x: float, y: float, block: Json, near: float = 2.0) -> bool:
    left, top, wide, high = (float(block[side]) for side in ("x", "y", "width", "height"))
    right, low = left + wide, top + high
    inside = left - near <= x <= right + near and top - near <= y <= low + near
    return inside and min(abs(x - left), abs(x - right), abs(y - top), abs(y - low)) <= near


def _scene(figure: Figure) -> Part:
    return scene(figure.drawing.picture, figure.drawing.name, figure.theme)


def _blocks(part: Part) -> Iterator[Part]:
    """Parts that are a block with a box of its own."""
    for each in part.content:
        if isinstance(each, Part):
            boxes = (one.shape for one in each.content if not isinstance(one, Part))
            if each.is_block and any(getattr(box, "labelled", False) for box in boxes):
                yield each
            yield from _blocks(each)


def _said(figure: Figure) -> list[str]:
    """The texts of a picture."""
    texts = (shape for shape in flat(figure.drawing.picture) if isinstance(shape, Text))
    said = ("".join(span.text for span in text.spans) for text in texts)
    return [words for words in said if words]


def _marked(words: str) -> str:
    """The same with a question mark for what TeX has in another font."""
    return re.sub(r"[^\x20-\x7e\u00a0-\u017f\u2010-\u2026€×]|[÷±·°²³½]", "?", words)


def _plain(tex: str) -> str:
    """A text's words without what sets them in another size or colour."""
    bare = re.sub(r"\\kern-?[\d.]+\\px|\\raisebox\{-?[\d.]+\\px\}", "", tex)
    bare = re.sub(
        r"\{((?:\\type\{[\d.]+\}|\\(?:bfseries|mdseries|itshape)\b|\\color\{[\w-]+\})+) ",
        "\x00",
        bare,
    )
    if bare.count("\x00"):
        bare = _unwrapped(bare)
    return set_as(bare)


def _unwrapped(bare: str) -> str:
    """Without the braces round what has settings: \\0 stands for the opening one."""
    found, depth = "", [""]
    for match in TOKEN.finditer(bare):
        said = match[0]
        if said == "\x00":
            depth.append("own")
        elif said == "{":
            depth.append("raised")
        elif said == "}" and len(depth) > 1:
            depth.pop()
        else:
            found += said
    return found
