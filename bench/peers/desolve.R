# Peer: deSolve, model in C (module.c): lsoda with its own difference Jacobian, lsode BDF with the
# Jacobian in C. One call for the whole course: the events at the starts of segments restart the
# solver inside deSolve's C code.
# usage: Rscript desolve.R MODULE WORKLOAD_DIRECTORY [TOLERANCE...]
suppressPackageStartupMessages(library(deSolve))

arguments <- commandArgs(trailingOnly = TRUE)
module <- arguments[1]
directory <- arguments[2]
tolerances <- if (length(arguments) > 2) as.numeric(arguments[-(1:2)]) else c(1e-4, 1e-5, 1e-6)

dyn.load(module)
dll <- tools::file_path_sans_ext(basename(module))

table_of <- function(name) read.csv(file.path(directory, paste0(name, ".csv")))
derived <- table_of("constants")$value
states <- table_of("states")
segments <- table_of("segments")
reference <- table_of("reference")$value
daily <- c(0, table_of("daily")$day)
dense <- c(0, table_of("dense")$day)

# in the order of struct parameters in module.c
segments_max <- 32
padded <- function(x) c(x, rep(0, segments_max - length(x)))
parameters <- c(derived, nrow(segments), padded(segments$start), padded(segments$drug_rate),
                padded(segments$margination))
starts <- segments$start[-1]

initial <- states$initial
margination <- 5 # position of the state
initial[margination] <- initial[margination] + segments$margination[1]

# hmax = 0: otherwise deSolve never steps further than from one output to the next
course <- function(solver, days, tolerance) {
  result <- solver$run(
    y = initial, times = days, func = "module_rates", parms = parameters, dllname = dll,
    initfunc = "module_open", jacfunc = solver$jacobian, jactype = solver$jactype,
    rtol = tolerance, atol = tolerance * states$scale, hmax = 0, maxsteps = 1e6,
    events = list(func = "module_event", time = starts))
  stopifnot(nrow(result) == length(days))
  result
}

errors <- function(result) {
  .C("module_score", as.integer(nrow(result)), as.double(result[, 1]),
     as.double(t(result[, -1])), as.double(derived), as.double(reference), error = double(3),
     PACKAGE = dll)$error
}

# mean of one run, in microseconds
seconds_at_least <- 0.3
microseconds <- function(run) {
  run()
  calls <- 0
  start <- proc.time()[["elapsed"]]
  repeat {
    for (i in 1:5) run()
    calls <- calls + 5
    passed <- proc.time()[["elapsed"]] - start
    if (passed >= seconds_at_least) {
      return(1e6 * passed / calls)
    }
  }
}

solvers <- list(
  list(name = "deSolve lsoda model in C", run = lsoda, jacobian = NULL, jactype = "fullint"),
  list(name = "deSolve lsode BDF model and Jacobian in C", run = lsode,
       jacobian = "module_jacobian", jactype = "fullusr"))

cat("solver,tolerance,microseconds,peak_error,day84_error,daily_error\n")
for (solver in solvers) {
  for (tolerance in tolerances) {
    # dense outputs for the peak only: they change the first step after a restart a little
    error <- c(errors(course(solver, dense, tolerance))[1],
               errors(course(solver, daily, tolerance))[2:3])
    time <- microseconds(function() course(solver, daily, tolerance))
    cat(sprintf("%s,%g,%.1f,%.2e,%.2e,%.2e\n", solver$name, tolerance, time, error[1], error[2],
                error[3]))
  }
}
