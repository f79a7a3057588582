# Peer: deSolve, model in C (module.c): lsoda with its own difference Jacobian, lsode BDF with the
# Jacobian in C. One call for the whole course: the events at the starts of segments restart the
# solver inside deSolve's C code.
# usage: Rscript desolve.R MODULE WORKLOAD_DIRECTORY [--cohort] [TOLERANCE...]
suppressPackageStartupMessages(library(deSolve))

arguments <- commandArgs(trailingOnly = TRUE)
module <- arguments[1]
directory <- arguments[2]
options <- arguments[-(1:2)]
of_cohort <- "--cohort" %in% options
options <- options[options != "--cohort"]
tolerances <- if (length(options) > 0) as.numeric(options) else c(1e-4, 1e-5, 1e-6)

dyn.load(module)
dll <- tools::file_path_sans_ext(basename(module))

table_of <- function(name) read.csv(file.path(directory, paste0(name, ".csv")))
states <- table_of("states")
segments <- table_of("segments")
starts <- segments$start[-1]
daily <- c(0, table_of("daily")$day)
dense <- c(0, table_of("dense")$day)

# what belongs to one patient; parameters in the order of struct parameters in module.c
segments_max <- 32
padded <- function(x) c(x, rep(0, segments_max - length(x)))
margination_state <- 5 # its position
patient <- function(constants, initial, drug_rate, margination, reference) {
  initial[margination_state] <- initial[margination_state] + margination[1]
  list(constants = constants, initial = initial, reference = reference,
       parameters = c(constants, nrow(segments), padded(segments$start), padded(drug_rate),
                      padded(margination)))
}

reference_patient <- function() {
  list(patient(table_of("constants")$value, states$initial, segments$drug_rate,
               segments$margination, table_of("reference")$value))
}

sample_of_cohort <- function() {
  sampled <- table_of("cohort_patients")
  reference <- as.matrix(table_of("cohort_reference"))
  group <- function(i, name) as.numeric(sampled[i, startsWith(names(sampled), name)])
  lapply(seq_len(nrow(sampled)), function(i) {
    patient(group(i, "constant."), group(i, "initial."), group(i, "drug_rate."),
            group(i, "margination."), as.numeric(reference[i, ]))
  })
}

patients <- if (of_cohort) sample_of_cohort() else reference_patient()

# hmax = 0: otherwise deSolve never steps further than from one output to the next
course <- function(solver, patient, days, tolerance) {
  result <- solver$run(
    y = patient$initial, times = days, func = "module_rates", parms = patient$parameters,
    dllname = dll, initfunc = "module_open", jacfunc = solver$jacobian, jactype = solver$jactype,
    rtol = tolerance, atol = tolerance * states$scale, hmax = 0, maxsteps = 1e6,
    events = list(func = "module_event", time = starts))
  stopifnot(nrow(result) == length(days))
  result
}

# peak, tumour on day 84, worst output on day 84, worst output of any day
errors_of <- function(result, patient) {
  .C("module_score", as.integer(nrow(result)), as.double(result[, 1]),
     as.double(t(result[, -1])), as.double(patient$constants), as.double(patient$reference),
     error = double(4), PACKAGE = dll)$error
}

# dense outputs for the peak only: they change the first step after a restart a little
errors <- function(solver, patient, tolerance) {
  c(errors_of(course(solver, patient, dense, tolerance), patient)[1],
    errors_of(course(solver, patient, daily, tolerance), patient)[-1])
}

# mean of one patient, in microseconds of the processor
seconds_at_least <- 0.3
processor_seconds <- function() sum(proc.time()[c("user.self", "sys.self")])
microseconds <- function(solver, tolerance) {
  run <- function() for (p in patients) course(solver, p, daily, tolerance)
  run()
  calls <- 0
  start <- processor_seconds()
  repeat {
    for (i in 1:max(1, 5 %/% length(patients))) {
      run()
      calls <- calls + length(patients)
    }
    passed <- processor_seconds() - start
    if (passed >= seconds_at_least) {
      return(1e6 * passed / calls)
    }
  }
}

# the smallest value that 95 % do not exceed
most <- function(x) sort(x)[ceiling(0.95 * length(x))]

describe <- function(error) {
  if (!of_cohort) {
    return(error[c(1, 3, 4), 1])
  }
  kinds <- error[c(1, 2, 4), ]
  c(apply(kinds, 1, max), apply(kinds, 1, most))
}

solvers <- list(
  list(name = "deSolve lsoda model in C", run = lsoda, jacobian = NULL, jactype = "fullint"),
  list(name = "deSolve lsode BDF model and Jacobian in C", run = lsode,
       jacobian = "module_jacobian", jactype = "fullusr"))

cat(if (of_cohort) {
  "solver,tolerance,microseconds,peak_worst,tumor_worst,daily_worst,peak_95,tumor_95,daily_95\n"
} else {
  "solver,tolerance,microseconds,peak_error,day84_error,daily_error\n"
})
for (solver in solvers) {
  for (tolerance in tolerances) {
    error <- sapply(patients, function(p) errors(solver, p, tolerance))
    cat(sprintf("%s,%g,%.1f,%s\n", solver$name, tolerance, microseconds(solver, tolerance),
                paste(sprintf("%.2e", describe(error)), collapse = ",")))
  }
}
