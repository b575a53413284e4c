"""A workshop in seven chapters. README.md is the map; `make workshop` shows how far one has come."""
