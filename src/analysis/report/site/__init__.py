"""What a rendered site must hold."""
