"""A pytest plugin: with `--scenario-report` it ends with one line per row S1–S30 of the list of scenarios.

A test says which rows it plays by `@pytest.mark.scenario("S6")` (several rows: several arguments). A row has
passed when all of its tests passed; a row without a test is missing, whatever else is green.
"""

from collections import defaultdict

import pytest

ROWS = tuple(f"S{number}" for number in range(1, 31))
PROPERTY = "scenario"
WORST_FIRST = ("failed", "skipped", "passed")


def pytest_addoption(parser: pytest.Parser) -> None:
    """The option of this plugin."""
    parser.addoption("--scenario-report", action="store_true", help="end with a line per row S1–S30")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Write each test's rows into its report: it travels from the processes of xdist, a marker does not."""
    for item in items:
        for marker in item.iter_markers("scenario"):
            unknown = [row for row in marker.args if row not in ROWS]
            if unknown or not marker.args:
                raise pytest.UsageError(f"{item.nodeid}: scenario takes rows S1 to S30, not {marker.args}")
            item.user_properties += [(PROPERTY, row) for row in marker.args]


def row_outcomes(reports: dict[str, list[pytest.TestReport]]) -> dict[str, list[str]]:
    """The outcomes of the tests of every row, by the reports that pytest keeps per outcome."""
    outcomes: dict[str, list[str]] = defaultdict(list)
    for kind, outcome in (
        ("xfailed", "failed"),
        ("passed", "passed"),
        ("failed", "failed"),
        ("error", "failed"),
        ("skipped", "skipped"),
    ):
        for report in reports.get(kind, []):
            for name, row in getattr(report, "user_properties", []):
                if name == PROPERTY:
                    outcomes[str(row)].append(outcome)
    return outcomes


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table."""
    if not config.getoption("--scenario-report"):
        return
    outcomes = row_outcomes(terminalreporter.stats)
    counts: dict[str, int] = defaultdict(int)
    terminalreporter.section("scenarios S1–S30")
    for row in ROWS:
        of_row = outcomes.get(row, [])
        verdict = next((word for word in WORST_FIRST if word in of_row), "missing")
        counts[verdict] += 1
        tests = f"{of_row.count('passed')} of {len(of_row)} tests passed" if of_row else "no test"
        terminalreporter.write_line(f"{row:<4}{verdict:<9}{tests}")
    terminalreporter.write_line(", ".join(f"{count} {verdict}" for verdict, count in counts.items()))
