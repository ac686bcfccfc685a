"""A lesson's formula as MathML in which each letter that its table explains can be found."""

from __future__ import annotations

import re
from collections.abc import Sequence

from latex2mathml.converter import convert
from markupsafe import Markup

_INSIDE = re.compile(r"<math[^>]*><mrow>(.*)</mrow></math>", re.DOTALL)


def sign(tex: str) -> Markup:
    """MathML of a letter, or of several with commas between."""
    return Markup(convert(tex))


def formula(tex: str, signs: Sequence[str]) -> Markup:
    """MathML of a formula; each of the `signs` in it is marked with its place among them, from 1.

    The same TeX gives the same MathML, so a sign is found as it is written. Longer ones first: a letter
    inside one that is a sign itself (the x of x_t) belongs to that.
    """
    if not tex:
        return Markup("")
    html = convert(tex)
    pieces = [
        (_inside(letter.strip()), at)
        for at, several in enumerate(signs, 1)
        for letter in several.split(",")
    ]
    signs_found: list[str] = []
    for piece, at in sorted(pieces, key=lambda pair: -len(pair[0])):
        if piece and piece in html:
            html = html.replace(piece, f"\x00{len(signs_found)}\x00")
            signs_found.append(f'<mrow data-sym="{at}">{piece}</mrow>')
    return Markup(re.sub("\x00(\\d+)\x00", lambda match: signs_found[int(match[1])], html))


def _inside(tex: str) -> str:
    match = _INSIDE.search(convert(tex))
    return match[1] if match else ""
