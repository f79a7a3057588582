/* The part of the installation check that simulates. */
#ifndef STUDY_SELFTEST_MODEL_H
#define STUDY_SELFTEST_MODEL_H

#include "study/checks.h"

bool selftest_model(study_checks *out, stepdose_error *error);

#endif
