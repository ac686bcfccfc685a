"""Gets what a census reads from the Hub: a list of repositories, and the config.json of each, politely."""

from llm_gallery.census.fetch.client import Client
from llm_gallery.census.fetch.fetched import Counts, fetch
from llm_gallery.census.fetch.listed import HubList, TableList

__all__ = ["Client", "Counts", "HubList", "TableList", "fetch"]
