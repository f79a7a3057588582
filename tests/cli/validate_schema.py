"""Compares the JSON Schemas with the program, by a validator that knows neither.

usage: validate_schema.py PROGRAM SOURCE_DIR SCHEMA_DIR SCRATCH_DIR
"""
import copy
import json
import pathlib
import random
import shutil
import subprocess
import sys

import jsonschema

PROGRAM, SOURCE, SCHEMAS, SCRATCH = map(pathlib.Path, sys.argv[1:5])
SEED = 20201
MUTANTS_PER_FILE = 40

# errors that are found in the bytes of a file, before there is a tree to validate
OF_BYTES = {"JSON_SYNTAX", "JSON_DUPLICATE_KEY", "JSON_TOO_LARGE", "NOT_FINITE"}
OF_STRUCTURE = {"FORMAT_UNSUPPORTED", "MISSING_KEY", "UNKNOWN_KEY", "WRONG_TYPE", "OUT_OF_RANGE",
                "EMPTY_RANGE"}
# refused with a code of structure, but only because of another entry, of an order, or of the model
OUT_OF_REACH = {
    "MISSING_KEY__front_probability_without_grade", "OUT_OF_RANGE__front_population_is_odd",
    "UNKNOWN_KEY__front_window_of_a_burden",
    "EMPTY_RANGE__design_min_above_max", "EMPTY_RANGE__min_above_max",
    "EMPTY_RANGE__no_dose_of_the_grid", "EMPTY_RANGE__window_without_days",
    "MISSING_KEY__activation_without_site", "MISSING_KEY__damage_without_bound",
    "MISSING_KEY__grade_without_probability",
    "MISSING_KEY__infusion_without_length", "MISSING_KEY__limit_without_bound",
    "MISSING_KEY__premedication_without_time", "MISSING_KEY__probability_without_grade",
    "EMPTY_RANGE__sensitivity_range", "MISSING_KEY__range_of_an_input_that_is_zero",
    "MISSING_KEY__quantile_without_share", "MISSING_KEY__risk_without_bound",
    "MISSING_KEY__step_without_dose", "OUT_OF_RANGE__design_of_half_an_arm",
    "OUT_OF_RANGE__design_outside_the_model", "OUT_OF_RANGE__design_range_of_arms",
    "OUT_OF_RANGE__grid_not_increasing", "OUT_OF_RANGE__grid_wider_than_its_range",
    "OUT_OF_RANGE__health_grades_rise", "OUT_OF_RANGE__measure_after_the_horizon",
    "OUT_OF_RANGE__more_steps_than_described", "OUT_OF_RANGE__parameter_outside_the_model",
    "OUT_OF_RANGE__patients_not_described", "OUT_OF_RANGE__premedication_after_the_horizon",
    "OUT_OF_RANGE__step_at_the_horizon", "OUT_OF_RANGE__steps_less_than_a_day_apart",
    "OUT_OF_RANGE__tissue_with_a_space", "OUT_OF_RANGE__too_much_premedication",
    "OUT_OF_RANGE__window_after_the_horizon", "UNKNOWN_KEY__bound_of_another_objective",
    "UNKNOWN_KEY__grade_of_another_objective", "UNKNOWN_KEY__risk_of_a_burden",
    "UNKNOWN_KEY__site_of_another_bound", "UNKNOWN_KEY__stratum_of_a_burden",
    "UNKNOWN_KEY__window_of_a_burden", "UNKNOWN_KEY__window_of_damage",
}

failures = 0


def complain(message):
    global failures
    failures += 1
    print("FAILED:", message)


def validators():
    found = {}
    for path in sorted(SCHEMAS.glob("*.schema.json")):
        schema = json.loads(path.read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        found[path.name.split(".")[0]] = jsonschema.Draft202012Validator(schema)
    return found


def kind_of(tree):
    return tree["format"].split("-")[1]


def first_error(validator, tree):
    """None, or where and what."""
    for error in validator.iter_errors(tree):
        return f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:150]}"
    return None


def check_shipped(by_kind):
    count = 0
    for path in sorted((SOURCE / "problems").rglob("*.json")):
        if "invalid" in path.parts:
            continue
        tree = json.loads(path.read_text())
        error = first_error(by_kind[kind_of(tree)], tree)
        count += 1
        if error:
            complain(f"{path}: {error}")
    print(f"{count} shipped files are valid by their schemas")
    if count < 10:
        complain("too few shipped files were found")


def check_invalid(by_kind):
    """Files whose error is one of structure are caught, all others pass."""
    caught, passed = [], []
    for path in sorted((SOURCE / "problems" / "invalid").glob("*.json")):
        code = path.name.split("__")[0]
        if code in OF_BYTES:
            continue
        error = first_error(by_kind["problem"], json.loads(path.read_text()))
        (caught if error else passed).append(path.stem)
        expected = code in OF_STRUCTURE and path.stem not in OUT_OF_REACH
        if expected != bool(error):
            complain(f"{path.stem}: {'not caught' if expected else error}")
    for name in OUT_OF_REACH - set(passed):
        complain(f"{name} is listed as out of reach of a schema, but is no such file")
    print(f"invalid files: {len(caught)} caught by the schema, {len(passed)} only by the program")
    print("  caught:", *caught, sep="\n    ")
    print("  only by the program:", *passed, sep="\n    ")


def places(tree, path=()):
    """Every path below the root."""
    members = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in members:
        yield path + (key,)
        if isinstance(value, (dict, list)):
            yield from places(value, path + (key,))


STRANGERS = [None, True, "", "x", -1, 0, 0.5, 1, 3, 1e-9, 1e9, [], {}, [1, 2], [2, 2], ["a"],
             {"min": 1, "max": 2}, {"min": -5, "max": 2}, {"max": 2}, [{}], "y" * 3000]


def mutate(tree, dice):
    """One member removed, added, renamed, or replaced by a value of another kind or size."""
    mutant = copy.deepcopy(tree)
    path = dice.choice(list(places(mutant)))
    parent = mutant
    for key in path[:-1]:
        parent = parent[key]
    kind = dice.choice(["replace", "replace", "replace", "remove", "rename", "add"])
    if kind == "replace":
        parent[path[-1]] = copy.deepcopy(dice.choice(STRANGERS))
    elif kind == "add" and isinstance(parent, dict):
        parent["no_such_key"] = 1
    else:
        value = parent.pop(path[-1])
        if kind == "rename" and isinstance(parent, dict):
            parent[str(path[-1]) + "s"] = value
    return mutant, f"{kind} at /{'/'.join(map(str, path))}"


def referring_problem(problems, path):
    """A problem file that refers to this one (or is it)."""
    for problem in sorted(problems.glob("*.json")):
        if problem == path or f'"{path.relative_to(problems)}"' in problem.read_text():
            return problem
    return None


def check_mutants(by_kind):
    """What a schema refuses, the program refuses too."""
    problems = SCRATCH / "problems"
    shutil.copytree(SOURCE / "problems", problems, ignore=shutil.ignore_patterns("invalid"))
    dice = random.Random(SEED)
    refused = tried = 0
    for path in sorted(problems.rglob("*.json")):
        problem = referring_problem(problems, path)
        if problem is None:
            continue
        original = path.read_text()
        tree = json.loads(original)
        for _ in range(MUTANTS_PER_FILE):
            mutant, what = mutate(tree, dice)
            error = first_error(by_kind[kind_of(tree)], mutant)
            tried += 1
            if not error:
                continue
            refused += 1
            path.write_text(json.dumps(mutant))
            run = subprocess.run([PROGRAM, "check", problem], capture_output=True, text=True)
            if run.returncode != 2:
                complain(f"{path.name}, {what}: the schema refuses ({error}), the program does not"
                         f" (exit code {run.returncode}); seed {SEED}")
        path.write_text(original)
    print(f"mutants: of {tried}, the schemas refuse {refused}, and the program does too")
    if refused < tried // 4:
        complain("too few mutants were refused by the schemas")


def simulate(problem, regimen):
    path = SCRATCH / "regimen.json"
    path.write_text(json.dumps(regimen))
    return subprocess.run(
        [PROGRAM, "simulate", SOURCE / "problems" / problem, "--regimen", path, "-o",
         SCRATCH / "run", "--overwrite", "--quiet", "--set", "/population=reference"],
        capture_output=True, text=True)


REGIMEN = {"route": "iv", "infusion_h": 4,
           "steps": [{"day": 0, "dose_mg": 1}, {"day": 7, "dose_mg": 2}]}


def check_written(by_kind):
    """The effective problem that a run writes is a problem."""
    for name in ("mosunetuzumab-dlbcl.json", "synapse-mosunetuzumab-dlbcl.json",
                 "synapse-cea-solid.json"):
        run = simulate(name, REGIMEN)
        if run.returncode != 0:
            complain(f"{name} is not simulated: {run.stderr[:300]}")
            continue
        error = first_error(by_kind["problem"],
                            json.loads((SCRATCH / "run" / "problem.json").read_text()))
        if error:
            complain(f"problem.json of {name}: {error}")


def check_regimens(by_kind):
    """A regimen in a file of its own, with and without its outer object."""
    without_days = copy.deepcopy(REGIMEN)
    del without_days["steps"][0]["day"]
    for tree, valid in ((REGIMEN, True), ({"regimen": REGIMEN}, True), (without_days, False),
                        ({"regimen": without_days}, False), ({"regimen": REGIMEN, "a": 1}, False)):
        run = simulate("mosunetuzumab-dlbcl.json", tree)
        if (run.returncode == 0) != valid:
            complain(f"regimen {tree}: exit code {run.returncode}: {run.stderr[:200]}")
        if (first_error(by_kind["regimen"], tree) is None) != valid:
            complain(f"regimen {tree}: the schema says {not valid}")


def main():
    by_kind = validators()
    if set(by_kind) != {"problem", "molecule", "indication", "population", "regimen", "evidence",
                       "parameters", "changes", "result"}:
        complain(f"schemas found: {sorted(by_kind)}")
    check_shipped(by_kind)
    check_invalid(by_kind)
    check_written(by_kind)
    check_regimens(by_kind)
    check_mutants(by_kind)
    return 1 if failures else 0


sys.exit(main())
