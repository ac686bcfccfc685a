"""Builders of mixers that keep a state of fixed size instead of a cache: one module a kind, under its name."""
