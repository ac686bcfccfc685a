"""What a check found, and how it is written."""

from __future__ import annotations

import sys
from typing import Any

from pydantic import TypeAdapter

from llm_gallery.architecture.refusal import printable
from llm_gallery.checking.contract import Findings
from llm_gallery.checking.text import written


class Report(Findings):
    """What a checkpoint holds beside what its config describes: `whole`, and every difference."""

    def __repr__(self) -> str:
        return f"<Report of {printable(self.place)}: {self.verdict}>"

    @property
    def whole(self) -> bool:
        """Whether nothing that is described is missing, reshaped or broken."""
        return self.verdict in ("whole", "whole but for")

    def text(self) -> str:
        """As text for a terminal."""
        return written(self)

    def to_json(self) -> dict[str, Any]:
        """As plain data; keys may be added, never changed."""
        return self.model_dump()

    def show(self) -> None:
        """Prints it."""
        sys.stdout.write(self.text())


def schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(Report).json_schema(mode="serialization"),
    }
