/* Installation check on built-in cases: is this build on this machine computing what it should? */
#ifndef STUDY_SELFTEST_H
#define STUDY_SELFTEST_H

#include "study/checks.h"

/* False only where the checks could not be run (memory); a check that fails stands in *out. */
bool study_selftest(int threads, study_checks *out, stepdose_error *error);

#endif
