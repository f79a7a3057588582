/* Event tables with repeated doses as ADDL and II: the same regimen as one record a dose. */
#include "regimen/event_fixture.h"
#include "regimen/event_random.h"

#include <stdlib.h>

TestSuite(event_compact, .init = open_table, .fini = close_table);

typedef void write_table(const schedule *doses, double horizon_days, text *out);

static void read_back(write_table *write, const schedule *written, schedule *read, const char *name)
{
  stepdose_error error = {0};
  text out = {0};
  write(written, problem.horizon_days, &out);
  cr_assert(!out.failed);
  put_bytes(out.bytes, out.length);
  text_free(&out);
  cr_assert(event_table_read(table_path, &problem, read, &error), "%s: %s", name, error.message);
}

static int count_lines(write_table *write, const schedule *doses)
{
  text out = {0};
  int n = 0;
  write(doses, problem.horizon_days, &out);
  for (const char *c = out.bytes; *c != 0; c++) {
    n += *c == '\n';
  }
  text_free(&out);
  return n;
}

/* As people plan: days, gaps and infusions are decimal numbers. */
static void make_decimal(random_stream *random, regimen_space *space)
{
  const double places = pow(10, floor(3 * random_uniform(random)));
  double *const days[] = {&space->maintenance.first_day.low, &space->maintenance.every_days.low};
  for (int i = 0; i < 2; i++) {
    *days[i] = floor(*days[i] * places) / places;
  }
  space->maintenance.first_day.high = space->maintenance.first_day.low;
  space->maintenance.every_days.high = space->maintenance.every_days.low;
}

Test(event_compact, random_regimens_read_the_same_as_from_one_record_a_dose)
{
  const uint64_t seed = 34;
  random_stream random = random_open(seed, 0);
  int doses = 0, records = 0;
  for (int trial = 0; trial < 1000; trial++) {
    regimen_space space = random_space(&random);
    static regimen_branch branch;
    schedule written, expanded, compact;
    char name[48];
    snprintf(name, sizeof name, "seed %d trial %d", (int)seed, trial);
    if (trial % 2 == 0) {
      make_decimal(&random, &space);
    }
    regimen_branch_open(&space, problem.horizon_days, 0, &branch);
    regimen_decode(&branch, NULL, &written);
    problem.regimen.route = space.route;
    read_back(event_table_write, &written, &expanded, name);
    read_back(event_table_write_compact, &written, &compact, name);
    cr_expect(same_schedule(&written, &compact), "%s, route %s", name, route_word(space.route));
    cr_expect(same_schedule(&expanded, &compact), "%s", name);
    doses += count_lines(event_table_write, &written);
    records += count_lines(event_table_write_compact, &written);
  }
  printf("%d doses as %d records\n", doses, records);
  cr_expect(records < doses, "%d doses as %d records: the comparison says little", doses, records);
}

/* Equal doses at equal intervals as a problem file says them need one record. */
Test(event_compact, maintenance_is_one_record_whatever_its_interval)
{
  static const double intervals[] = {7, 14, 21, 28, 3.5, 0.1, 10.3, 6.999};
  static const double firsts[] = {0, 21, 22.7, 0.3, 41.125};
  for (size_t i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
    for (size_t k = 0; k < sizeof firsts / sizeof firsts[0]; k++) {
      schedule doses = {0};
      for (int n = 0; n < 12 && firsts[k] + n * intervals[i] < problem.horizon_days; n++) {
        doses.doses[doses.n_doses++] = (dose){firsts[k] + n * intervals[i], 20, 0, ROUTE_SC};
      }
      cr_expect_eq(count_lines(event_table_write_compact, &doses), 2, "%g from %g: %d lines",
                   intervals[i], firsts[k], count_lines(event_table_write_compact, &doses));
    }
  }
}

Test(event_compact, the_label_like_schedule_is_written_as_expected)
{
  static const char expected[] = "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n"
                                 "1,0,1,6,1,1,0,0,0,1\n"
                                 "1,7,2,12,1,1,0,0,0,1\n"
                                 "1,14,60,360,1,1,0,0,0,1\n"
                                 "1,21,30,180,1,1,21,2,0,1\n";
  schedule doses = {7,
                    {{0, 1, 4.0 / 24.0, ROUTE_IV},
                     {7, 2, 4.0 / 24.0, ROUTE_IV},
                     {14, 60, 4.0 / 24.0, ROUTE_IV},
                     {21, 30, 4.0 / 24.0, ROUTE_IV},
                     {42, 30, 4.0 / 24.0, ROUTE_IV},
                     {63, 30, 4.0 / 24.0, ROUTE_IV},
                     {84, 30, 4.0 / 24.0, ROUTE_IV}}};
  text out = {0};
  event_table_write_compact(&doses, 84.0, &out);
  cr_assert(!out.failed);
  cr_expect_str_eq(out.bytes, expected);
  text_free(&out);
}

/* What NONMEM, mrgsolve and rxode2 make of a record, without our reader: the dose, and ADDL more of
 * it every II. */
static int expand(const char *table, double day[SCHEDULE_DOSES_MAX],
                  double amount[SCHEDULE_DOSES_MAX])
{
  int n = 0;
  for (const char *line = strchr(table, '\n') + 1; *line != 0; line = strchr(line, '\n') + 1) {
    double value[10];
    char *end = NULL;
    const char *at = line;
    for (int c = 0; c < 10; c++) {
      value[c] = strtod(at, &end);
      at = end + 1;
    }
    for (int k = 0; k <= (int)value[7]; k++) {
      day[n] = value[1] + value[6] * k;
      amount[n++] = value[2];
    }
  }
  return n;
}

Test(event_compact, others_that_expand_addl_and_ii_give_the_same_doses)
{
  const uint64_t seed = 35;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 300; trial++) {
    regimen_space space = random_space(&random);
    static regimen_branch branch;
    schedule doses;
    double day[SCHEDULE_DOSES_MAX], amount[SCHEDULE_DOSES_MAX];
    text out = {0};
    space.route = ROUTE_SC;
    make_decimal(&random, &space);
    regimen_branch_open(&space, problem.horizon_days, 0, &branch);
    regimen_decode(&branch, NULL, &doses);
    event_table_write_compact(&doses, problem.horizon_days, &out);
    const int n = expand(out.bytes, day, amount);
    cr_assert_eq(n, doses.n_doses, "seed %d trial %d: %d doses, not %d", (int)seed, trial, n,
                 doses.n_doses);
    for (int i = 0; i < n; i++) {
      int found = 0;
      for (int k = 0; k < n; k++) {
        found +=
            same_bits(doses.doses[k].day, day[i]) && same_bits(doses.doses[k].amount, amount[i]);
      }
      cr_expect(found > 0, "seed %d trial %d: dose %d of the table is none", (int)seed, trial, i);
    }
    text_free(&out);
  }
}

/* Their order on one day would change. */
Test(event_compact, doses_at_one_moment_stay_records_of_their_own)
{
  schedule doses = {6,
                    {{0, 20, 0, ROUTE_SC},
                     {0, 8, 0, ROUTE_DEXAMETHASONE},
                     {7, 8, 0, ROUTE_DEXAMETHASONE},
                     {7, 20, 0, ROUTE_SC},
                     {14, 20, 0, ROUTE_SC},
                     {14, 8, 0, ROUTE_DEXAMETHASONE}}};
  schedule read;
  problem.regimen.route = ROUTE_SC;
  read_back(event_table_write_compact, &doses, &read, "weekly");
  cr_expect(same_schedule(&doses, &read));
  cr_expect_eq(count_lines(event_table_write_compact, &doses), 7);
}
