"""The plan of a model: layers wired alike as one, and what their parts are called."""
