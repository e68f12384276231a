"""Codings rearranged and counted: what would be met by chance."""
