"""The paper in a browser while it is written."""
