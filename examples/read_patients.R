# Reads the virtual patients of a stepdose run, with nothing but base R.
#
# usage: Rscript read_patients.R RUN_DIRECTORY
#
# Prints percentiles and mean of every endpoint, counted anew from patients.csv with the weights of
# the patients, and how many exceed a limit on their own values. (result.json needs a package that
# reads JSON.)

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 1) {
  stop("usage: Rscript read_patients.R RUN_DIRECTORY")
}
options(width = 120)

patients <- read.csv(file.path(arguments[1], "patients.csv"))
simulated <- patients[patients$simulated, ]
cat(nrow(patients), "patients drawn,", sum(patients$weight > 0), "plausible,",
    sum(simulated$limits_exceeded > 0), "beyond a limit on their own values\n\n")

# The smallest value with at least this share of the weight up to it.
percentile <- function(value, weight, share) {
  order <- order(value)
  below <- cumsum(weight[order])
  value[order][which(below >= share * sum(weight) * (1 - 1e-9))[1]]
}

summary_of <- function(column) {
  known <- !is.na(simulated[[column]])
  value <- simulated[[column]][known]
  weight <- simulated$weight[known]
  found <- c(p5 = percentile(value, weight, 0.05), median = percentile(value, weight, 0.5),
             p95 = percentile(value, weight, 0.95), mean = sum(value * weight) / sum(weight))
  c(column = column, formatC(found, digits = 4, format = "g"))
}
columns <- setdiff(names(simulated), c("patient", "weight", "simulated"))
columns <- columns[sapply(columns, function(column) any(!is.na(simulated[[column]])))]
print(data.frame(do.call(rbind, lapply(columns, summary_of))), row.names = FALSE)
