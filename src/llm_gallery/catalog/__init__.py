"""The models of the gallery: one TOML file each, joined with their architecture."""
