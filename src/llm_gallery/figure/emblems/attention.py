"""Emblems of attention: which tokens each one reads, what heads share, and what becomes of scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from math import tanh

from llm_gallery.figure.emblems.forms import (
    bars,
    boxes,
    heads,
    mask,
    row,
)
from llm_gallery.figure.emblems.ink import (
    Emblem,
    Inks,
    Marks,
    arcs,
    areas,
    frames,
    lines,
    outlines,
    squares,
)
from llm_gallery.figure.emblems.plot import Plot


def latent(ink: Inks) -> Marks:
    """A token's vector is pinched to a small one; keys and values of all heads are rebuilt from it."""
    return (
        *areas(((36, 70), (72, 52), (88, 52), (124, 70)), role=ink.pale),
        *areas(((72, 38), (19, 24), (141, 24), (88, 38)), role=ink.pale),
        *squares([(30, 70)], 100, 11, ink.faint),
        *boxes(((x, 17) for x in row(8)), 11, ink.faint),
        *boxes([(80, 45)], 17, ink.strong),
    )


def compressed(ink: Inks) -> Marks:
    """Entries stand for groups of tokens; the last tokens are read one by one."""
    tokens = row(22)
    groups = [(tokens[6 * i], (tokens[6 * i] + tokens[6 * i + 5]) / 2) for i in range(3)]
    return (
        *areas(
            *(((x - 3, 62), (m - 7, 28), (m + 7, 28), (2 * m - x + 3, 62)) for x, m in groups),
            role=ink.pale,
        ),
        *squares(((x - 2.3, 65) for x in tokens[:18]), 4.6, 16, ink.faint),
        *squares(((x - 2.3, 65) for x in tokens[18:]), 4.6, 16, ink.strong),
        *boxes(((m, 20) for _, m in groups), 18, ink.strong),
    )


def sparse(ink: Inks) -> Marks:
    """Of all earlier tokens a few are read, wherever they stand."""
    tokens, chosen = row(10), (1, 2, 5, 8)
    asking = tokens[-1], 17
    return (
        *arcs(
            *(((tokens[i], 68), ((tokens[i] + 139) / 2, 2), asking) for i in chosen),
            role=ink.strong,
        ),
        *boxes(((x, 74) for i, x in enumerate(tokens) if i not in chosen), 10, ink.faint),
        *boxes(((tokens[i], 74) for i in chosen), 10, ink.strong),
        *boxes([asking], 13, ink.strong),
    )


def sinks(ink: Inks) -> Marks:
    """Shares of attention over tokens: the largest goes where no token stands, and adds nothing."""
    first, *tokens = row(7)
    return (
        *bars((0, 0.14, 0.34, 0.1, 0.22, 0.16, 0.42), ink.strong, base=64, high=52),
        *frames([(first - 6.6, 9)], 13.2, 55, ink.strong),
        *boxes(((x, 75) for x in tokens), 11, ink.faint),
    )


def softcap(ink: Inks) -> Marks:
    """A score goes through a tanh: it comes near a limit and never beyond."""
    plot = Plot(low=-3, high=3, least=-1.1, most=1.1)
    return (
        *plot.level(1, ink.faint),
        *plot.level(-1, ink.faint),
        *lines((plot.at(-1, -1), plot.at(1, 1)), role=ink.faint),
        *plot.curve(tanh, ink.strong),
    )


def local_and_global(ink: Inks) -> Marks:
    """How far back each layer reads, a row each: one reads all, those below it the last few tokens."""
    tokens, layers = row(12), [14 + 12.4 * i for i in range(6)]
    near = [(x - 4.5, y - 4) for y in layers[1:] for x in tokens[9:]]
    far = [(x - 4.5, y - 4) for y in layers[1:] for x in tokens[:9]]
    return (
        *squares(((x - 4.5, layers[0] - 4) for x in tokens), 9, 9, Inks("full").strong),
        *squares(far, 9, 9, ink.faint),
        *squares(near, 9, 9, ink.strong),
    )


def gated(ink: Inks) -> Marks:
    """Of what attention brings, a gate lets through a share, number by number."""
    brought, gates = (0.9, 0.62, 1, 0.78, 0.86, 0.7), (1, 0.2, 0.7, 0.1, 0.86, 0.5)
    through = [share * gate for share, gate in zip(brought, gates, strict=True)]
    return (
        *bars(through, ink.strong, high=66),
        *bars(brought, ink.strong, high=66, form=outlines),
    )


EMBLEMS: Mapping[str, Emblem] = {
    "multi-head-attention": partial(heads, asking=6, keys=6),
    "grouped-query-attention": partial(heads, asking=8, keys=2),
    "multi-query-attention": partial(heads, asking=8, keys=1),
    "multi-head-latent-attention": latent,
    "sliding-window-attention": partial(mask, reads=lambda i, j: i - j < 3, count=8),
    "chunked-attention": partial(mask, reads=lambda i, j: i // 3 == j // 3, count=9),
    "bidirectional-attention": partial(mask, reads=lambda _, __: True, count=8, future=True),
    "local-global-layers": local_and_global,
    "compressed-attention": compressed,
    "sparse-attention": sparse,
    "attention-sinks": sinks,
    "attention-softcap": softcap,
    "gated-attention": gated,
}
