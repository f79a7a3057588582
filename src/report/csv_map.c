/* design_map.csv: one row a molecule, with its best regimen. */
#include "report/report.h"

#include "base/number.h"

#include <math.h>

static void append_number(text *out, double value)
{
  char digits[NUMBER_TEXT_SIZE];
  number_format_full(value, digits);
  text_append(out, ",%s", digits);
}

static void append_header(const stepdose_problem *problem, text *out)
{
  text_append(out, "point");
  for (int i = 0; i < problem->n_design; i++) {
    text_append(out, ",%s", problem->design[i].name);
  }
  text_append(out, ",status,goal,goal_searched,steps,days,amounts,total_mg");
  for (int k = 0; k < problem->n_limits; k++) {
    const char *objective = problem_limit_kinds[problem->limits[k].kind].objective;
    text_append(out, ",limit_%d_%s,limit_%d_%s_margin", k + 1, objective, k + 1, objective);
  }
  text_append(out, ",blocking_limit,evaluations\n");
}

typedef double dose_part(const dose *d);

static double part_day(const dose *d) { return d->day; }

static double part_amount(const dose *d) { return d->amount; }

static void append_parts(text *out, const schedule *engager, dose_part *part)
{
  text_append(out, engager->n_doses > 0 ? "," : ",NA");
  for (int i = 0; i < engager->n_doses; i++) {
    char number[NUMBER_TEXT_SIZE];
    number_format(part(&engager->doses[i]), number);
    text_append(out, "%s%s", i > 0 ? ";" : "", number);
  }
}

void csv_doses(const schedule *doses, text *out)
{
  schedule engager;
  schedule_of_engager(doses, &engager);
  append_parts(out, &engager, part_day);
  append_parts(out, &engager, part_amount);
}

static void append_blocking(const stepdose_problem *problem, const map_point *p, text *out)
{
  if (p->status != MAP_INFEASIBLE) {
    text_append(out, ",NA");
  } else {
    text_append(out, ",%s", p->blocking >= 0 ? problem->limits[p->blocking].pointer : "rule");
  }
}

static void append_point(const study_map *m, long i, text *out)
{
  const stepdose_problem *problem = m->problem;
  const map_point *p = &m->point[i];
  bool simulated = !isnan(p->searched);
  text_append(out, "%ld", i + 1);
  for (int k = 0; k < problem->n_design; k++) {
    append_number(out, p->design[k]);
  }
  text_append(out, ",%s", map_status_name(p->status));
  append_number(out, p->goal);
  append_number(out, p->searched);
  append_number(out, simulated ? p->n_steps : (double)NAN);
  csv_doses(&p->doses, out);
  append_number(out, simulated ? schedule_total_mg(&p->doses) : (double)NAN);
  for (int k = 0; k < problem->n_limits; k++) {
    append_number(out, p->value[k]);
    append_number(out, p->margin[k]);
  }
  append_blocking(problem, p, out);
  text_append(out, ",%ld\n", p->evaluations);
}

void csv_map(const study_map *m, text *out)
{
  append_header(m->problem, out);
  for (long i = 0; i < m->n_points; i++) {
    append_point(m, i, out);
  }
}
