"""Sheets of many models: posters, schedules, scale, descent, trends, and the legend of all."""
