/* Evaluations on disk: an interrupted run answers from it what it had already computed. Because an
 * evaluation is a function of its values and engines are deterministic, a resumed run takes the
 * same path and ends in the same bits. Records carry a checksum; reading stops at the first torn
 * one and the file is cut there.
 *
 * File, in the byte order of the machine: magic (8 bytes), version and length of the identity (two
 * int32), identity, checksum (FNV-1a, 64 bits). Then records: branch, n_variables (int32), values
 * (double), n_constraints, failed (int32), goal, constraints (double), checksum. */
#ifndef OPTIMIZE_JOURNAL_H
#define OPTIMIZE_JOURNAL_H

#include "base/error.h"

typedef struct search_journal search_journal;

/* The first eight bytes of every journal. */
#define JOURNAL_MAGIC "SDJRNL\r\n"

/* Opens or creates the journal of a run. `identity` (hash of problem, seed and version) must agree
 * with an existing file, else RUN_EXISTS; so it is while another process has the journal open. */
search_journal *journal_open(const char *path, const char *identity, stepdose_error *error);

/* branch: which search of the run. Thread-safe. True: goal and constraint were filled from what the
 * file held when it was opened (not from what was added since, so that counts of answers do not
 * depend on the order of threads). *failed tells that this evaluation had failed: goal and
 * constraints then mean nothing. */
bool journal_find(search_journal *j, int branch, int n_variables, const double *value,
                  int n_constraints, double *goal, double *constraint, bool *failed);
/* Appends; an error is kept and reported by journal_close. Thread-safe. */
void journal_add(search_journal *j, int branch, int n_variables, const double *value,
                 int n_constraints, double goal, const double *constraint, bool failed);
void journal_branch(search_journal *j, int branch); /* of the calls that a search makes */
int journal_current_branch(const search_journal *j);
long journal_count(search_journal *j); /* records read and added; duplicates count */
bool journal_close(search_journal *j, stepdose_error *error); /* syncs; j may be NULL */

#endif
