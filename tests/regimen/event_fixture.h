/* A table on disk, and the problem that it is read for. */
#ifndef TESTS_REGIMEN_EVENT_FIXTURE_H
#define TESTS_REGIMEN_EVENT_FIXTURE_H

#include "regimen/event_table.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define HEADER "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n"
#define GOOD "1,0,1,6,1,1,0,0,0,1\n"

static stepdose_problem problem;
static char table_path[] = "/tmp/stepdose-event-table-XXXXXX";

static inline void open_table(void)
{
  int descriptor = mkstemp(table_path);
  cr_assert(descriptor >= 0);
  close(descriptor);
  problem.horizon_days = 84.0;
  problem.regimen.route = ROUTE_IV;
  problem.model = model_find("synapse"); /* follows all premedication */
  cr_assert(problem.model != NULL);
}

static inline void close_table(void) { unlink(table_path); }

static inline void put_bytes(const char *bytes, size_t length)
{
  FILE *file = fopen(table_path, "wb");
  cr_assert(file != NULL);
  cr_assert(fwrite(bytes, 1, length, file) == length);
  cr_assert(fclose(file) == 0);
}

#endif
