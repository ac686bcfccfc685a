"""Running a described model: its tree walked with the checkpoint's own arrays. Needs the `run` extra, numpy."""
