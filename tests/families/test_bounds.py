"""No integer of a config makes parts without end: each of each family is set to 2^24, and described or refused soon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, get_args

import pytest

from llm_gallery.analysis.contract import facts
from llm_gallery.architecture.refusal import Refusal
from llm_gallery.catalog.load import entries
from llm_gallery.families import names
from llm_gallery.families._reader import hints, is_config
from llm_gallery.families._registry import keys
from llm_gallery.families._values import options
from llm_gallery.recognition import describe
from llm_gallery.recognition.wrapper_rows import ROWS
from tests.odd_configs import Place, changed, places, within
from tests.truth.released import RELEASED
from tests.truth.test_random_configs import FAMILIES, mutated

pytestmark = pytest.mark.whole
MANY = 2**24
SECONDS = 1.0
"""Of processor time that one config may take; most take a hundredth, and what makes parts without end has no time for them."""


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """A config of each family: of the catalog and releases beside it the one with most keys, towers' included, else one drawn at random."""
    drawn = {name: mutated(name, 1) for name in FAMILIES}
    told = (*RELEASED.values(), *(entry.config for entry in entries()))
    found = sorted(told, key=lambda held: len([*places(held)]))
    of_type = {describe(config).model_type: config for config in found}
    inner = {row.inner: text_of(of_type[kind]) for kind, row in ROWS.items() if kind in of_type}
    own = {kind: config for kind, config in of_type.items() if kind not in ROWS}
    return {**{kind: inner[kind] for kind in names() if kind in inner}, **drawn, **own}


def text_of(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The config of a wrapper's language model, the whole where its keys stand at the top."""
    row = ROWS[str(config["model_type"])]
    text: Mapping[str, Any] = config.get(row.at) or config
    return {**text, "model_type": row.inner}


def integers(
    cls: Any, config: Mapping[str, Any], inside: Place = ()
) -> Iterator[tuple[Place, Any]]:
    """Where a family reads an integer or a list of them, whether the config states it or not, and the value to try."""
    for key, hint in ((part.name, hints(cls)[part.name]) for part in fields(cls)):
        if is_config(hint):
            held = config.get(key)
            inner = [option for option in options(hint) if is_config(option)]
            if isinstance(held, Mapping):
                said = [o for o in inner if o.model_type == held.get("model_type")]
                yield from integers((said or inner)[0], held, (*inside, key))
        elif any(integer(option) for option in options(hint)):
            yield (*inside, key), MANY
        elif any(integer(one) for option in options(hint) for one in get_args(option)):
            yield (*inside, key), [MANY] * len(config.get(key) or [1])


def integer(hint: Any) -> bool:
    """Whether a hint takes whole numbers, bounded or not."""
    return int in (hint, *get_args(hint))


def test_every_family_has_a_config_here() -> None:
    assert set(known()) == set(names())


@pytest.mark.parametrize("family", names())
def test_no_integer_makes_parts_without_end(family: str) -> None:
    config = known()[family]
    tried = list(integers(keys(family), config))
    assert tried
    for place, value in tried:
        with within(SECONDS):
            try:
                facts(describe(changed(config, place, value)))
            except Refusal:
                continue
