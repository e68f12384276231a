"""A file of coding without one source: its text, its codings, and what quotes it."""
