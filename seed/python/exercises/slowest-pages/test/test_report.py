import unittest
from itertools import count, islice
from pathlib import Path

from report import entries, slowest


class Entries(unittest.TestCase):
    def test_a_line_becomes_a_pair(self):
        self.assertEqual(list(entries(["2026-11-30T08:15:02 /courses 182\n"])), [("/courses", 182)])

    def test_lines_that_cannot_be_read_are_skipped(self):
        lines = ["\n", "2026-11-30T08:15:02 /courses\n", "2026-11-30T08:15:02 /courses fast\n", "a /b 1 c\n", "a /b 1\n"]
        self.assertEqual(list(entries(lines)), [("/b", 1)])

    def test_an_endless_log_is_read_line_by_line(self):
        endless = (f"2026-11-30T08:15:02 /courses {number}\n" for number in count())
        self.assertEqual(list(islice(entries(endless), 2)), [("/courses", 0), ("/courses", 1)])


class Slowest(unittest.TestCase):
    def test_the_mean_decides(self):
        lines = ["t /a 10\n", "t /a 20\n", "t /b 18\n"]
        self.assertEqual(slowest(lines, 2), [("/b", 18), ("/a", 15)])

    def test_equal_means_are_in_alphabetical_order(self):
        self.assertEqual(slowest(["t /b 1\n", "t /a 1\n", "t /c 9\n"], 2), [("/c", 9), ("/a", 1)])

    def test_the_log_of_the_exercise(self):
        with open(Path(__file__).with_name("access.txt"), encoding="utf-8") as log:
            self.assertEqual(slowest(log, 2), [("/search", 850), ("/courses", 220)])


if __name__ == "__main__":
    unittest.main()
