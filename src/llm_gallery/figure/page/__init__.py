"""Whole figures of one model: for a page, a column, a phone, a card and a link, with their heads and feet."""
