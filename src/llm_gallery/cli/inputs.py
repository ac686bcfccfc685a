"""The input of a command: a model by any of its names, or a config through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from llm_gallery.architecture.refusal import printable
from llm_gallery.catalog import load
from llm_gallery.catalog.load import Model, Source
from llm_gallery.cli.options import STANDARD_INPUT, Unusable
from llm_gallery.sources import config_file


def chosen(model: str, guess: bool) -> Model:
    """The model that a person names; a guess is said on standard error, whatever is printed."""
    if model == STANDARD_INPUT:
        described = load.outside(source(model), guess=guess)
    else:
        described = load.model(model, guess=guess)
    if described.architecture.guess:
        for line in described.architecture.warnings:
            print(f"llm-gallery: {printable(line, 300)}", file=sys.stderr)
    return described


def all_chosen(models: Sequence[str], guess: bool) -> list[Model]:
    """Several, of which one may come through the pipe."""
    if models.count(STANDARD_INPUT) > 1:
        raise Unusable("Standard input holds one config; name the other models.")
    return [chosen(model, guess) for model in models]


def source(place: str) -> Source:
    """The config at a place, or from standard input."""
    if place != STANDARD_INPUT:
        return load.source(place)
    if sys.stdin is None:
        raise Unusable("Standard input is closed, expected a config through a pipe.")
    data = sys.stdin.buffer.read(config_file.LARGEST + 1)
    return Source("stdin", config_file.parse(data, "standard input"))
