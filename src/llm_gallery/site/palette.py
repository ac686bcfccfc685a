"""The colours of the figures as the pages' style sheet: one palette for drawings, strips, charts and filters."""

from __future__ import annotations

from collections.abc import Mapping

from llm_gallery.figure.kit.theme import THEMES


def palette() -> str:
    """Variables for paper, stream and each mechanism."""
    light, dark = THEMES["light"], THEMES["dark"]
    mechanisms = [
        f".{name} {{ --solid: {both(light.colour(f'{name}.solid'), dark.colour(f'{name}.solid'))};"
        f" --line: {both(light.colour(f'{name}.line'), dark.colour(f'{name}.line'))};"
        f" --tint: {both(light.colour(f'{name}.tint'), dark.colour(f'{name}.tint'))};"
        f" --pale: {both(light.colour(f'{name}.pale'), dark.colour(f'{name}.pale'))}; }}"
        for name in light.tones
    ]
    named = (
        f"--drawn-{role}: {both(light.colour(role), dark.colour(role))};"
        for role in ("paper", "stream")
    )
    grounds = f":root {{ {' '.join(named)} }}"
    head = "/* Written by the build, from the palette of the figures. */"
    return "\n".join([head, grounds, *mechanisms]) + "\n"


def drawn(looks: Mapping[str, tuple[str, str]]) -> str:
    """The rule of every look that a drawing in a page has.

    Alike beside alike, without spaces: 14.6 KB compressed where 17.3 were by name, and every page waits for them.
    """
    rules = sorted((_merged(*pair), name) for name, pair in looks.items())
    head = "/* Written by the build, from the looks of the figures. */"
    return f"{head}\n.drawn{{{''.join(f'.{name}{{{rule}}}' for rule, name in rules)}}}\n"


def both(light: str, dark: str) -> str:
    """One colour, or the pair that follows the page's theme."""
    return light if light == dark else f"light-dark({light},{dark})"


def _merged(light: str, dark: str) -> str:
    """The declarations of a rule; a colour that differs between the themes becomes a pair."""
    pairs = zip(sorted(light.split(";")), sorted(dark.split(";")), strict=True)
    declarations = [(declaration.partition(":"), two.partition(":")) for declaration, two in pairs]
    return ";".join(
        f"{declaration[0]}:{both(declaration[2], two[2])}" for declaration, two in declarations
    )
