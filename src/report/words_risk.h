/* Plain words for what limits and goals ask of virtual patients. */
#ifndef REPORT_WORDS_RISK_H
#define REPORT_WORDS_RISK_H

#include "report/words.h"

enum { WORDS_RISK_SIZE = 512 };

/* "IL-6 peak, first dose: above 1000 pg/mL in at most 10 % of patients" */
void words_risk(const stepdose_problem *problem, const limit *l, char out[WORDS_RISK_SIZE]);
/* The same for a table, without window, share and stratum: "IL-6 peak > 1000 pg/mL" */
void words_risk_short(const limit *l, char out[WORDS_SIZE]);
/* The same of limit k, with its window where another limit of the problem reads alike. */
void words_risk_row(const stepdose_problem *problem, int k, char out[WORDS_SIZE]);
/* A risk or what it is compared with: "9.62 %" of a share of patients or a probability, else
 * "512 pg/mL"; "-" where there is none. */
void words_risk_value(const limit *l, double value, char out[WORDS_SIZE]);
/* "1000 pg/mL", "0.3" of a fraction, "10 %" of a probability, "6" of what its name already counts;
 * "-" where there is none. */
void words_bound(const limit *l, double value, char out[WORDS_SIZE]);
/* "8.4 to 11.0 %" in the same unit; "-" where there is none. */
void words_risk_interval(const limit *l, double low, double high, char out[WORDS_SIZE]);
/* Where a risk counts: "dose 3", "course", "days 7-21", "" of burden. */
void words_risk_window(const limit *l, int window, char out[WORDS_SIZE]);
/* "mean over the patients", "10 % quantile of the patients" */
void words_statistic(const goal *g, char out[WORDS_SIZE]);

#endif
