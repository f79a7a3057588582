"""Reads the tables of a stepdose run, with nothing but Python's own library.

usage: python3 read_run.py RUN_DIRECTORY

Prints the regimen, the largest and last value of every output, and what was found at each dose.
"""
import csv
import pathlib
import sys


def entry(text):
    """A number where it is one; NA, as in R, is no value."""
    if text == "NA":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def read_table(path):
    """Rows as dictionaries."""
    with open(path, newline="", encoding="utf-8") as file:
        return [{column: entry(text) for column, text in row.items()}
                for row in csv.DictReader(file)]


def shown(value, width, form):
    text = "" if value is None else format(value, form if isinstance(value, float) else "")
    return text.rjust(width)


def print_regimen(run):
    if not (run / "regimen.csv").exists():  # no regimen was found
        return
    print("dose        day   amount  compartment")
    for number, dose in enumerate(read_table(run / "regimen.csv"), start=1):
        print(f"{number:4d} {dose['TIME']:10g} {dose['AMT']:8g} {dose['CMT']:12g}")


def print_courses(run):
    print("\noutput                         statistic      largest   on day         last  unit")
    courses = {}
    for row in read_table(run / "trajectories.csv"):
        courses.setdefault((row["output"], row["statistic"], row["unit"]), []).append(row)
    for (output, statistic, unit), rows in courses.items():
        peak = max(rows, key=lambda row: row["value"])
        last = max(rows, key=lambda row: row["day"])
        print(f"{output:30s} {statistic:10s} {peak['value']:11.4g} {peak['day']:8.2f} "
              f"{last['value']:12.4g}  {unit}")


def print_endpoints(run):
    print("\nendpoint                       patient     dose          day       value  unit")
    for row in read_table(run / "endpoints.csv"):
        print(f"{row['endpoint']:30s} {row['patient']:7g} {shown(row['window'], 8, 'g')} "
              f"{shown(row['day'], 12, '.2f')} {shown(row['value'], 11, '.4g')}  {row['unit']}")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run = pathlib.Path(sys.argv[1])
    print_regimen(run)
    print_courses(run)
    print_endpoints(run)


main()
