# Reads the tables of a stepdose run, with nothing but base R.
#
# usage: Rscript read_run.R RUN_DIRECTORY
#
# Prints the regimen, the largest and last value of every output, and what was found at each dose.

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) {
  stop("usage: Rscript read_run.R RUN_DIRECTORY")
}
run <- arguments[1]
options(width = 100)

regimen_file <- file.path(run, "regimen.csv")
if (file.exists(regimen_file)) { # otherwise no regimen was found
  print(read.csv(regimen_file)[, c("TIME", "AMT", "RATE", "CMT")])
}

trajectories <- read.csv(file.path(run, "trajectories.csv"))
courses <- split(trajectories, list(trajectories$output, trajectories$statistic), drop = TRUE)
summary_of <- function(course) {
  peak <- which.max(course$value)
  data.frame(output = course$output[1], statistic = course$statistic[1],
             largest = course$value[peak], on_day = course$day[peak],
             last = course$value[which.max(course$day)], unit = course$unit[1])
}
print(do.call(rbind, c(lapply(courses, summary_of), make.row.names = FALSE)), digits = 4)

print(read.csv(file.path(run, "endpoints.csv")), digits = 4)
