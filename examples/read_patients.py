"""Reads the virtual patients of a stepdose run, with nothing but Python's own library.

usage: python3 read_patients.py RUN_DIRECTORY

Prints what result.json says of each limit, then percentiles and mean of every endpoint, counted
anew from patients.csv with the weights of the patients.
"""
import csv
import json
import pathlib
import sys

SHARES = (0.05, 0.5, 0.95)
NOT_ENDPOINTS = ("patient", "weight", "simulated")


def percentile(weighted, share):
    """The smallest value with at least this share of the weight up to it."""
    total = sum(weight for _, weight in weighted)
    below = 0.0
    for value, weight in sorted(weighted):
        below += weight
        if below >= share * total * (1 - 1e-9):
            return value
    return None


def print_risks(run):
    cohort = json.loads((run / "result.json").read_text(encoding="utf-8")).get("cohort")
    if cohort is None:
        sys.exit(f"{run} has no virtual patients")
    given = cohort["regimens"][0]
    print(f"{given['name']}: {cohort['plausible']} plausible of {cohort['drawn']} patients drawn")
    for risk in given["risks"]:
        low, high = risk["low"], risk["high"]
        interval = "" if low is None else f", {low:.4g} to {high:.4g}"
        verdict = "holds" if risk["holds"] else "DOES NOT HOLD"
        print(f"limit {risk['limit']}, dose {risk['dose'] or 'any'}: {risk['value']:.4g}{interval}"
              f"; bound {risk['bound']:g}: {verdict}")


def print_endpoints(run):
    with open(run / "patients.csv", newline="", encoding="utf-8") as file:
        patients = [p for p in csv.DictReader(file) if p["simulated"] == "TRUE"]
    heads = ("p5", "median", "p95", "mean")
    print(f"\n{'column':44s}" + "".join(f" {head:>10s}" for head in heads))
    for column in [c for c in patients[0] if c not in NOT_ENDPOINTS]:
        weighted = [(float(p[column]), float(p["weight"])) for p in patients if p[column] != "NA"]
        if weighted:
            mean = sum(v * w for v, w in weighted) / sum(w for _, w in weighted)
            shown = [percentile(weighted, share) for share in SHARES] + [mean]
            print(f"{column:44s}" + "".join(f" {value:10.4g}" for value in shown))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    run = pathlib.Path(sys.argv[1])
    print_risks(run)
    print_endpoints(run)


main()
