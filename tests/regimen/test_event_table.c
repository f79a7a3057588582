/* NONMEM event records: what is written reads back to the same bits; what cannot be simulated is
 * refused with its place. */
#include "base/allocate.h"
#include "base/file.h"
#include "base/number.h"
#include "base/random.h"
#include "regimen/event_table.h"
#include "regimen/regimen.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static stepdose_problem problem;
static char table_path[] = "/tmp/stepdose-event-table-XXXXXX";

static void open_table(void)
{
  int descriptor = mkstemp(table_path);
  cr_assert(descriptor >= 0);
  close(descriptor);
  problem.horizon_days = 84.0;
  problem.regimen.route = ROUTE_IV;
  problem.model = model_find("synapse"); /* follows all premedication */
  cr_assert(problem.model != NULL);
}

static void close_table(void) { unlink(table_path); }

TestSuite(event_table, .init = open_table, .fini = close_table);

static void put_bytes(const char *bytes, size_t length)
{
  FILE *file = fopen(table_path, "wb");
  cr_assert(file != NULL);
  cr_assert(fwrite(bytes, 1, length, file) == length);
  cr_assert(fclose(file) == 0);
}

static bool read_back(const schedule *written, schedule *read, stepdose_error *error)
{
  text out = {0};
  event_table_write(written, problem.horizon_days, &out);
  cr_assert(!out.failed);
  put_bytes(out.bytes, out.length);
  text_free(&out);
  return event_table_read(table_path, &problem, read, error);
}

static bool same_bits(double a, double b) { return number_bits(a) == number_bits(b); }

static bool same_schedule(const schedule *a, const schedule *b)
{
  bool same = a->n_doses == b->n_doses;
  for (int i = 0; same && i < a->n_doses; i++) {
    const dose *x = &a->doses[i], *y = &b->doses[i];
    same = same_bits(x->day, y->day) && same_bits(x->amount, y->amount) &&
           same_bits(x->duration_days, y->duration_days) && x->route == y->route;
  }
  return same;
}

static decision between(random_stream *random, double low, double high)
{
  double a = low + (high - low) * random_uniform(random);
  return (decision){.given = true, .low = a, .high = a};
}

/* Up to three drugs, before, with and after doses. */
static void add_premedication(random_stream *random, regimen_space *space)
{
  static const route drugs[] = {ROUTE_DEXAMETHASONE, ROUTE_TOCILIZUMAB, ROUTE_DEPLETER};
  space->n_premedication = (int)(random_uniform(random) * 4.0);
  for (int i = 0; i < space->n_premedication; i++) {
    premedication *m = &space->premedication[i];
    *m = (premedication){.drug = drugs[i], .dose_mg = 0.1 + 1000.0 * random_uniform(random)};
    m->on_day = random_uniform(random) < 0.3;
    m->day = -30.0 + 60.0 * random_uniform(random);
    m->with = (with_doses)(random_uniform(random) * WITH_DOSES_COUNT);
    m->hours_before = 100.0 * random_uniform(random) - 50.0;
  }
}

/* Any route, days with all their digits, infusions of 0.1 to 24 h in steps of 0.1 h. */
static regimen_space random_space(random_stream *random)
{
  route r = (route)(random_uniform(random) * PROBLEM_ENGAGER_ROUTES);
  regimen_space space = {.route = r, .n_steps = 1 + (int)(random_uniform(random) * 8.0)};
  space.infusion_h = floor(1.0 + random_uniform(random) * 239.0) / 10.0;
  for (int i = 0; i < space.n_steps; i++) {
    space.step[i].day = between(random, 0.0, 84.0);
    space.step[i].amount = between(random, 0.01, 80.0);
  }
  space.has_maintenance = random_uniform(random) < 0.5;
  space.maintenance.first_day = between(random, 30.0, 70.0);
  space.maintenance.every_days = between(random, 2.0, 10.0);
  space.maintenance.amount = between(random, 0.01, 80.0);
  space.maintenance.doses = (int)(random_uniform(random) * 20.0);
  space.step_ratio_max = INFINITY;
  add_premedication(random, &space);
  return space;
}

Test(event_table, random_regimens_read_back_to_the_same_bits)
{
  const uint64_t seed = 31;
  random_stream random = random_open(seed, 0);
  for (int trial = 0; trial < 1000; trial++) {
    regimen_space space = random_space(&random);
    static regimen_branch branch;
    schedule written, read;
    stepdose_error error = {0};
    regimen_branch_open(&space, problem.horizon_days, 0, &branch);
    regimen_decode(&branch, NULL, &written);
    problem.regimen.route = space.route;
    cr_assert(read_back(&written, &read, &error), "seed %d trial %d: %s", (int)seed, trial,
              error.message);
    cr_expect(same_schedule(&written, &read), "seed %d trial %d, route %s", (int)seed, trial,
              route_word(space.route));
  }
}

/* Durations with arbitrary bits cannot always be a quotient of doubles: they come back to a unit in
 * the last place; days and amounts to the bit. */
Test(event_table, arbitrary_durations_read_back_to_the_last_place)
{
  const uint64_t seed = 32;
  random_stream random = random_open(seed, 0);
  double worst = 0.0;
  for (int trial = 0; trial < 1000; trial++) {
    route r = random_uniform(&random) < 0.5 ? ROUTE_IV : ROUTE_CIV;
    schedule read, written = {.n_doses = 1};
    stepdose_error error = {0};
    written.doses[0] = (dose){80.0 * random_uniform(&random), 60.0 * random_uniform(&random),
                              3.0 * random_uniform(&random), r};
    problem.regimen.route = r;
    cr_assert(read_back(&written, &read, &error), "seed %d trial %d: %s", (int)seed, trial,
              error.message);
    const dose *a = &written.doses[0], *b = &read.doses[0];
    cr_expect(same_bits(a->day, b->day) && same_bits(a->amount, b->amount), "trial %d", trial);
    worst = fmax(worst, fabs(b->duration_days / a->duration_days - 1.0));
  }
  cr_expect(worst <= 2.3e-16, "seed %d, worst relative difference %g", (int)seed, worst);
}

Test(event_table, the_label_like_schedule_is_written_as_expected)
{
  static const char expected[] = "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n"
                                 "1,0,1,6,1,1,0,0,0,1\n"
                                 "1,7,2,12,1,1,0,0,0,1\n"
                                 "1,14,60,360,1,1,0,0,0,1\n";
  schedule doses = {4,
                    {{0, 1, 4.0 / 24.0, ROUTE_IV},
                     {7, 2, 4.0 / 24.0, ROUTE_IV},
                     {14, 60, 4.0 / 24.0, ROUTE_IV},
                     {84, 60, 4.0 / 24.0, ROUTE_IV}}};
  text out = {0};
  event_table_write(&doses, 84.0, &out);
  cr_assert(!out.failed);
  cr_expect(strcmp(out.bytes, expected) == 0, "%s", out.bytes);
  text_free(&out);
}

Test(event_table, a_continuous_infusion_is_written_up_to_the_horizon)
{
  static const char expected[] = "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n"
                                 "1,0,35,5,1,1,0,0,0,1\n"
                                 "1,7,735,15,1,1,0,0,0,1\n";
  schedule doses = {2, {{0, 5, 7, ROUTE_CIV}, {7, 15, INFINITY, ROUTE_CIV}}};
  text out = {0};
  event_table_write(&doses, 56.0, &out);
  cr_assert(!out.failed);
  cr_expect(strcmp(out.bytes, expected) == 0, "%s", out.bytes);
  text_free(&out);
}

/* Tables that others write: each must read as `n` doses of the given days and amounts. */
Test(event_table, records_of_other_tools_are_understood)
{
  static const struct {
    const char *name;
    route route;
    const char *table;
    int n;
    double day[6], amount[6], duration;
  } cases[] = {
      {"ADDL and II",
       ROUTE_IV,
       "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n1,0,1,6,1,1,0,0,0,1\n1,21,20,120,1,1,21,2,0,1\n",
       4,
       {0, 21, 42, 63},
       {1, 20, 20, 20},
       4.0 / 24.0},
      {"ADDL up to the horizon",
       ROUTE_SC,
       "ID,TIME,AMT,EVID,CMT,II,ADDL\n1,0,5,1,2,30,2\n",
       3,
       {0, 30, 60},
       {5, 5, 5},
       0.0},
      {"ADDL between later records",
       ROUTE_SC,
       "TIME,AMT,EVID,II,ADDL\n0,5,1,7,2\n10,8,1,0,0\n",
       4,
       {0, 7, 10, 14},
       {5, 5, 8, 5},
       0.0},
      {"small letters, other order, further columns",
       ROUTE_IV,
       "cmt,Amt,time,WT,evid,rate\n1,2,7,81.5,1,12\n",
       1,
       {7},
       {2},
       4.0 / 24.0},
      {"quotes and row names of R's write.csv, carriage returns",
       ROUTE_IV,
       "\"\",\"ID\",\"TIME\",\"AMT\",\"RATE\",\"EVID\"\r\n\"1\",1,0,2,12,1\r\n",
       1,
       {0},
       {2},
       4.0 / 24.0},
      {"comments, blanks, marked header",
       ROUTE_IV,
       "# made by hand, TIME in days\n#ID,TIME,AMT,EVID\n\n @not a comment",
       -1,
       {0},
       {0},
       0.0},
      {"header behind an IGNORE mark",
       ROUTE_IV,
       "# made by hand, time in days\n#ID,TIME,AMT,EVID\n\n# first\n 1 , 0 , 2 , 1 \n@second\n",
       1,
       {0},
       {2},
       0.0},
      {"observations and other events are skipped",
       ROUTE_IV,
       "ID,TIME,AMT,EVID\n1,0,.,0\n1,0,2,1\n1,1,,2\n1,2,NA,0\n",
       1,
       {0},
       {2},
       0.0},
      {"byte order mark", ROUTE_IV, "\xEF\xBB\xBFID,TIME,AMT,EVID\n1,0,2,1", 1, {0}, {2}, 0.0},
      {"rate in ug/m2/day", ROUTE_CIV, "TIME,AMT,RATE,EVID\n3,35,5,1\n", 1, {3}, {5}, 7.0},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    schedule read;
    stepdose_error error = {0};
    problem.regimen.route = cases[i].route;
    put_bytes(cases[i].table, strlen(cases[i].table));
    bool done = event_table_read(table_path, &problem, &read, &error);
    if (cases[i].n < 0) {
      cr_expect(!done, "%s", cases[i].name);
      continue;
    }
    cr_assert(done, "%s: %d:%d %s", cases[i].name, error.line, error.column, error.message);
    cr_assert(read.n_doses == cases[i].n, "%s: %d doses", cases[i].name, read.n_doses);
    for (int d = 0; d < cases[i].n; d++) {
      const dose *found = &read.doses[d];
      cr_expect(found->day == cases[i].day[d], "%s, dose %d", cases[i].name, d);
      cr_expect(found->amount == cases[i].amount[d], "%s, dose %d", cases[i].name, d);
      cr_expect(found->duration_days == cases[i].duration, "%s, dose %d", cases[i].name, d);
      cr_expect(found->route == cases[i].route, "%s, dose %d", cases[i].name, d);
    }
  }
}

#define HEADER "ID,TIME,AMT,RATE,EVID,CMT,II,ADDL,SS,MDV\n"
#define GOOD "1,0,1,6,1,1,0,0,0,1\n"

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
    {"too many", ROUTE_IV, HEADER GOOD "1,0,1,6,1,1,0.5,99,0,1\n", 3, 5, "too many"},
};

Test(event_table, each_malformed_table_is_refused_at_its_place)
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

Test(event_table, a_zero_byte_is_refused)
{
  static const char table[] = HEADER "1,0,1\0,6,1,1,0,0,0,1\n";
  schedule read;
  stepdose_error error = {0};
  put_bytes(table, sizeof table - 1);
  cr_assert(!event_table_read(table_path, &problem, &read, &error));
  cr_expect(error.code == STEPDOSE_EVENT_TABLE && error.line == 2, "line %d", error.line);
}

Test(event_table, a_missing_file_is_an_input_error)
{
  schedule read;
  stepdose_error error = {0};
  cr_assert(!event_table_read("/nonexistent/regimen.csv", &problem, &read, &error));
  cr_expect(error.code == STEPDOSE_INPUT_OUTPUT, "code %d", (int)error.code);
}

Test(event_table, broken_bytes_are_refused_or_give_doses_that_can_be_simulated)
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

Test(event_table, without_memory_nothing_is_read)
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
Test(event_table, premedication_has_compartments_of_its_own)
{
  static const struct {
    const char *record;
    dose given;
  } cases[] = {
      {"1,-0.5,20,0,1,3,0,0,0,1\n", {-0.5, 20, 0, ROUTE_DEXAMETHASONE}},
      {"1,-30,560,13440,1,4,0,0,0,1\n", {-30, 560, 1.0 / 24, ROUTE_TOCILIZUMAB}},
      {"1,-7,1000,0,1,5,0,0,0,1\n", {-7, 1000, 0, ROUTE_DEPLETER}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char bytes[256];
    schedule read;
    stepdose_error error = {0};
    problem.regimen.route = ROUTE_IV;
    snprintf(bytes, sizeof bytes, HEADER "%s" GOOD, cases[i].record);
    put_bytes(bytes, strlen(bytes));
    cr_assert(event_table_read(table_path, &problem, &read, &error), "%s: %s", bytes,
              error.message);
    cr_assert(read.n_doses == 2 && schedule_engager_doses(&read) == 1);
    const dose *found = &read.doses[0];
    cr_expect(found->route == cases[i].given.route && found->day == cases[i].given.day, "%s",
              bytes);
    cr_expect(found->amount == cases[i].given.amount &&
                  found->duration_days == cases[i].given.duration_days,
              "%s", bytes);
  }
}

Test(event_table, premedication_that_the_model_does_not_follow_is_refused)
{
  schedule read;
  stepdose_error error = {0};
  problem.model = model_find("hosseini2020");
  put_bytes(HEADER GOOD "1,7,20,0,1,3,0,0,0,1\n", strlen(HEADER GOOD "1,7,20,0,1,3,0,0,0,1\n"));
  cr_assert(!event_table_read(table_path, &problem, &read, &error));
  cr_expect(error.line == 3 && error.column == 12, "%d:%d", error.line, error.column);
  cr_expect(strstr(error.message, "CMT is 3") != NULL, "%s", error.message);
}

/* Premedication between two rates does not end the first one. */
Test(event_table, continuous_infusions_run_on_through_premedication)
{
  regimen_space space = {.route = ROUTE_CIV, .n_steps = 2, .n_premedication = 1};
  space.step[0] = (regimen_step){{.low = 0}, {.low = 5, .high = 5}};
  space.step[1] = (regimen_step){{.low = 7, .high = 7}, {.low = 15, .high = 15}};
  space.step_ratio_max = INFINITY;
  space.premedication[0] = (premedication){
      .drug = ROUTE_DEXAMETHASONE, .dose_mg = 8, .with = WITH_DOSES_ALL, .hours_before = 24};
  static regimen_branch branch;
  schedule written, read;
  stepdose_error error = {0};
  problem.regimen.route = ROUTE_CIV;
  regimen_branch_open(&space, problem.horizon_days, 0, &branch);
  regimen_decode(&branch, NULL, &written);
  cr_assert(written.n_doses == 4 && written.doses[1].route == ROUTE_CIV);
  cr_expect(written.doses[1].duration_days == 7, "%g", written.doses[1].duration_days);
  cr_assert(read_back(&written, &read, &error), "%s", error.message);
  cr_expect(same_schedule(&written, &read));
}
