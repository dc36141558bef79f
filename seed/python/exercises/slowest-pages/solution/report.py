"""Report the slowest pages of a web server's log."""

from collections import defaultdict


def entries(lines):
    """Yield (path, milliseconds) for each line that can be read."""
    for line in lines:
        parts = line.split()
        if len(parts) != 3:
            continue
        try:
            milliseconds = int(parts[2])
        except ValueError:
            continue
        yield parts[1], milliseconds


def slowest_first(pair):
    """Return the sort key of a pair (path, mean): the highest mean first, then the path."""
    path, mean = pair
    return -mean, path


def slowest(lines, count):
    """Return the paths with the highest mean duration, the slowest first, as pairs (path, mean)."""
    sums = defaultdict(int)
    counts = defaultdict(int)
    for path, milliseconds in entries(lines):
        sums[path] += milliseconds
        counts[path] += 1
    means = [(path, sums[path] / counts[path]) for path in sums]
    return sorted(means, key=slowest_first)[:count]


if __name__ == "__main__":
    with open("access.txt", encoding="utf-8") as log:
        for path, mean in slowest(log, 3):
            print(f"{mean:8.1f} ms  {path}")
