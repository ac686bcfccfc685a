"""The tower: one compact upright figure of a model, from one list of rows, in three formats."""
