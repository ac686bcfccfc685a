"""A model's code: one file of numpy that runs its checkpoint, made of the mechanisms' own functions."""
