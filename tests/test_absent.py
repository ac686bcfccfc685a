"""What is optional and not there is listed, so that who adds a mechanism sees it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from llm_gallery.catalog.load import find
from llm_gallery.mechanisms import MECHANISMS
from llm_gallery.recognition import describe
from tools import absent


def test_a_model_that_lacks_little_says_what() -> None:
    assert list(absent.absent([find("mamba2-2.7b")])) == [
        "one-part-layers: no ablations.toml",
        "tied-embeddings: no ablations.toml",
    ]


def lacking() -> set[str]:
    """What a model lacks whose tree is made anew: what a tree shows is worked out once."""
    model = find("mamba2-2.7b")
    assert model.entry is not None
    return set(absent.absent([replace(model, architecture=describe(model.entry.config))]))


def test_what_an_invented_mechanism_lacks_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a forward, with a concept that no file describes, and without any."""
    monkeypatch.setattr(absent, "runs", lambda kind: kind != "mamba2")
    known, home = lacking(), MECHANISMS["mamba2"]
    assert "mamba2: no forward in mechanisms/forward/mamba2.py" in known
    monkeypatch.setitem(MECHANISMS, "mamba2", replace(home, concepts=("decayed-slots",)))
    assert lacking() - known == {"decayed-slots: no concept.toml, its id stands for its name"}
    monkeypatch.setitem(MECHANISMS, "mamba2", replace(home, concepts=()))
    assert lacking() - known == {
        "mamba2: no concept in its mechanism's `concepts`, its page says what it `does`"
    }


def test_the_command_prints_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    absent.main(["mamba2-2.7b"])
    assert capsys.readouterr().out == (
        "Not there:\n  one-part-layers: no ablations.toml\n  tied-embeddings: no ablations.toml\n"
    )
