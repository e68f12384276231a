"""Coded spans, placed on the clean text by their words."""
