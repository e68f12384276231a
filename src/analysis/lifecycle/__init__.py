"""A study begins, leaves for other programs, and lets a source go."""
