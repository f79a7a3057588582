/* Plain words for what files call by short names. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "regimen/regimen.h"

enum { WORDS_SIZE = 64 };

/* "1 dose", "2 doses" */
void words_count(long n, const char *one, char out[WORDS_SIZE]);
/* "tumour shrinkage on day 42"; the unit is that of the measure */
void words_measure(const goal *g, char out[WORDS_SIZE]);
/* "IL-6 peak, first dose", "total drug"; its two parts: "IL-6 peak", "first dose" or "" */
void words_limit(const limit *l, char out[WORDS_SIZE]);
void words_limit_subject(const limit *l, char out[WORDS_SIZE]);
void words_limit_window(const limit *l, char out[WORDS_SIZE]);
/* The same with its unit: "total drug (mg)", "visits" */
void words_limit_unit(const limit *l, char out[WORDS_SIZE]);
/* "dose of step 3", "first day of maintenance"; a parameter of the model by its name */
void words_variable(const regimen_variable *v, char out[WORDS_SIZE]);
/* "10 mg", "day 7", "21 days" */
void words_value(const regimen_variable *v, double value, char out[WORDS_SIZE]);
/* What rows about tumours of another size tell, and what not. */
extern const char words_other_tumours[];
/* What a limit leaves, from assessment_percent_left: "8.6 %", "over by 13.4 %", "50 x the limit" */
void words_left(double percent_left, char out[WORDS_SIZE]);
/* A percentage with digits enough to tell nearly all from all: "45.88", "-99.996" */
void words_percent(double percent, char out[WORDS_SIZE]);
/* A value of the goal: its percentages as words_percent, else four digits. */
void words_goal_value(const goal *g, double value, char out[WORDS_SIZE]);
/* "iv over 4 h", "sc"; without hours where they differ */
void words_route(const schedule *s, char out[WORDS_SIZE]);
const char *words_route_meaning(route r); /* "subcutaneous injection" */
double words_day(double day);             /* rounded to the ten-thousandth of a day, some seconds */
/* Amounts and days of a schedule before the horizon: "1/2/60/60/30 x2", at most `width` (<
 * WORDS_SIZE) characters; what is left out is shown by "/...". */
void words_doses(const schedule *s, double horizon_days, size_t width, char out[WORDS_SIZE]);
void words_days(const schedule *s, double horizon_days, size_t width, char out[WORDS_SIZE]);
/* Values of a design, in the order of the problem: "12.3/0.4" */
void words_design(const stepdose_problem *problem, const double *design, char out[WORDS_SIZE]);
/* Appends "dexamethasone 20 x3 mg on days -0.0417/6.958/13.96"; false where none is given. The two
 * functions above leave premedication out. */
bool words_premedication(const schedule *s, double horizon_days, route drug, text *out);
/* A name of at most `width` characters, cut visibly. */
void words_name(const char *name, size_t width, char out[WORDS_SIZE]);
/* A paragraph: `head` in a column of its own, the rest broken at spaces within the page. */
void words_paragraph(const char *head, const char *body, text *out);
/* The same with a format. */
void words_line(text *out, const char *head, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
