"""The ideal: every sequence keeps exactly what the model needs of it, in the dtype that each row names.

Definitions: docs/definitions.md#cache-and-state
"""

from __future__ import annotations

from llm_gallery.analysis.memory import cache
from llm_gallery.engines.split import Split
from llm_gallery.engines.subject import Subject
from llm_gallery.engines.term import Term
