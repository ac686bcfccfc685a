"""The static site, built from the catalog: same input, same bytes."""

from __future__ import annotations

from llm_gallery.extras import need

need("site", "The site")
need("data", "The site")
