/* Event tables that cannot be simulated are refused with their place. */
#include "base/allocate.h"
#include "base/random.h"
#include "regimen/event_fixture.h"

#include <math.h>

TestSuite(event_refusals, .init = open_table, .fini = close_table);

static const struct malformed {
  const char *name;
  route route;
  const char *table;
  int line, column;
  const char *says; /* in the message */
} malformed[] = {
    {"empty file", ROUTE_IV, "", 1, 0, "no header"},
    {"comments only", ROUTE_IV, "# nothing\n# here\n", 3, 0, "no header"},
    {"no header", ROUTE_IV, GOOD, 1, 0, "no column TIME"},
    {"no AMT", ROUTE_IV, "ID,TIME,EVID\n1,0,1\n", 1, 0, "no column AMT"},
    {"no EVID", ROUTE_IV, "ID,TIME,AMT\n1,0,1\n", 1, 0, "no column EVID"},
    {"TIME twice", ROUTE_IV, "TIME,AMT,time,EVID\n0,1,0,1\n", 1, 10, "TIME twice"},
    {"no dose", ROUTE_IV, HEADER, 2, 0, "no dose"},
    {"observations only", ROUTE_IV, HEADER "1,0,0,0,0,1,0,0,0,0\n", 3, 0, "no dose"},
    {"at the horizon", ROUTE_IV, HEADER "1,84,1,6,1,1,0,0,0,1\n", 2, 3, "horizon of 84 days"},
    {"time in hours", ROUTE_IV, HEADER GOOD "1,168,2,12,1,1,0,0,0,1\n", 3, 3, "TIME is 168"},
    {"interval in hours", ROUTE_IV, HEADER "1,0,1,6,1,1,168,1,0,1\n", 2, 17, "the last of these"},
    {"repeats without end", ROUTE_SC, HEADER "1,0,5,0,1,2,30,100000,0,1\n", 2, 16, "horizon"},
    {"rate per hour", ROUTE_IV, HEADER "1,0,1,0.25,1,1,0,0,0,1\n", 2, 7, "an infusion of 96 h"},
    {"rate per hour, continuous", ROUTE_CIV, HEADER "1,0,35,0.2,1,1,0,0,0,1\n", 2, 8, "ends after"},
    {"no end", ROUTE_IV, HEADER "1,0,1,1e-300,1,1,0,0,0,1\n", 2, 7, "an infusion of"},
    {"infusion of seconds", ROUTE_IV, HEADER "1,0,1,1e5,1,1,0,0,0,1\n", 2, 7, "an infusion of"},
    {"huge amount", ROUTE_IV, HEADER "1,0,1e300,6e300,1,1,0,0,0,1\n", 2, 5, "a dose of 1e+300 mg"},
    {"amount in ng", ROUTE_SC, HEADER "1,0,10001,0,1,2,0,0,0,1\n", 2, 5, "a dose of 10001 mg"},
    {"tiny amount", ROUTE_SC, HEADER "1,0,1e-7,0,1,2,0,0,0,1\n", 2, 5, "AMT is 1e-07"},
    {"huge rate", ROUTE_CIV, HEADER "1,0,7e5,100001,1,1,0,0,0,1\n", 2, 9, "a rate of 100001"},
    {"field missing", ROUTE_IV, HEADER GOOD "1,7,1,6,1,1,0,0,0\n", 3, 1, "9 fields"},
    {"field too many", ROUTE_IV, HEADER GOOD "1,7,1,6,1,1,0,0,0,1,\n", 3, 21, "11 fields"},
    {"word for a number", ROUTE_IV, HEADER GOOD "1,seven,1,6,1,1,0,0,0,1\n", 3, 3, "\"seven\""},
    {"unit behind a number", ROUTE_IV, HEADER "1,0,1mg,6,1,1,0,0,0,1\n", 2, 5, "\"1mg\""},
    {"hexadecimal", ROUTE_IV, HEADER "1,0,0x10,6,1,1,0,0,0,1\n", 2, 5, "AMT"},
    {"not finite", ROUTE_IV, HEADER "1,0,1e999,6,1,1,0,0,0,1\n", 2, 5, "AMT"},
    {"nan", ROUTE_IV, HEADER "1,nan,1,6,1,1,0,0,0,1\n", 2, 3, "TIME"},
    {"TIME left out", ROUTE_IV, HEADER "1,.,1,6,1,1,0,0,0,1\n", 2, 3, "TIME"},
    {"EVID left out", ROUTE_IV, HEADER "1,0,1,6,,1,0,0,0,1\n", 2, 9, "EVID"},
    {"negative time", ROUTE_IV, HEADER "1,-7,1,6,1,1,0,0,0,1\n", 2, 3, "not negative"},
    {"times fall", ROUTE_IV, HEADER "1,7,1,6,1,1,0,0,0,1\n" GOOD, 3, 3, "do not decrease"},
    {"two patients", ROUTE_IV, HEADER GOOD "2,7,1,6,1,1,0,0,0,1\n", 3, 1, "one patient"},
    {"no amount", ROUTE_IV, HEADER "1,0,0,0,1,1,0,0,0,1\n", 2, 5, "needs an amount"},
    {"amount left out", ROUTE_IV, HEADER "1,0,.,0,1,1,0,0,0,1\n", 2, 5, "needs an amount"},
    {"negative amount", ROUTE_IV, HEADER "1,0,-1,6,1,1,0,0,0,1\n", 2, 5, "needs an amount"},
    {"rate of the model", ROUTE_IV, HEADER "1,0,1,-1,1,1,0,0,0,1\n", 2, 7, "RATE is -1"},
    {"duration of the model", ROUTE_IV, HEADER "1,0,1,-2,1,1,0,0,0,1\n", 2, 7, "RATE is -2"},
    {"rate of nothing", ROUTE_IV, HEADER "1,0,1,1e-320,1,1,0,0,0,1\n", 2, 7, "no duration"},
    {"steady state", ROUTE_IV, HEADER "1,0,1,6,1,1,7,0,1,1\n", 2, 17, "steady state"},
    {"depot for blood", ROUTE_IV, HEADER "1,0,1,6,1,2,0,0,0,1\n", 2, 11, "CMT is 2"},
    {"blood for depot", ROUTE_SC, HEADER "1,0,1,0,1,1,0,0,0,1\n", 2, 11, "CMT is 1"},
    {"injection with a rate", ROUTE_SC, HEADER "1,0,1,6,1,2,0,0,0,1\n", 2, 7, "has no rate"},
    {"infusion without", ROUTE_CIV, HEADER "1,0,35,0,1,1,0,0,0,1\n", 2, 8, "needs a rate"},
    {"reset", ROUTE_IV, HEADER GOOD "1,7,0,0,3,1,0,0,0,1\n", 3, 9, "EVID is 3"},
    {"reset and dose", ROUTE_IV, HEADER GOOD "1,7,1,6,4,1,0,0,0,1\n", 3, 9, "EVID is 4"},
    {"half a repeat", ROUTE_IV, HEADER "1,0,1,6,1,1,7,1.5,0,1\n", 2, 15, "ADDL is 1.5"},
    {"negative repeat", ROUTE_IV, HEADER "1,0,1,6,1,1,7,-1,0,1\n", 2, 15, "ADDL is -1"},
    {"repeat at once", ROUTE_IV, HEADER "1,0,1,6,1,1,0,3,0,1\n", 2, 13, "need an interval"},
    {"interval alone", ROUTE_IV, HEADER "1,0,1,6,1,1,7,0,0,1\n", 2, 13, "no further dose"},
    {"premedication too early", ROUTE_IV, HEADER "1,-30.5,20,0,1,3,0,0,0,1\n" GOOD, 2, 3,
     "too early"},
    {"unknown premedication", ROUTE_IV, HEADER GOOD "1,7,20,0,1,6,0,0,0,1\n", 3, 12, "CMT is 6"},
    {"premedication of a ton", ROUTE_IV, HEADER GOOD "1,7,1e9,0,1,4,0,0,0,1\n", 3, 5, "AMT is"},
    {"observation before the start", ROUTE_IV, HEADER "1,-1,0,0,0,3,0,0,0,1\n" GOOD, 2, 3,
     "not negative"},
    {"premedication alone", ROUTE_IV, HEADER "1,0,20,0,1,3,0,0,0,1\n", 3, 0, "no dose"},
    {"two durations", ROUTE_IV, "TIME,AMT,RATE,EVID,DUR\n0,2,8,1,0.5\n", 2, 9, "DUR is 0.5"},
    {"duration that a model estimates", ROUTE_IV, "TIME,AMT,EVID,DUR\n0,2,1,-2\n", 2, 7,
     "DUR is -2"},
    {"injection with a duration", ROUTE_SC, "TIME,AMT,EVID,DUR\n0,2,1,0.5\n", 2, 7, "has no rate"},
    {"duration in hours", ROUTE_IV, "TIME,AMT,EVID,DUR\n0,2,1,4\n", 2, 7, "an infusion of 96 h"},
    {"duration twice", ROUTE_IV, "TIME,AMT,EVID,DUR,TINF\n0,2,1,4,4\n", 1, 19, "DUR twice"},
    {"compartment turned off", ROUTE_IV, HEADER GOOD "1,7,0,0,2,-1,0,0,0,1\n", 3, 11, "turned off"},
    {"replacement of rxode2", ROUTE_IV, HEADER GOOD "1,7,1,6,5,1,0,0,0,1\n", 3, 9, "EVID is 5"},
    {"replacement of mrgsolve", ROUTE_IV, HEADER GOOD "1,7,1,6,8,1,0,0,0,1\n", 3, 9, "EVID is 8"},
    {"compartment by its name", ROUTE_IV, "TIME,AMT,EVID,CMT\n0,2,1,central\n", 2, 7,
     "\"central\""},
    {"comment of NONMEM", ROUTE_IV, "C,TIME,AMT,EVID\n.,0,1,1\nC,7,2,1\n", 3, 1, "marked C"},
    {"comment in a later column", ROUTE_IV, "TIME,AMT,EVID,C\n0,1,1,.\n7,2,1,C\n", 3, 7,
     "marked C"},
    {"comment in front of a patient", ROUTE_IV, HEADER GOOD "C,7,1,6,1,1,0,0,0,1\n", 3, 1,
     "marked C"},
    {"observation with an amount", ROUTE_IV, HEADER GOOD "1,7,2,6,0,1,0,0,0,1\n", 3, 5,
     "only records with EVID 1"},
    {"other event with an amount", ROUTE_IV, HEADER GOOD "1,7,2,6,2,1,0,0,0,1\n", 3, 5,
     "only records with EVID 1"},
    {"too many", ROUTE_IV, HEADER GOOD "1,0,1,6,1,1,0.5,99,0,1\n", 3, 5, "too many"},
};

Test(event_refusals, each_malformed_table_is_refused_at_its_place)
{
  for (size_t i = 0; i < sizeof malformed / sizeof malformed[0]; i++) {
    const struct malformed *m = &malformed[i];
    schedule read;
    stepdose_error error = {0};
    problem.regimen.route = m->route;
    put_bytes(m->table, strlen(m->table));
    cr_assert(!event_table_read(table_path, &problem, &read, &error), "%s was accepted", m->name);
    cr_expect(error.code == STEPDOSE_EVENT_TABLE, "%s: code %d", m->name, (int)error.code);
    cr_expect(strcmp(error.file, table_path) == 0, "%s: file %s", m->name, error.file);
    cr_expect(error.line == m->line && error.column == m->column, "%s: at %d:%d", m->name,
              error.line, error.column);
    cr_expect(strstr(error.message, m->says) != NULL, "%s: %s", m->name, error.message);
    cr_expect(error.remedy[0] != 0, "%s has no remedy", m->name);
  }
}

Test(event_refusals, a_zero_byte_is_refused)
{
  static const char table[] = HEADER "1,0,1\0,6,1,1,0,0,0,1\n";
  schedule read;
  stepdose_error error = {0};
  put_bytes(table, sizeof table - 1);
  cr_assert(!event_table_read(table_path, &problem, &read, &error));
  cr_expect(error.code == STEPDOSE_EVENT_TABLE && error.line == 2, "line %d", error.line);
}

Test(event_refusals, a_missing_file_is_an_input_error)
{
  schedule read;
  stepdose_error error = {0};
  cr_assert(!event_table_read("/nonexistent/regimen.csv", &problem, &read, &error));
  cr_expect(error.code == STEPDOSE_INPUT_OUTPUT, "code %d", (int)error.code);
}

Test(event_refusals, broken_bytes_are_refused_or_give_doses_that_can_be_simulated)
{
  static const char table[] = HEADER "1,0,1,6,1,1,0,0,0,1\n1,7,2,12,1,1,7,1,0,1\n";
  static const char marks[] = "0123456789.,-+eE#@\"\n\r\t \0nNaA\xff";
  const uint64_t seed = 33;
  random_stream random = random_open(seed, 0);
  int accepted = 0;
  for (int trial = 0; trial < 2000; trial++) {
    char broken[sizeof table];
    memcpy(broken, table, sizeof table);
    int changes = 1 + (int)(3.0 * random_uniform(&random));
    for (int k = 0; k < changes; k++) {
      size_t place = (size_t)(random_uniform(&random) * (double)(sizeof table - 1));
      broken[place] = marks[(size_t)(random_uniform(&random) * (double)sizeof marks)];
    }
    schedule read;
    stepdose_error error = {0};
    put_bytes(broken, sizeof table - 1);
    bool done = event_table_read(table_path, &problem, &read, &error);
    accepted += done ? 1 : 0;
    cr_expect(done || error.code == STEPDOSE_EVENT_TABLE, "seed %d trial %d", (int)seed, trial);
    for (int d = 0; done && d < read.n_doses; d++) {
      const dose *x = &read.doses[d];
      bool usable = x->day >= 0.0 && x->day < 84.0 && x->amount > 0.0 && isfinite(x->amount) &&
                    x->duration_days >= 0.0 && isfinite(x->duration_days);
      cr_expect(usable, "seed %d trial %d dose %d", (int)seed, trial, d);
    }
  }
  cr_expect(accepted > 0 && accepted < 2000, "%d accepted", accepted);
}

Test(event_refusals, without_memory_nothing_is_read)
{
  schedule read;
  stepdose_error error = {0};
  put_bytes(HEADER GOOD, strlen(HEADER GOOD));
  allocate_fail_after(0, 1);
  bool done = event_table_read(table_path, &problem, &read, &error);
  allocate_fail_after(-1, 0);
  cr_assert(!done);
  cr_expect(error.code == STEPDOSE_NO_MEMORY, "code %d", (int)error.code);
}

/* Compartments as documented: 3 dexamethasone, 4 tocilizumab, 5 obinutuzumab. */
Test(event_refusals, premedication_that_the_model_does_not_follow_is_refused_by_its_name)
{
  static const struct {
    const char *table;
    int line, column;
  } cases[] = {
      {HEADER GOOD "1,7,20,0,1,3,0,0,0,1\n", 3, 12},
      {HEADER "1,-0.04,20,0,1,3,0,0,0,1\n" GOOD, 2, 16}, /* days before 0 are not at fault */
  };
  problem.model = model_find("hosseini2020");
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    schedule read;
    stepdose_error error = {0};
    put_bytes(cases[i].table, strlen(cases[i].table));
    cr_assert(!event_table_read(table_path, &problem, &read, &error));
    cr_expect(error.line == cases[i].line && error.column == cases[i].column, "%d:%d", error.line,
              error.column);
    cr_expect(strstr(error.message, "CMT is 3") != NULL &&
                  strstr(error.message, "dexamethasone") != NULL &&
                  strstr(error.message, "hosseini2020") != NULL,
              "%s", error.message);
  }
}
