"""Data pages, written from templates that escape."""
