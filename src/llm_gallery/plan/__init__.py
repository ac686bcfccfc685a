"""Plan: a model as its figure and its prose see it, layers wired alike as one, and what everything is called."""
