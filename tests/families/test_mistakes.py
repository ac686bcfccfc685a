"""A family whose file names what isn't there says so when it is asked for."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from llm_gallery.architecture.block import Block
from llm_gallery.architecture.mistake import Mistake
from llm_gallery.families import _registry, llama
from llm_gallery.families._config import config


def family(monkeypatch: pytest.MonkeyPatch, name: str, **members: object) -> str:
    """The name of a family whose module has these members."""
    module = ModuleType(f"llm_gallery.families.{name}")
    vars(module).update(members)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return name


def titan(c: llama.Llama) -> Block:
    return Block("stack")


def misnamed(config: llama.Llama) -> Block:
    return Block("stack")


@config("lama")
class Lama(llama.Llama):
    pass


def of_no_family(c: Lama) -> Block:
    return Block("stack")


def test_a_function_that_is_not_called_as_its_file_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(Mistake) as caught:
        _registry.function(family(monkeypatch, "titans", titan=titan))
    assert str(caught.value) == (
        "families/titans.py: the family is 'titans', expected a function of the file's name; the nearest is 'titan'"
    )


def test_an_argument_that_is_not_the_config_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Mistake) as caught:
        _registry.function(family(monkeypatch, "misnamed", misnamed=misnamed))
    assert str(caught.value) == (
        "families/misnamed.py: the family's argument is 'config', expected c; the nearest is 'c'"
    )


def test_a_config_of_no_family_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Mistake) as caught:
        _registry.keys(family(monkeypatch, "of_no_family", of_no_family=of_no_family))
    assert str(caught.value) == (
        "families/of_no_family.py: model_type is 'lama', expected a family's name; the nearest is 'llama'"
    )
