# Collected CSV lines of all rounds -> one markdown table.
# solver,tolerance,microseconds,peak_error,day84_error,daily_error; ours begin with "stepdose ".
BEGIN { FS = "," }

NF != 6 || $1 == "solver" { next }

{
  row = $1 "," $2
  if (!(row in rounds)) {
    order[++rows] = row
    solver[row] = $1; tolerance[row] = $2
    peak[row] = $4; day84[row] = $5; daily[row] = $6
  } else if (peak[row] != $4 || day84[row] != $5 || daily[row] != $6) {
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

# Our fastest row that is nowhere less accurate.
function matched(row,    i, o, best) {
  best = ""
  for (i = 1; i <= rows; i++) {
    o = order[i]
    if (ours(o) && peak[o] + 0 <= peak[row] + 0 && day84[o] + 0 <= day84[row] + 0 &&
        daily[o] + 0 <= daily[row] + 0 && (best == "" || middle[o] < middle[best])) {
      best = o
    }
  }
  return best
}

# Our fastest row of the same tolerance.
function same(row,    i, o, best) {
  best = ""
  for (i = 1; i <= rows; i++) {
    o = order[i]
    if (ours(o) && tolerance[o] + 0 == tolerance[row] + 0 &&
        (best == "" || middle[o] < middle[best])) {
      best = o
    }
  }
  return best
}

function ratio(row, to) {
  return to == "" ? "-" : sprintf("%.1f", middle[row] / middle[to])
}

function short(x) { return sprintf("%.0e", x) }

END {
  for (i = 1; i <= rows; i++) {
    sort_times(order[i])
    middle[order[i]] = median(order[i])
  }
  print "| solver | tolerance | microseconds per simulation: median (best-worst) |" \
        " error: IL-6 peak / day 84 / daily | times ours, same tolerance |" \
        " times ours, no error larger (which) |"
  print "|---|---|---|---|---|---|"
  for (i = 1; i <= rows; i++) {
    row = order[i]
    best = matched(row)
    if (ours(row)) {
      compared = "| | |"
    } else {
      compared = "| " ratio(row, same(row)) " | " ratio(row, best) \
                 (best == "" ? "" : " (" tolerance[best] ")") " |"
    }
    printf "| %s | %s | %.0f (%.0f-%.0f) | %s / %s / %s %s\n", solver[row], tolerance[row],
           middle[row], time[row, 1], time[row, rounds[row]], short(peak[row]), short(day84[row]),
           short(daily[row]), compared
    if (row in changed) {
      notes = notes "\nErrors of " row " differ between rounds: the first are shown."
    }
  }
  print notes
}
