"""A workshop in eight chapters. README.md is the map; `make workshop` shows how far you have come."""
