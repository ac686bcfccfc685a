"""Lists the shapes of every figure of a checkout, and compares two such lists: what moved, changed or went.

Usage:
    python -m tools.compare_shapes write FILE     every model, level and theme, sheets and differences (some minutes)
    python -m tools.compare_shapes compare A B    the figures that differ, each with its first differing shape

Another commit is listed from its own checkout: `PYTHONPATH=OTHER/src python -m tools.compare_shapes write FILE`.
Figures are asked for by the command line and read from the SVG, so that code may be moved between two lists:
a shape is an element, or a piece of a path, with the looks that its style sheet gives it, at its place in the whole.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Looks = dict[str, str]
"""Properties and their values."""
Rules = dict[str, Looks]
"""What each class declares."""
LEVELS = ("card", "paper", "slide", "standard", "full")
THEMES = ("light", "dark", "print")
SHEETS = ("poster", "scale", "schedules", "tree", "legend")
PAIRS = (
    ("deepseek-v3", "kimi-k2"),
    ("gpt2-xl", "llama-3-8b"),
    ("llama-3-8b", "qwen3-next-80b-a3b"),
    ("deepseek-v3", "deepseek-v3.2"),
    ("deepseek-v3.2", "deepseek-v4-pro"),
    ("gpt-oss-20b", "gpt-oss-120b"),
    ("gemma-3-27b", "gpt-oss-120b"),
    ("qwen3-next-80b-a3b", "nemotron-3-nano-30b-a3b"),
)
"""Models whose difference is drawn."""
PATHS = PAIRS[:5]
"""Models of which the second descends from the first."""
_PAINT = ("fill", "stroke", "stroke-width", "font-size", "font-weight", "stroke-linecap")
"""Attributes that look like declarations."""
_USED = re.compile(r"url\(#([^)]+)\)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_STEP = re.compile(r"([a-zA-Z])([^a-zA-Z]*)")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_MOVE = re.compile(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)")
_EACH = {"M": 2, "L": 2, "H": 1, "V": 1, "Q": 4, "C": 6, "A": 7, "Z": 0}
"""How many numbers a command of a path takes at a time."""


def shapes(svg: str) -> list[str]:
    """Each shape of a figure as a line: what it is, where it stands in the whole, its looks, its words."""
    root = ElementTree.fromstring(svg)
    given = _given(root)
    rules: Rules = {}
    for style in root.iter():
        if _name(style) == "style":
            _learn(style.text or "", rules)
    size = f"figure {root.get('width')} × {root.get('height')}"
    found = [line for child in root for line in _drawn(child, 0, 0, given, rules)]
    used = set(_USED.findall("\n".join(found)))
    return [size, *(line for line in found if not _unused(line, used))]


def _unused(line: str, used: Container[str]) -> bool:
    """Whether a line is a pattern that fills nothing."""
    kind, _, rest = line.partition(" ")
    return kind == "pattern" and rest.partition(":")[0] not in used


def _learn(sheet: str, rules: Rules) -> None:
    for selectors, declared in _RULE.findall(sheet):
        pairs = (one.split(":", 1) for one in declared.split(";") if ":" in one)
        looks = {name.strip(): value.strip() for name, value in pairs}
        for selector in selectors.split(","):
            rules.setdefault(selector.strip().removeprefix("."), {}).update(looks)


def _drawn(element: Element, dx: float, dy: float, given: Looks, rules: Rules) -> Iterator[str]:
    """The shapes of an element and of those in it, moved by (dx, dy); outlines follow from their text."""
    name = _name(element)
    if name in ("title", "desc", "style") or element.get("aria-hidden") == "true":
        return
    if name == "pattern":  # its lines have no area, which a fill would be for
        inner = (line for child in element for line in _drawn(child, dx, dy, {}, rules))
        yield f"pattern {element.get('id')}: {', '.join(inner)}"
        return
    if name in ("svg", "g", "defs"):
        if moved := _MOVE.search(element.get("transform", "")):
            dx, dy = dx + float(moved[1]), dy + float(moved[2])
        for child in element:
            yield from _drawn(child, dx, dy, given | _given(element), rules)
        return
    said = _said(given | _looks(element, rules))
    if name == "path":
        yield from (f"path {piece} {said}" for piece in _pieces(element.get("d", ""), dx, dy))
    elif name == "text":
        yield f"text {_place(element, 'x', dx)} {_place(element, 'y', dy)} {said} {_words(element, rules)}"
    elif name == "circle":
        at = f"{_place(element, 'cx', dx)} {_place(element, 'cy', dy)}"
        yield f"circle {at} r {element.get('r')} {said}"
    else:
        at = f"{_place(element, 'x', dx)} {_place(element, 'y', dy)}"
        kept = " ".join(f"{key} {element.get(key)}" for key in ("width", "height", "rx"))
        yield f"{name} {at} {kept} {said}"


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _place(element: Element, key: str, moved: float) -> str:
    return _tenth(float(element.get(key, "0")) + moved)


def _tenth(value: float) -> str:
    return f"{round(value, 1) + 0:g}" if abs(value) < 1e5 else f"{value:.1f}"


def _given(element: Element) -> Looks:
    """What attributes declare."""
    return {key: value for key in _PAINT if (value := element.get(key)) is not None}


def _looks(element: Element, rules: Rules) -> Looks:
    held = _given(element)
    for name in element.get("class", "").split():
        held |= rules.get(name, {})
    if held.get("stroke-width") == "1":
        del held["stroke-width"]  # so thick is a stroke anyway
    return held


def _said(looks: Looks) -> str:
    return "{" + ";".join(f"{key}:{value}" for key, value in sorted(looks.items())) + "}"


def _words(text: Element, rules: Rules) -> str:
    """The words of a text, each span with what it changes."""
    said = [repr(text.text)] if text.text else []
    for child in text:
        if _name(child) == "tspan":
            moved = " ".join(f"{key} {child.get(key)} " for key in ("dx", "dy") if child.get(key))
            said.append(f"{moved}{_said(_looks(child, rules))} {child.text!r}")
        if child.tail:
            said.append(repr(child.tail))
    return " + ".join(said)


def _pieces(data: str, dx: float, dy: float) -> Iterator[str]:
    """The pieces of a path, each from a move on, in absolute coordinates: how many share an element is no look."""
    x, y = dx, dy
    start, drawn = (x, y), list[str]()
    for letter, numbers in _steps(data):
        command = letter.upper()
        if command == "M" and drawn:
            yield " ".join(drawn)
            drawn = []
        fx, fy = (dx, dy) if letter.isupper() else (x, y)
        if command == "Z":
            x, y = start
            drawn.append("Z")
            continue
        if command == "H":
            x = fx + numbers[0]
            ends = [x, y]
        elif command == "V":
            y = fy + numbers[0]
            ends = [x, y]
        else:
            kept = 5 if command == "A" else 0
            places = [value + (fy if i % 2 else fx) for i, value in enumerate(numbers[kept:])]
            ends = [*numbers[:kept], *places]
            x, y = ends[-2:]
        if command == "M":
            start = (x, y)
        drawn.append(f"{'L' if command in 'HV' else command}{' '.join(map(_tenth, ends))}")
    if drawn:
        yield " ".join(drawn)


def _steps(data: str) -> Iterator[tuple[str, list[float]]]:
    """The commands of a path, each with the numbers that it takes once."""
    for letter, said in _STEP.findall(data):
        numbers = [float(number) for number in _NUMBER.findall(said)]
        each = _EACH[letter.upper()]
        if not each:
            yield letter, []
        for at in range(0, len(numbers), each or 1):
            # What follows a move without a command of its own is a line.
            then = {"M": "L", "m": "l"}.get(letter, letter) if at else letter
            yield then, numbers[at : at + each]


def asked(models: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every figure by its name, and the command that draws it."""
    for theme in THEMES:
        for model in models:
            for level in LEVELS:
                yield (
                    f"{model} {level} {theme}",
                    ("draw", model, "--detail", level, "--theme", theme),
                )
        for sheet in SHEETS:
            yield f"sheet {sheet} {theme}", ("sheet", sheet, "--theme", theme)
        yield f"trends {theme}", ("trends", "--format", "svg", "--theme", theme)
        for first, second in PAIRS:
            yield f"difference {first} {second} {theme}", ("diff", first, second, "--theme", theme)
        for first, second in PATHS:
            path = ("lineage", "--path", first, second, "--format", "svg", "--theme", theme)
            yield f"path {first} {second} {theme}", path


def _write(file: Path) -> int:
    """Draws and lists everything."""
    from llm_gallery.catalog.load import entries
    from llm_gallery.cli import main as command

    with TemporaryDirectory() as folder, gzip.open(file, "wt", encoding="utf-8") as kept:
        drawn = Path(folder, "figure.svg")
        count = 0
        for name, arguments in asked([entry.id for entry in entries()]):
            if code := command([*arguments, "-o", str(drawn)]):
                return code  # the command has said why
            found = shapes(drawn.read_text("utf-8"))
            kept.write(json.dumps([name, found], ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} figures listed in {file}")
    return 0


Listed = dict[str, list[str]]
"""The shapes of each figure."""


def read(file: Path) -> Listed:
    """A list as written."""
    with gzip.open(file, "rt", encoding="utf-8") as kept:
        return dict(json.loads(line) for line in kept)


def differences(before: Listed, after: Listed) -> Iterator[str]:
    """A line for each figure that differs: its first shape that does, as it was and as it is."""
    for name, was in before.items():
        if name not in after:
            yield f"{name}: gone"
        elif was != (now := after[name]):
            yield f"{name}: {_difference(was, now)}"
    yield from (f"{name}: new" for name in after if name not in before)


def _difference(was: Sequence[str], now: Sequence[str]) -> str:
    pairs = enumerate(zip_longest(was, now, fillvalue="nothing"))
    at, (old, new) = next((at, pair) for at, pair in pairs if pair[0] != pair[1])
    gone, come = Counter(was) - Counter(now), Counter(now) - Counter(was)
    if not gone and not come:
        return f"painted in another order from shape {at} on: {new} where {old} was"
    counted = f"{gone.total()} of {len(was)} shapes gone, {come.total()} new"
    return f"{counted}; shape {at} was {old}, is {new}"


def _compare(before: Path, after: Path) -> int:
    first, second = read(before), read(after)
    found = list(differences(first, second))
    print(*found, f"{len(found)} of {len(first.keys() | second.keys())} figures differ", sep="\n")
    return 1 if found else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="compare_shapes",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write").add_argument("file", type=Path)
    compared = commands.add_parser("compare")
    compared.add_argument("before", type=Path)
    compared.add_argument("after", type=Path)
    given = parser.parse_args(arguments)
    try:
        if given.command == "write":
            return _write(given.file)
        return _compare(given.before, given.after)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        print(f"compare_shapes: {error}; expected files of `write`.", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
