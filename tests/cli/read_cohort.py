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
    values = [float(p[name]) for p in simulated if p[name] != "NA"]
    for statistic, share in (("p5", 0.05), ("median", 0.5), ("p95", 0.95)):
        assert percentile(values, share) == endpoint[statistic], (name, statistic)
    mean = math.fsum(values) / len(values)
    assert abs(mean - endpoint["mean"]) <= 1e-9 * max(abs(mean), 1e-3), name
    columns += 1
assert columns >= 15

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

# risks: recounted where a column of patients.csv is what the limit compares
strata = {s["stratum"]: s["patients"] for s in given["by_stratum"]}
assert all(0 <= n <= result["plausible"] for n in strata.values())
for risk in given["risks"]:
    limit = given["limits"][risk["limit"] - 1]
    assert risk["of"] in (0, result["plausible"], *strata.values())
    if risk["low"] is not None and risk["risk"] != "mean":
        assert risk["low"] <= risk["value"] <= risk["high"]
    if risk["risk"] == "probability_max" and risk["of"] == result["plausible"]:
        assert abs(risk["value"] * risk["of"] - risk["patients"]) < 1e-6
        assert risk["holds"] == (risk["value"] <= risk["bound"])
        assert risk["bound"] <= 1
    if limit["key"] == "probability_max":
        name = f'crs_probability_grade{limit["grade_at_least"]}'
        column = f'{name}.{risk["dose"] if risk["dose"] > 0 else "course"}'
        mean = math.fsum(float(p[column]) for p in simulated) / len(simulated)
        assert given["failures"]["patients"] > 0 or abs(mean - risk["value"]) < 1e-12
for crs in given["crs"]:
    dose = crs["dose"] if crs["dose"] > 0 else "course"
    values = [float(p[f'crs_probability_grade{crs["grade_at_least"]}.{dose}']) for p in simulated]
    mean = math.fsum(values) / len(values)
    assert given["failures"]["patients"] > 0 or abs(mean - crs["share"]) < 1e-12
    assert crs["low"] <= crs["high"] and crs["of"] == result["plausible"]

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

# some patients one by one: theirs are the courses whose percentiles stand above
shown = table("courses.csv")
assert list(shown[0]) == ["patient", "day", "output", "unit", "value"]
numbers = {int(row["patient"]) for row in shown}
assert numbers <= {int(p["patient"]) for p in simulated} and len(numbers) == min(12, len(simulated))
days = {row["day"] for row in shown}
assert days == {day for day, _, statistic in at if statistic == "p5"}
assert {row["output"] for row in shown} == {output for _, output, _ in at}
