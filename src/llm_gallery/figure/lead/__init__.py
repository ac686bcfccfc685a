"""The leading mechanism of a figure: which it is, what is new in it, its saving, and its plate."""
