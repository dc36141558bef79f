"""Report the slowest pages of a web server's log."""


def entries(lines):
    """Yield (path, milliseconds) for each line that can be read."""
    raise NotImplementedError


def slowest(lines, count):
    """Return the paths with the highest mean duration, the slowest first, as pairs (path, mean)."""
    raise NotImplementedError


if __name__ == "__main__":
    with open("access.txt", encoding="utf-8") as log:
        for path, mean in slowest(log, 3):
            print(f"{mean:8.1f} ms  {path}")
