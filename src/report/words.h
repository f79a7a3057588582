/* Plain words for what files call by short names. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "problem/problem.h"

enum { WORDS_SIZE = 64 };

/* "time_averaged_log10_kill" -> "time averaged log10 kill" */
void words_spaced(const char *name, char out[WORDS_SIZE]);
/* "IL-6 peak, first dose", "treatment burden, total mg max" */
void words_limit(const limit *l, char out[WORDS_SIZE]);
/* Amounts of a schedule before the horizon: "1/2/60/60/30 x2"; ends in ... if it is too long. */
void words_doses(const schedule *s, double horizon_days, char out[WORDS_SIZE]);
void words_days(const schedule *s, double horizon_days, char out[WORDS_SIZE]);
/* A paragraph: `head` in a column of its own, the rest broken at spaces within the page. */
void words_paragraph(const char *head, const char *body, text *out);
/* The same with a format. */
void words_line(text *out, const char *head, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
