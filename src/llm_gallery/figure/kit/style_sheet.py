"""Rules of classes as a style sheet that says what many of them declare once."""

from __future__ import annotations

from collections.abc import Mapping


def style_sheet(rules: Mapping[str, str]) -> str:
    """Each class with what it declares; a declaration of many stands behind all of their names where that is shorter.

    No class declares a thing twice, so the order of the rules decides nothing.
    """
    named: dict[str, list[str]] = {}
    for name, rule in rules.items():
        for said in filter(None, rule.split(";")):
            named.setdefault(said, []).append(name)
    own: dict[str, list[str]] = {}
    shared: list[str] = []
    for said, names in named.items():
        once = f".{',.'.join(names)}{{{said}}}"
        if len(once) < len(names) * (len(said) + 1):
            shared.append(once)
        else:
            for name in names:
                own.setdefault(name, []).append(said)
    return "".join((*shared, *(f".{name}{{{';'.join(said)}}}" for name, said in own.items())))
