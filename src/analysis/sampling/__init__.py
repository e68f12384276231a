"""Which cases people code when a program codes all: samples drawn by a recorded design."""
