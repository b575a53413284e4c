"""One file a kind of page. All of them only read."""
