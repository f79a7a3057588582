# Collected CSV lines of all rounds -> one markdown table. Lines of 6 fields are workload W1:
#   solver,tolerance,microseconds, errors: peak,day84,daily
# and of 9 fields the cohort:
#   solver,tolerance,microseconds, worst errors: peak,tumour,daily, 95 % below: peak,tumour,daily
# A header line says which. Our solvers' names begin with "stepdose ".
BEGIN {
  FS = ","
  # the cohort's limits for IL-6 peak, day-84 tumour and daily outputs (bench_cohort.c)
  limit[0] = 1e-4; limit[1] = 1e-5; limit[2] = 1e-3
}

$1 == "solver" { fields = NF; next }

NF != fields { next }

{
  row = $1 "," $2
  errors = $4
  for (k = 5; k <= NF; k++) {
    errors = errors "," $k
  }
  if (!(row in rounds)) {
    order[++rows] = row
    solver[row] = $1; tolerance[row] = $2
    text[row] = errors
    for (k = 4; k <= NF; k++) {
      error[row, k] = $k
    }
  } else if (text[row] != errors) {
    changed[row] = 1
  }
  time[row, ++rounds[row]] = $3 + 0
}

# sorts the times of a row
function sort_times(row,    i, j, x) {
  for (i = 2; i <= rounds[row]; i++) {
    x = time[row, i]
    for (j = i - 1; j > 0 && time[row, j] > x; j--) {
      time[row, j + 1] = time[row, j]
    }
    time[row, j + 1] = x
  }
}

function median(row,    n) {
  n = rounds[row]
  return n % 2 ? time[row, (n + 1) / 2] : (time[row, n / 2] + time[row, n / 2 + 1]) / 2
}

function ours(row) { return solver[row] ~ /^stepdose / }

# Is none of the three errors from field `first` on larger in row o than in this one?
function as_accurate(o, row, first,    k) {
  for (k = first; k < first + 3; k++) {
    if (error[o, k] + 0 > error[row, k] + 0) {
      return 0
    }
  }
  return 1
}

# Our fastest row of those that are nowhere less accurate, or (first is 0) of the same tolerance.
function counterpart(row, first,    i, o, best) {
  best = ""
  for (i = 1; i <= rows; i++) {
    o = order[i]
    if (ours(o) && (best == "" || middle[o] < middle[best]) &&
        (first ? as_accurate(o, row, first) : tolerance[o] + 0 == tolerance[row] + 0)) {
      best = o
    }
  }
  return best
}

# One cell: how many times as long as our counterpart, whose tolerance is in brackets.
function ratio(row, first,    best) {
  if (ours(row)) {
    return " |"
  }
  best = counterpart(row, first)
  if (best == "") {
    return " - |"
  }
  return sprintf(" %.1f%s |", middle[row] / middle[best],
                 first ? " (" tolerance[best] ")" : "")
}

function three(row, first) {
  return sprintf(" %.0e / %.0e / %.0e |", error[row, first], error[row, first + 1],
                 error[row, first + 2])
}

function print_head() {
  printf "| solver | tolerance | microseconds per simulation: median (best-worst) |"
  if (fields == 6) {
    print " error: IL-6 peak / day 84 / daily | times ours, same tolerance |" \
          " times ours, no error larger (which) |"
    print "|---|---|---|---|---|---|"
  } else {
    print " worst error: IL-6 peak / day-84 tumour / daily | 95 % below |" \
          " times ours, same tolerance | times ours, no worst error larger (which) |" \
          " times ours, none of the 95 % larger (which) |"
    print "|---|---|---|---|---|---|---|---|"
  }
}

# The fastest row of a solver whose errors from field `first` on are within the limits.
function fastest_within(name, first,    i, o, k, good, best) {
  best = ""
  for (i = 1; i <= rows; i++) {
    o = order[i]
    good = solver[o] == name && (best == "" || middle[o] < middle[best])
    for (k = 0; k < 3; k++) {
      good = good && error[o, first + k] + 0 <= limit[k]
    }
    if (good) {
      best = o
    }
  }
  return best
}

function cell_within(name, first,    best) {
  best = fastest_within(name, first)
  return best == "" ? " none |" : sprintf(" %.0f (%s) |", middle[best], tolerance[best])
}

function print_fastest_within(    i, name, seen) {
  printf "\nFastest setting within %.0e / %.0e / %.0e, microseconds (tolerance):\n\n", limit[0],
         limit[1], limit[2]
  print "| solver | all patients within | 95 % of each within |"
  print "|---|---|---|"
  for (i = 1; i <= rows; i++) {
    name = solver[order[i]]
    if (!(name in seen)) {
      seen[name] = 1
      printf "| %s |%s%s\n", name, cell_within(name, 4), cell_within(name, 7)
    }
  }
}

END {
  for (i = 1; i <= rows; i++) {
    sort_times(order[i])
    middle[order[i]] = median(order[i])
  }
  print_head()
  for (i = 1; i <= rows; i++) {
    row = order[i]
    printf "| %s | %s | %.0f (%.0f-%.0f) |%s", solver[row], tolerance[row], middle[row],
           time[row, 1], time[row, rounds[row]], three(row, 4)
    if (fields == 9) {
      printf "%s", three(row, 7)
    }
    printf "%s%s", ratio(row, 0), ratio(row, 4)
    print (fields == 9 ? ratio(row, 7) : "")
    if (row in changed) {
      notes = notes "\nErrors of " row " differ between rounds: the first are shown."
    }
  }
  print notes
  if (fields == 9) {
    print_fastest_within()
    print ""
  }
}
