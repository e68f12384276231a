"""The paper, the pages of its data, both renderers, and what must not go out."""
