"""Lessons and courses: concepts taught on real models, with computed numbers, drawings and code."""
