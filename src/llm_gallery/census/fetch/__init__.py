"""The fetch of a census: the Hub's list of repositories, and the config.json of each."""

from llm_gallery.census.fetch.client import Client
from llm_gallery.census.fetch.fetched import Counts, fetch
from llm_gallery.census.fetch.listed import HubList, TableList

__all__ = ["Client", "Counts", "HubList", "TableList", "fetch"]
