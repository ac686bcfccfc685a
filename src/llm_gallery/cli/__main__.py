"""`python -m llm_gallery.cli`, where the command isn't on the path."""

from __future__ import annotations

import sys

from llm_gallery.cli import main

sys.exit(main())
