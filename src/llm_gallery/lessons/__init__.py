"""Lessons: what teaches a concept, with numbers, drawings and code that are computed from a real model."""
