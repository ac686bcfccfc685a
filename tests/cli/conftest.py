"""Commands over the whole catalog share it, described once; each reads it itself in a bare installation."""

from __future__ import annotations

import pytest

from tests.described_catalog import members


@pytest.fixture(autouse=True)
def shared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalog that lineage and trends ask for."""
    monkeypatch.setattr("llm_gallery.cli.catalog_commands.members", members)
