/* NONMEM event records: what is written reads back to the same bits; what other tools write is
 * understood. */
#include "regimen/event_fixture.h"
#include "regimen/event_random.h"

TestSuite(event_table, .init = open_table, .fini = close_table);

static bool read_back(const schedule *written, schedule *read, stepdose_error *error)
{
  text out = {0};
  event_table_write(written, problem.horizon_days, &out);
  cr_assert(!out.failed);
  put_bytes(out.bytes, out.length);
  text_free(&out);
  return event_table_read(table_path, &problem, read, error);
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
static const struct foreign {
  const char *name;
  route route;
  const char *table;
  int n; /* -1: refused */
  double day[6], amount[6], duration;
} foreign[] = {
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
    {"rxode2: a duration in the place of a rate",
     ROUTE_IV,
     "id,time,cmt,amt,rate,ii,addl,evid,ss,dur\n1,0,1,2,0,7,1,1,0,0.25\n",
     2,
     {0, 7},
     {2, 2},
     0.25},
    {"mrgsolve: a duration beside the rate that follows from it",
     ROUTE_IV,
     "ID,time,cmt,amt,ii,addl,evid,tinf,rate\n1,0,1,2,7,1,1,0.25,8\n",
     2,
     {0, 7},
     {2, 2},
     0.25},
    {"the default compartment",
     ROUTE_SC,
     "ID,TIME,AMT,EVID,CMT\n1,0,2,1,0\n1,7,5,1,.\n",
     2,
     {0, 7},
     {2, 5},
     0.0},
    {"a duration of a continuous infusion",
     ROUTE_CIV,
     "TIME,AMT,DUR,EVID\n3,35,7,1\n",
     1,
     {3},
     {5},
     7.0},
    {"rate in ug/m2/day", ROUTE_CIV, "TIME,AMT,RATE,EVID\n3,35,5,1\n", 1, {3}, {5}, 7.0},
};

static void expect_doses(const struct foreign *f, const schedule *read)
{
  cr_assert(read->n_doses == f->n, "%s: %d doses", f->name, read->n_doses);
  for (int d = 0; d < f->n; d++) {
    const dose *found = &read->doses[d];
    cr_expect(found->day == f->day[d], "%s, dose %d", f->name, d);
    cr_expect(found->amount == f->amount[d], "%s, dose %d", f->name, d);
    cr_expect(found->duration_days == f->duration, "%s, dose %d", f->name, d);
    cr_expect(found->route == f->route, "%s, dose %d", f->name, d);
  }
}

Test(event_table, records_of_other_tools_are_understood)
{
  for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
    const struct foreign *f = &foreign[i];
    schedule read;
    stepdose_error error = {0};
    problem.regimen.route = f->route;
    put_bytes(f->table, strlen(f->table));
    bool done = event_table_read(table_path, &problem, &read, &error);
    if (f->n < 0) {
      cr_expect(!done, "%s", f->name);
      continue;
    }
    cr_assert(done, "%s: %d:%d %s", f->name, error.line, error.column, error.message);
    expect_doses(f, &read);
  }
}

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
