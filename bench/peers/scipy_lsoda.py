"""Peer: SciPy's LSODA (odeint) with the right-hand side in Python, restarted at every segment.

usage: python3 scipy_lsoda.py MODULE WORKLOAD_DIRECTORY [TOLERANCE...]

The rates are written with NumPy over the five sites, as a modeller would; they are compared with
the C kernel before anything is timed. The module (module.c) is used for the score only.
"""
import csv
import ctypes
import sys
import time
from pathlib import Path

import numpy as np
from scipy.integrate import odeint

# states, in the order of src/model/hosseini2020_structure.h
DEPOT, CENTRAL, PERIPHERAL, BLIN, MARGINATION = range(5)
REST, ACT, ACT0, B = (slice(5 + 5 * i, 10 + 5 * i) for i in range(4))
NEGATIVE, IL6_BLOOD, IL6_TISSUE = 25, 26, 27
BLOOD, SPLEEN, NODES, MARROW, TUMOR = range(5)
TINY = 1e-30


def read_table(directory, name):
    with open(Path(directory) / f"{name}.csv", newline="") as file:
        return list(csv.DictReader(file))


def column(directory, name, key):
    return np.array([float(row[key]) for row in read_table(directory, name)])


class Constants:
    """Attributes named as in hosseini2020_derived.h; one array over the sites, or one number."""

    def __init__(self, directory):
        by_name = {}
        for row in read_table(directory, "constants"):
            by_name.setdefault(row["name"], []).append(float(row["value"]))
        for name, values in by_name.items():
            setattr(self, name, np.array(values) if len(values) > 1 else values[0])


def hill(ratio, exponent, half_to_exponent):
    power = np.maximum(ratio, TINY) ** exponent
    return power / (half_to_exponent + power)


def add_drug(k, y, rate, drug_rate):
    concentration = y[CENTRAL] / k.CENTRAL_VOLUME
    loss = (k.CLEARANCE + k.SATURABLE_MAX / (k.SATURABLE_KM + concentration)) / k.CENTRAL_VOLUME
    exchange = k.TO_PERIPHERAL * y[CENTRAL] - k.FROM_PERIPHERAL * y[PERIPHERAL]
    absorbed = k.ABSORPTION * y[DEPOT]
    rate[DEPOT] = -absorbed
    rate[CENTRAL] = k.BIOAVAILABILITY * absorbed - loss * y[CENTRAL] - exchange + drug_rate
    rate[PERIPHERAL] = exchange
    rate[BLIN] = -k.BLIN_CLEARANCE * y[BLIN]
    rate[MARGINATION] = -k.MARGINATION_DECAY * y[MARGINATION]
    return concentration


def add_action(k, y, rate, concentration):
    """Activation, killing and IL-6 release at all sites."""
    rest, act, act0, b = y[REST], y[ACT], y[ACT0], y[B]
    ng_per_ml = max(1000 * concentration, TINY)
    at_site = ng_per_ml**k.DRUG_EXPONENT * k.DRUG_PARTITION_N
    drug_act = at_site / (k.DRUG_KM + at_site)
    drug_kill = ng_per_ml * k.DRUG_PARTITION
    drug_kill = drug_kill / (k.DRUG_KILL_KM + drug_kill)
    by_ratio = hill(np.maximum(b, 0) / np.maximum(rest + act0, 1), k.RATIO_EXPONENT, k.RATIO_KM)
    activation = k.ACTIVATION_RATE * k.ACTIVATION_MAX * drug_act * by_ratio
    kill = k.KILL_RATE * drug_kill * hill(
        np.maximum(act, 0) / np.maximum(b, 1), k.KILL_EXPONENT, k.KILL_KM_N)
    from_rest, from_act0 = activation * rest, k.ACT0_ON * activation * act0
    rate[REST] -= from_rest
    rate[ACT0] -= from_act0
    rate[ACT] += from_rest + from_act0
    rate[B] -= kill * b
    released = k.IL6_SOURCE * act * b * drug_act
    rate[IL6_BLOOD] += released[BLOOD]
    rate[IL6_TISSUE] += released[1:].sum()


def add_t_cells(k, y, rate):
    rest, act, act0 = y[REST], y[ACT], y[ACT0]
    back = k.DEACTIVATION
    excess = np.maximum(rest - k.REST_REFERENCE, 0)
    rate[REST] += back * act + k.ACT0_TO_REST * act0 - k.REST_DEATH * excess
    rate[ACT] -= (back + k.ACT0_ON * back + k.ACT_DEATH + k.ACT_DEATH_2 * act) * act
    rate[ACT0] += (k.PROLIFERATION + k.ACT0_ON * back) * act
    rate[ACT0] -= (k.ACT0_TO_REST + k.ACT0_DEATH) * act0
    deficit = max(1 - (rest[BLOOD] + act[BLOOD] + act0[BLOOD]) / k.T_REFERENCE, 0)
    rate[REST.start] += (k.T_GENERATION * k.T_REFERENCE * (k.T_GENERATION_BASE + deficit * deficit)
                         - k.REST_LOSS * rest[BLOOD])


def add_traffic(y, rate, pool, inward, outward, boost):
    cells = y[pool]
    flux = inward[1:] * (1 + boost * y[MARGINATION]) * cells[0] - outward[1:] * cells[1:]
    rate[pool][0] -= flux.sum()
    rate[pool][1:] += flux


def add_b_cells(k, y, rate):
    b, rates, negative = y[B], rate[B], y[NEGATIVE]
    flux = np.maximum(k.B_IN * b[BLOOD] - k.B_OUT * b, 0)
    flux[BLOOD] = 0
    flux[MARROW] = -max(k.B_OUT[MARROW] * b[MARROW] - k.B_IN[MARROW] * b[BLOOD], 0)
    rates += flux
    rates[BLOOD] -= flux.sum()
    rates[:TUMOR] += (k.B_PROLIFERATION * np.maximum(k.B_REFERENCE - b, 0))[:TUMOR]
    mature = k.B_MATURATION * negative
    deficit = max(1 - (b[BLOOD] + b[SPLEEN] + b[NODES]) / k.B_TOTAL_REFERENCE, 0)
    rates[BLOOD] -= k.B_LOSS_IN_BLOOD * b[BLOOD]
    rates[MARROW] += mature - k.B_DEATH * b[MARROW]
    rates[TUMOR] += k.TUMOR_GROWTH * b[TUMOR]
    rate[NEGATIVE] += (k.NEGATIVE_PROLIFERATION * max(k.NEGATIVE_REFERENCE - negative, 0)
                       + k.NEGATIVE_SUPPLY * (1 + 5 * deficit) - mature - k.B_DEATH * negative)


def rates(y, t, k, drug_rate):
    rate = np.zeros(28)
    concentration = add_drug(k, y, rate, drug_rate)
    rate[IL6_BLOOD] = -k.IL6_DECAY * y[IL6_BLOOD]
    rate[IL6_TISSUE] = -k.IL6_DECAY * y[IL6_TISSUE]
    if concentration > k.CUTOFF:
        add_action(k, y, rate, concentration)
    add_t_cells(k, y, rate)
    add_traffic(y, rate, REST, k.REST_IN, k.REST_OUT, 1.0)
    add_traffic(y, rate, ACT, k.ACT_IN, k.ACT_OUT, k.MARGINATION_OF_ACT)
    add_traffic(y, rate, ACT0, k.ACT0_ON * k.REST_IN, k.ACT0_ON * k.REST_OUT, 1.0)
    add_b_cells(k, y, rate)
    return rate


def check_rates(directory, k):
    y, expected = (column(directory, "check", key) for key in ("state", "rate"))
    size = np.abs(expected) + 1e-9 * np.abs(y) + 1e-300
    difference = np.abs(rates(y, 0.0, k, 0.0) - expected) / size
    if not difference.max() < 1e-10:
        sys.exit(f"the rates in Python differ from the kernel's: state {difference.argmax()} "
                 f"by {difference.max():.1e}")


class Course:
    def __init__(self, directory, tolerance):
        self.k = Constants(directory)
        check_rates(directory, self.k)
        self.initial, scale = (column(directory, "states", key) for key in ("initial", "scale"))
        keys = ("start", "end", "drug_rate", "margination")
        self.segments = [tuple(float(row[key]) for key in keys)
                         for row in read_table(directory, "segments")]
        self.tolerance, self.absolute = tolerance, tolerance * scale

    def run(self, days):
        y, rows = self.initial.copy(), [self.initial]
        for start, end, drug_rate, margination in self.segments:
            wanted = days[(days > start) & (days <= end)]
            y[MARGINATION] += margination
            states, info = odeint(
                rates, y, np.concatenate(([start], wanted)), args=(self.k, drug_rate),
                rtol=self.tolerance, atol=self.absolute, tcrit=[end], mxstep=100000,
                full_output=True)
            if info["message"] != "Integration successful.":
                sys.exit(f"odeint: {info['message']}")
            rows.extend(states[1:])
            y = states[-1].copy()
        return np.array(rows)


def score(module, directory, days, states):
    def pointer(array):
        return np.ascontiguousarray(array).ctypes.data_as(ctypes.POINTER(ctypes.c_double))

    error = np.zeros(4)  # peak, tumour on day 84, day 84, daily
    constants = column(directory, "constants", "value")
    reference = column(directory, "reference", "value")
    all_days, states = np.concatenate(([0.0], days)), np.ascontiguousarray(states)
    module.module_score(ctypes.byref(ctypes.c_int(len(all_days))), pointer(all_days),
                        pointer(states), pointer(constants), pointer(reference), pointer(error))
    return error


def main():
    module, directory = ctypes.CDLL(str(Path(sys.argv[1]).resolve())), sys.argv[2]
    daily, dense = (column(directory, name, "day") for name in ("daily", "dense"))
    print("solver,tolerance,microseconds,peak_error,day84_error,daily_error")
    for tolerance in [float(text) for text in sys.argv[3:]] or [1e-6]:
        course = Course(directory, tolerance)
        peak_error = score(module, directory, dense, course.run(dense))[0]
        runs = 2
        start = time.process_time()
        for _ in range(runs):
            states = course.run(daily)
        microseconds = 1e6 * (time.process_time() - start) / runs
        errors = (peak_error, *score(module, directory, daily, states)[2:])
        print("SciPy LSODA model in Python,%g,%.1f,%.2e,%.2e,%.2e"
              % (tolerance, microseconds, *errors), flush=True)


main()
