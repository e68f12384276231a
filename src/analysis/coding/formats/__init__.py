"""Programs for coding: one file a program."""
