"""What a check found, and how it is written."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import Any

from llm_gallery.architecture.refusal import printable
from llm_gallery.checking.contract import Findings
from llm_gallery.checking.text import written


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Findings):
    """What a checkpoint holds beside what its config describes: `whole`, and every difference."""

    def __repr__(self) -> str:
        return f"<Report of {printable(self.place)}: {self.verdict}>"

    def text(self) -> str:
        """As text for a terminal."""
        return written(self)

    def to_json(self) -> dict[str, Any]:
        """As plain data; keys may be added, never changed."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))  # tuples as lists
        return plain

    def show(self) -> None:
        """Prints it."""
        sys.stdout.write(self.text())


def schema() -> dict[str, Any]:
    """The JSON Schema of a report."""
    from pydantic import TypeAdapter  # only for who asks for it

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **TypeAdapter(Report).json_schema(mode="serialization"),
    }
