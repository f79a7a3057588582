"""Holds result.schema.json and the results that the verbs write together.

A member that the schema does not have makes a result invalid; a member of the schema that stands in
no result is reported. The runs are small: what they find does not matter here.

usage: validate_result.py PROGRAM SOURCE_DIR SCHEMA_DIR     (in a directory for scratch)
"""
import json
import pathlib
import subprocess
import sys

import jsonschema

PROGRAM, SOURCE, SCHEMAS = map(pathlib.Path, sys.argv[1:4])
PROBLEMS = SOURCE / "problems"

# A schedule beside a proposal that cannot be simulated; a fit with another optimum. The writers
# must name these members at least.
NOT_IN_SHORT_RUNS = {("assessment", "failure"), ("fit_warning", "start")}

failures = 0


def complain(message):
    global failures
    failures += 1
    print("FAILED:", message)


def settings(**fields):
    """Fields of the problem by their pointers, with _ for the first / and __ for further ones."""
    return [part for key, value in fields.items()
            for part in ("--set", "/" + key.replace("__", "/") + "=" + json.dumps(value))]


def patients(name, n):
    return {"file": f"populations/{name}.json", "patients": n, "seed": 1}


def crs(probability, **more):
    return {"objective": "crs", "grade_at_least": 2, "window": "course",
            "probability_max": probability, **more}


SHORT = settings(search__evaluations_max=60, search__starts=1)
ONE = {"route": "iv", "infusion_h": 4,
       "steps": [{"day": 0, "dose_mg": 1}, {"day": 7, "dose_mg": 2}]}
FREE = {"route": "iv", "infusion_h": 4, "dose_grid_mg": [0.1, 1, 5, 20, 60],
        "steps": [{"day": 0, "dose_mg": {"min": 0.1, "max": 60}},
                  {"day": 7, "dose_mg": {"min": 0.1, "max": 60}}]}
AFFINITY = {"KdrugactT": {"min": 13, "max": 1300}}
DLBCL = "mosunetuzumab-dlbcl.json"
MANY = "mosunetuzumab-dlbcl-population.json"
SYNAPSE = "synapse-mosunetuzumab-dlbcl.json"


def evidence_case(drug, route, dose):
    regimen = {"route": route, "steps": [{"day": 0, "dose_mg": dose}]}
    if route == "iv":
        regimen["infusion_h"] = 4
    molecule = str(PROBLEMS / f"molecules/synapse/{drug}.json")
    return {"name": f"{drug} {dose} mg", "problem": {"molecule": molecule, "regimen": regimen}}


def evidence_row(case, endpoint, observed, unit, **more):
    return {"name": f"{case}: {endpoint}", "case": case, "endpoint": endpoint, "unit": unit,
            "statistic": "reference", "observed": observed, "sd_log10": 0.1, "use": "fit",
            "source": "made up", **more}


# The second drug alone informs its own parameter; there is no drug in blood before the first dose.
EVIDENCE = {
    "format": "stepdose-evidence-1", "title": "first doses of two drugs",
    "common": {"model": "synapse", "horizon_days": 3,
               "indication": str(PROBLEMS / "indications/synapse/dlbcl.json")},
    "cases": [evidence_case("mosunetuzumab", "iv", 0.4), evidence_case("mosunetuzumab", "iv", 2.8),
              evidence_case("epcoritamab", "sc", 0.8)],
    "rows": [evidence_row("mosunetuzumab 0.4 mg", "il6_peak", 30, "pg/mL"),
             evidence_row("mosunetuzumab 2.8 mg", "il6_peak", 80, "pg/mL"),
             evidence_row("epcoritamab 0.8 mg", "il6_peak", 20, "pg/mL"),
             evidence_row("epcoritamab 0.8 mg", "drug", 1, "ug/mL", day=0)],
    "parameters": [
        {"name": "il6_production_pg_per_cell_day", "low": 0.05, "high": 50, "scale": "log",
         "source": "test"},
        {"name": "cytokine_trimers", "low": 5, "high": 2000, "scale": "log", "source": "test"},
        {"name": "refractory_build_per_day", "low": 0.01, "high": 10, "scale": "log",
         "source": "test"},
        {"name": "anchor", "low": 0.01, "high": 1, "scale": "log", "source": "test",
         "sets": [{"name": "potency_anchor", "molecule": "epcoritamab"}]}]}

GROWTH = {"kBtumorprolif": {"value": 24, "unit": "1/day", "source": "no tumour grows so fast"}}
CHANGES = {
    "format": "stepdose-changes-1", "shadow_percent": 2,
    "changes": [{"name": "dose 2 missed", "missed_dose": 2},
                {"name": "tighter", "set": ["/limits/0/max_pg_mL=900"], "optimize": True},
                {"name": "cannot be simulated", "set": [f"/parameters={json.dumps(GROWTH)}"]}]}

# Each kind of limit, for the reference patient and for virtual ones.
LIMITS = [{"objective": "il6_peak", "window": {"from_day": 0, "to_day": 14}, "max_pg_mL": 1e4},
          {"objective": "off_tumor", "tissue": "gut", "grade_at_least": 3},
          {"objective": "immune_activation", "site": "blood", "days_above_max": 5, "above": 0.2},
          {"objective": "treatment_burden", "visits_max": 9},
          crs(0.9)]

# name: (exit code, command line)
RUNS = {
    "propose": (0, ["propose", DLBCL, *settings(search__evaluations_max=400, search__starts=2,
                                                hospital={"hours": 24})]),
    "tight": (3, ["propose", "mosunetuzumab-dlbcl-tight.json", *SHORT]),
    "tight design": (3, ["propose", DLBCL, *SHORT, *settings(
        design=AFFINITY, regimen=FREE, horizon_days=42, limits__0__max_pg_mL=5)]),
    "design": (0, ["propose", DLBCL, *settings(design=AFFINITY, regimen=FREE, horizon_days=42,
                                               search__evaluations_max=300)]),
    "patients": (None, ["propose", MANY, *SHORT, *settings(
        population__patients=16, horizon_days=42, regimen=FREE,
        verification={"patients": 32, "rounds": 1}, search__near_optimal_loss=1,
        limits__0__max_pg_mL=3000, limits__1__max_pg_mL=1000)]),
    "infeasible patients": (3, ["propose", MANY, *SHORT, *settings(
        population__patients=16, horizon_days=42, regimen=FREE,
        verification={"patients": 32, "rounds": 0}, limits__0__max_pg_mL=5)]),
    "last days": (0, ["simulate", DLBCL, *settings(
        population=patients("dlbcl-virtual", 8), hospital={"hours": 24},
        maximize={"objective": "tumor_control", "measure": "smallest_log10_kill_last_days",
                  "last_days": 7, "statistic": "quantile", "share": 0.2})]),
    "one day": (0, ["simulate", DLBCL, *settings(
        maximize={"objective": "tumor_control", "measure": "log10_kill_at_day", "day": 42})]),
    "limits": (0, ["simulate", "synapse-cea-solid.json", *settings(
        regimen=ONE, limits=LIMITS, horizon_days=28)]),
    "synapse patients": (0, ["simulate", "synapse-mosunetuzumab-dlbcl-population.json", *settings(
        population__patients=8, regimen=ONE, horizon_days=28)]),
    "plausible patients": (0, ["simulate", SYNAPSE, *settings(
        population=patients("synapse-dlbcl", 8), regimen=ONE, horizon_days=14)]),
    "restart": (0, ["restart", "synapse-teclistamab-myeloma.json", *settings(
        population__patients=4, restart={"gap_days_max": 14, "gap_days_step": 7, "doses_max": 1})]),
    "whatif": (0, ["whatif", DLBCL, "changes.json", *settings(
        search__evaluations_max=200, search__starts=2)]),
    "calibrate": (None, ["calibrate", SYNAPSE, "evidence.json", *settings(search__starts=2)]),
    "card": (0, ["whatif", SYNAPSE, *settings(
        calibration=str(pathlib.Path("runs/calibrate/parameters.json").resolve()), regimen=ONE,
        population="reference", horizon_days=14)]),
    "card of one model": (0, ["whatif", "synapse-epcoritamab-dlbcl.json", *settings(
        population="reference", horizon_days=42)]),
    "strata": (None, ["strata", MANY, *SHORT, *settings(
        population__patients=48, horizon_days=28, regimen=FREE,
        verification={"patients": 48, "rounds": 0})]),
    "pareto": (0, ["pareto", DLBCL, *settings(regimen=FREE, horizon_days=42, design=AFFINITY,
                                              search__evaluations_max=300)]),
    "pareto of patients": (None, ["pareto", MANY, *SHORT, *settings(
        population__patients=8, horizon_days=28, regimen=FREE,
        verification={"patients": 16, "rounds": 0})]),
    "sensitivity": (0, ["sensitivity", DLBCL, *settings(horizon_days=28, sensitivity={
        "method": "sobol", "samples": 8,
        "inputs": [{"of": "Kptumor"}, {"of": "kIL6prod"}, {"of": "dose_1"}]})]),
    "map": (0, ["map", DLBCL, *SHORT, *settings(design=AFFINITY, regimen=FREE, horizon_days=42,
                                                search__map_points=3)]),
    "map of a sample": (0, ["map", DLBCL, *SHORT, *settings(
        design=AFFINITY, regimen=FREE, horizon_days=42, search__map_samples=6)]),
    "map of nothing": (3, ["map", DLBCL, *SHORT, *settings(
        design=AFFINITY, regimen=FREE, horizon_days=42, search__map_points=2,
        limits__0__max_pg_mL=1)]),
}


class Walk:
    """Which members of which definition stand in results, and one example of each definition."""

    def __init__(self, schema):
        self.definitions = schema["$defs"]
        self.validator = jsonschema.Draft202012Validator(schema)
        self.reached = {}  # (definition, member): name of a run
        self.examples = {}

    def fits(self, instance, schema):
        return self.validator.evolve(schema=schema).is_valid(instance)

    def visit(self, run, instance, schema, definition=None):
        if schema is True:
            return
        if "$ref" in schema:
            definition = schema["$ref"].rsplit("/", 1)[1]
            self.examples.setdefault(definition, instance)
            self.visit(run, instance, self.definitions[definition], definition)
        for part in schema.get("allOf", []):
            self.visit(run, instance, part, definition)
        for part in schema.get("anyOf", []):
            if part is not True and self.fits(instance, part):
                self.visit(run, instance, part, definition)
        if isinstance(instance, dict):
            self.visit_members(run, instance, schema, definition)
        elif isinstance(instance, list) and "items" in schema:
            for item in instance:
                self.visit(run, item, schema["items"])

    def visit_members(self, run, instance, schema, definition):
        named = schema.get("additionalProperties", False)
        for key, value in instance.items():
            if key in schema.get("properties", {}):
                self.reached.setdefault((definition, key), run)
                self.visit(run, value, schema["properties"][key])
            elif isinstance(named, dict):
                self.reached.setdefault((definition, "*"), run)
                self.visit(run, value, named)

    def rows(self):
        for name, schema in self.definitions.items():
            for key in schema["properties"]:
                yield name, key
            if isinstance(schema.get("additionalProperties"), dict):
                yield name, "*"


def run_all(walk):
    for name, (wanted, arguments) in RUNS.items():
        directory = pathlib.Path("runs") / name
        run = subprocess.run(
            [PROGRAM, arguments[0], PROBLEMS / arguments[1], *arguments[2:], "-o", directory,
             "--quiet"], capture_output=True, text=True)
        allowed = (0, 3, 4) if wanted is None else (wanted,)
        if run.returncode not in allowed or not (directory / "result.json").exists():
            complain(f"{name}: exit code {run.returncode}: {run.stderr[:300]}")
            continue
        check_result(walk, name, json.loads((directory / "result.json").read_text()))


def check_result(walk, name, result):
    for number, error in enumerate(walk.validator.iter_errors(result)):
        deepest = jsonschema.exceptions.best_match([error])
        if number < 3:
            complain(f"{name}: /{'/'.join(map(str, deepest.absolute_path))}: "
                     f"{deepest.message[-200:]}")
    walk.visit(name, result, walk.validator.schema)


def check_beside():
    """What these runs read and write besides."""
    for kind, tree in (("evidence", EVIDENCE), ("changes", CHANGES),
                       ("parameters", "runs/calibrate/parameters.json"),
                       ("problem", "runs/calibrate/problem.json")):
        schema = json.loads((SCHEMAS / f"{kind}.schema.json").read_text())
        tree = tree if isinstance(tree, dict) else json.loads(pathlib.Path(tree).read_text())
        for error in jsonschema.Draft202012Validator(schema).iter_errors(tree):
            complain(f"{kind}: {error.message[-200:]}")


def check_rows(walk):
    """Every member of the schema is in some result, but for those that are listed."""
    rows = set(walk.rows())
    missing = rows - set(walk.reached)
    writers = "".join(path.read_text() for path in (SOURCE / "src/report").glob("result_*.c"))
    for definition, key in sorted(missing - NOT_IN_SHORT_RUNS):
        complain(f"no result has the member {key} of {definition}")
    for definition, key in sorted(NOT_IN_SHORT_RUNS - missing):
        complain(f"{key} of {definition} is listed as not in short runs, but "
                 + (f"is in '{walk.reached[definition, key]}'" if (definition, key) in rows
                    else "there is none"))
    for definition, key in sorted(NOT_IN_SHORT_RUNS & missing):
        if f'"{key}"' not in writers:
            complain(f"no writer knows the member {key} of {definition}")
    print(f"{len(rows)} members of {len(walk.definitions)} objects, "
          f"{len(rows) - len(missing)} of them seen in {len(RUNS)} runs")


def check_strictness(walk):
    """What is added, left out, or of another type is refused, in every object."""
    refused = 0
    for definition, example in walk.examples.items():
        schema = walk.definitions[definition]
        closed = any(word in schema for word in ("additionalProperties", "unevaluatedProperties"))
        mutants = [{**example, "no_such_member": {}}] if closed else []
        for key in schema["required"]:
            mutants.append({k: v for k, v in example.items() if k != key})
            mutants.append({**example, key: {"no_such": []}})
        for mutant in mutants:
            if walk.fits(mutant, {"$ref": f"#/$defs/{definition}"}):
                complain(f"{definition}: a change of it is accepted: {str(mutant)[:200]}")
            refused += 1
    print(f"{refused} changes of single objects are refused")


def main():
    pathlib.Path("changes.json").write_text(json.dumps(CHANGES))
    pathlib.Path("evidence.json").write_text(json.dumps(EVIDENCE))
    schema = json.loads((SCHEMAS / "result.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    walk = Walk(schema)
    run_all(walk)
    check_beside()
    check_rows(walk)
    check_strictness(walk)
    return 1 if failures else 0


sys.exit(main())
