"""Recounts what result.json says about virtual patients from the tables of the same run."""
import csv
import json
import math
import sys

run = sys.argv[1]
result = json.load(open(f"{run}/result.json"))["cohort"]
given = result["regimens"][0]


def table(name):
    with open(f"{run}/{name}", newline="") as file:
        return list(csv.DictReader(file))


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered) - 1e-9) - 1)]


patients = table("patients.csv")
assert len(patients) == result["drawn"]
assert [int(p["patient"]) for p in patients] == list(range(1, len(patients) + 1))
assert sum(float(p["weight"]) for p in patients) == result["plausible"]
simulated = [p for p in patients if p["simulated"] == "TRUE"]
assert len(simulated) == result["plausible"] - given["failures"]["patients"]

columns = 0
for endpoint in given["endpoints"]:
    name = f'{endpoint["endpoint"]}.{endpoint.get("dose", "course")}'
    values = [float(p[name]) for p in simulated]
    for statistic, share in (("p5", 0.05), ("median", 0.5), ("p95", 0.95)):
        assert percentile(values, share) == endpoint[statistic], (name, statistic)
    mean = math.fsum(values) / len(values)
    assert abs(mean - endpoint["mean"]) <= 1e-9 * max(abs(mean), 1e-3), name
    columns += 1
assert columns > 15

response = sum(float(p["response.course"]) for p in simulated)
assert response == given["response"]["patients"]
exceeded = sum(int(p["limits_exceeded"]) > 0 for p in simulated)
assert exceeded + given["failures"]["patients"] == given["any_limit_exceeded"]["patients"]
for limit in given["limits"]:
    share = limit["exceeded"]
    assert share["low"] <= share["share"] <= share["high"]
    if limit["key"] == "max_pg_mL" and limit["window"] == "first_dose":
        count = sum(float(p["il6_peak.1"]) > limit["bound"] for p in simulated)
        assert count == share["patients"]
    if limit["key"] == "probability_max":
        doses = [d["dose"] for d in limit["exceeded_by_dose"]]
        name = f'crs_probability_grade{limit["grade_at_least"]}'
        worst = [max(float(p[f"{name}.{d}"]) for d in doses) for p in simulated]
        assert sum(w > limit["bound"] for w in worst) == share["patients"]

endpoints = table("endpoints.csv")
assert list(endpoints[0]) == ["patient", "endpoint", "window", "day", "value", "unit"]
by_patient = {}
for row in endpoints:
    by_patient.setdefault(int(row["patient"]), []).append((row["endpoint"], row["window"]))
assert sorted(by_patient) == list(range(len(patients) + 1))
assert all(rows == by_patient[0] for rows in by_patient.values())

courses = table("trajectories.csv")
statistics = {"p5", "p25", "median", "p75", "p95", "mean"}
assert {row["statistic"] for row in courses} == statistics | {"reference"}
at = {(r["day"], r["output"], r["statistic"]): float(r["value"]) for r in courses}
for (day, output, statistic), value in at.items():
    if statistic == "p5":
        rest = [at[day, output, s] for s in ("p25", "median", "p75", "p95")]
        assert [value, *rest] == sorted([value, *rest]), (day, output)
