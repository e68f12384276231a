"""Both renderers."""
