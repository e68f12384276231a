"""What each stage is made from, running stages, and their kernels."""
