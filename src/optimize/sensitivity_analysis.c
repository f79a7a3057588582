/* Estimates from growing numbers of rows, with intervals and flags. */
#include "optimize/sensitivity_method.h"

#include "base/allocate.h"
#include "base/error.h"
#include "optimize/bootstrap.h"

#include <math.h>

enum { STAGE_ROWS_MIN = 8, RESAMPLES = 1000 };

static const double LEVEL = 0.95, FEW_ROWS = 0.75;

/* Scratch of the analysis of one output at one stage. */
typedef struct desk {
  double *ones;               /* (rows) */
  double *value, *low, *high; /* (n_values) */
  long *used;                 /* (n_values) */
} desk;

static void desk_close(desk *d)
{
  release(d->ones);
  release(d->value);
  release(d->low);
  release(d->high);
  release(d->used);
}

static bool desk_open(const sensitivity_method *m, desk *d)
{
  size_t n = (size_t)m->n_values;
  d->ones = allocate_zeroed((size_t)m->task->rows, sizeof *d->ones);
  d->value = allocate_zeroed(n, sizeof *d->value);
  d->low = allocate_zeroed(n, sizeof *d->low);
  d->high = allocate_zeroed(n, sizeof *d->high);
  d->used = allocate_zeroed(n, sizeof *d->used);
  for (long i = 0; i < m->task->rows && d->ones != NULL; i++) {
    d->ones[i] = 1;
  }
  return d->ones != NULL && d->value != NULL && d->low != NULL && d->high != NULL &&
         d->used != NULL;
}

static double mean_of(const double *number, long n)
{
  double sum = 0;
  long count = 0;
  for (long i = 0; i < n; i++) {
    if (!isnan(number[i])) {
      sum += number[i];
      count++;
    }
  }
  return count > 0 ? sum / (double)count : 0;
}

static unsigned flags_of(const sensitivity_method *m, int value, const sensitivity_index *index,
                         long rows)
{
  unsigned checks = m->checks(m, value), flags = 0;
  if ((checks & SENSITIVITY_CHECK_NEGATIVE) && index->value < 0) {
    flags |= SENSITIVITY_NEGATIVE;
  }
  if ((checks & SENSITIVITY_CHECK_ZERO) && index->low <= 0 && index->high >= 0) {
    flags |= SENSITIVITY_STRADDLES_ZERO;
  }
  if ((double)index->rows < FEW_ROWS * (double)rows) {
    flags |= SENSITIVITY_FEW_ROWS;
  }
  return flags;
}

static void store(const sensitivity_method *m, const desk *d, long rows, bool constant,
                  sensitivity_index *index)
{
  for (int v = 0; v < m->n_values; v++) {
    index[v] = (sensitivity_index){d->value[v], d->low[v], d->high[v], d->used[v], 0};
    index[v].flags = constant ? SENSITIVITY_CONSTANT : flags_of(m, v, &index[v], rows);
  }
  if (m->compare != NULL && !constant) {
    m->compare(m, index);
  }
}

/* Estimates of one output from the first `rows` rows. */
static bool analyse_output(const sensitivity_method *m, const sensitivity_rows *r, const desk *d,
                           int output, long rows, sensitivity_index *index, stepdose_error *error)
{
  const sensitivity_task *task = m->task;
  sensitivity_sample sample = {
      .method = m, .rows = rows, .row = &r->number[output * task->rows * m->width]};
  bool constant = r->least[output] == r->most[output];
  sample.centre = constant ? r->least[output] : mean_of(sample.row, rows * m->width);
  sample.used = d->used;
  m->estimate(&sample, d->ones, d->value);
  sample.used = NULL;
  const bootstrap b = {.rows = rows,
                       .n_values = m->n_values,
                       .resamples = task->resamples > 0 ? task->resamples : RESAMPLES,
                       .level = task->level > 0 ? task->level : LEVEL,
                       .seed = task->seed,
                       .statistic = m->estimate,
                       .context = &sample};
  if (!bootstrap_intervals(&b, d->low, d->high, error)) {
    return false;
  }
  store(m, d, rows, constant, index);
  return true;
}

/* 1/32, .. 1/2 of the rows where these are enough, and all. */
static void choose_stages(sensitivity_outcome *outcome)
{
  outcome->n_stages = 1;
  while (outcome->n_stages < SENSITIVITY_STAGES_MAX &&
         outcome->rows >> outcome->n_stages >= STAGE_ROWS_MIN) {
    outcome->n_stages++;
  }
  for (int s = 0; s < outcome->n_stages; s++) {
    outcome->stage_rows[s] = outcome->rows >> (outcome->n_stages - 1 - s);
  }
}

bool sensitivity_analyse(const sensitivity_method *m, const sensitivity_rows *r,
                         sensitivity_outcome *outcome, stepdose_error *error)
{
  choose_stages(outcome);
  size_t results = (size_t)outcome->n_stages * (size_t)m->task->n_outputs;
  outcome->index = allocate_zeroed(results, (size_t)m->n_values * sizeof *outcome->index);
  desk d = {0};
  bool done = desk_open(m, &d) && outcome->index != NULL;
  if (!done) {
    (void)error_no_memory(error, "analysing a sensitivity study");
  }
  for (size_t i = 0; i < results && done; i++) {
    int output = (int)(i % (size_t)m->task->n_outputs);
    long rows = outcome->stage_rows[i / (size_t)m->task->n_outputs];
    done = analyse_output(m, r, &d, output, rows, &outcome->index[i * (size_t)m->n_values], error);
  }
  desk_close(&d);
  return done;
}
