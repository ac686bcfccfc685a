"""Running a described model: its printed program, executed on arrays in memory. Needs the `run` extra, numpy."""
