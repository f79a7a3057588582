/* Running the rows of a design and reducing them, chunk by chunk. */
#include "optimize/sensitivity_method.h"

#include "base/allocate.h"
#include "base/error.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES_MIN = 20 };

/* Random points of row r come from this stream + r. */
static const uint64_t POINT_STREAM = UINT64_C(0x706f696e00000000);
static const uint64_t COLUMN_STREAM = UINT64_C(0x636f6c756d6e);
/* The reduced rows of all outputs, and scratch for one chunk of rows. */
typedef struct runs {
  sensitivity_rows rows;
  long chunk;    /* rows at once */
  double *point; /* (chunk x block x n_inputs) */
  double *value; /* (chunk x block x n_outputs) */
  bool *failed;  /* (chunk x block) */
  double *one;   /* (block) one output of a row */
} runs;

const char *sensitivity_flag_meaning(sensitivity_flag flag)
{
  switch (flag) {
#define X(id, bit, name, meaning)                                                                  \
  case SENSITIVITY_##id:                                                                           \
    return meaning;
    SENSITIVITY_FLAGS(X)
#undef X
  }
  return "";
}

const char *sensitivity_flag_name(sensitivity_flag flag)
{
  switch (flag) {
#define X(id, bit, name, meaning)                                                                  \
  case SENSITIVITY_##id:                                                                           \
    return name;
    SENSITIVITY_FLAGS(X)
#undef X
  }
  return "";
}

int sensitivity_factor(const sensitivity_task *task, int input)
{
  return task->n_groups > 0 ? task->group[input] : input;
}

static bool groups_are_valid(const sensitivity_task *task)
{
  long members[SENSITIVITY_INPUTS_MAX] = {0};
  for (int i = 0; i < task->n_inputs; i++) {
    if (task->group[i] < 0 || task->group[i] >= task->n_groups) {
      return false;
    }
    members[task->group[i]]++;
  }
  for (int g = 0; g < task->n_groups; g++) {
    if (members[g] == 0) {
      return false;
    }
  }
  return true;
}

int sensitivity_check_task(const sensitivity_task *task, stepdose_error *error)
{
  if (task->n_inputs < 1 || task->n_inputs > SENSITIVITY_INPUTS_MAX || task->n_outputs < 1) {
    (void)error_set(error, STEPDOSE_OUT_OF_RANGE, "use fewer inputs",
                    "a sensitivity study has 1 to %d inputs and at least one output, not %d and %d",
                    SENSITIVITY_INPUTS_MAX, task->n_inputs, task->n_outputs);
    return 0;
  }
  if (task->rows < SENSITIVITY_ROWS_MIN || task->rows > INT32_MAX) {
    (void)error_set(error, STEPDOSE_OUT_OF_RANGE, "use 16 to 4096 samples",
                    "%ld samples are too few or too many", task->rows);
    return 0;
  }
  if (task->n_groups < 0 || task->n_groups > task->n_inputs ||
      (task->n_groups > 0 && !groups_are_valid(task))) {
    (void)error_set(error, STEPDOSE_CONTRADICTION, "put every input into one group",
                    "a group has no input, or an input no group");
    return 0;
  }
  if (!(task->level >= 0 && task->level < 1) ||
      (task->resamples != 0 && task->resamples < RESAMPLES_MIN)) {
    (void)error_set(error, STEPDOSE_OUT_OF_RANGE, "use 1000 resamples and a level of 0.95",
                    "%d resamples at level %g give no interval", task->resamples, task->level);
    return 0;
  }
  return task->n_groups > 0 ? task->n_groups : task->n_inputs;
}

void sensitivity_shuffle(random_stream *stream, int n, int *order)
{
  for (int i = 0; i < n; i++) {
    order[i] = i;
  }
  for (int i = n - 1; i > 0; i--) {
    int j = (int)(random_bits(stream) % (uint64_t)(i + 1));
    int kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}

void sensitivity_uniform(const sensitivity_method *m, long row, int dimensions, double *u)
{
  if (m->sequence != NULL) {
    double point[SOBOL_DIMENSIONS_MAX];
    sobol_point(m->sequence, (uint64_t)row, point);
    for (int i = 0; i < dimensions; i++) {
      u[i] = point[m->column[i]];
    }
    return;
  }
  random_stream stream = random_open(m->task->seed, POINT_STREAM + (uint64_t)row);
  for (int i = 0; i < dimensions; i++) {
    u[i] = random_uniform(&stream);
  }
}

/* Some pairs of coordinates of a Sobol set are uneven, always the same ones. Inputs get theirs by
 * lot, so that no input's interval is too narrow whatever the seed. */
static bool open_sequence(sensitivity_method *m, int dimensions, stepdose_error *error)
{
  if (m->task->points != SENSITIVITY_SCRAMBLED_SOBOL) {
    return true;
  }
  random_stream stream = random_open(m->task->seed, COLUMN_STREAM);
  sensitivity_shuffle(&stream, dimensions, m->column);
  m->sequence = sobol_open(dimensions, true, m->task->seed, error);
  return m->sequence != NULL;
}

/* --- running ---------------------------------------------------------------------------------- */

static void runs_close(runs *r)
{
  release(r->point);
  release(r->value);
  release(r->failed);
  release(r->one);
  release(r->rows.number);
  release(r->rows.least);
  release(r->rows.most);
}

static bool runs_open(const sensitivity_method *m, runs *r)
{
  const sensitivity_task *task = m->task;
  long size = task->batch > 0 ? task->batch : BATCH_SIZE;
  size_t outputs = (size_t)task->n_outputs, width = (size_t)m->width, block = (size_t)m->block;
  r->chunk = size > m->block ? size / m->block : 1;
  r->chunk = r->chunk < task->rows ? r->chunk : task->rows;
  size_t points = (size_t)r->chunk * block;
  r->point = allocate_zeroed(points, (size_t)task->n_inputs * sizeof *r->point);
  r->value = allocate_zeroed(points, outputs * sizeof *r->value);
  r->failed = allocate_zeroed(points, sizeof *r->failed);
  r->one = allocate_zeroed(block, sizeof *r->one);
  r->rows.number = allocate_zeroed((size_t)task->rows * outputs, width * sizeof *r->rows.number);
  r->rows.least = allocate_zeroed(outputs, sizeof *r->rows.least);
  r->rows.most = allocate_zeroed(outputs, sizeof *r->rows.most);
  for (int k = 0; k < task->n_outputs && r->rows.least != NULL && r->rows.most != NULL; k++) {
    r->rows.least[k] = INFINITY;
    r->rows.most[k] = -INFINITY;
  }
  return r->point != NULL && r->value != NULL && r->failed != NULL && r->one != NULL &&
         r->rows.number != NULL && r->rows.least != NULL && r->rows.most != NULL;
}

static void count_failures(const sensitivity_method *m, const runs *r, long n,
                           sensitivity_outcome *outcome)
{
  int outputs = m->task->n_outputs;
  for (long i = 0; i < n; i++) {
    bool failed = false;
    for (int k = 0; k < outputs; k++) {
      double value = r->value[i * outputs + k];
      failed = failed || isnan(value);
      r->rows.least[k] = fmin(r->rows.least[k], value);
      r->rows.most[k] = fmax(r->rows.most[k], value);
    }
    outcome->failures += failed;
  }
  outcome->runs += n;
}

/* Row `row` of the design is number `i` of the chunk. */
static void reduce_row(const sensitivity_method *m, const runs *r, long row, long i)
{
  const sensitivity_task *task = m->task;
  for (int k = 0; k < task->n_outputs; k++) {
    for (int j = 0; j < m->block; j++) {
      r->one[j] = r->value[(i * m->block + j) * task->n_outputs + k];
    }
    m->reduce(m, row, r->one, &r->rows.number[(k * task->rows + row) * m->width]);
  }
}

static bool run_rows(const sensitivity_method *m, runs *r, sensitivity_outcome *outcome,
                     stepdose_error *error)
{
  const sensitivity_task *task = m->task;
  const batch b = {task->n_inputs, task->n_outputs, task->evaluate,
                   task->context,  task->batch,     task->progress};
  while (outcome->rows < task->rows && !outcome->stopped) {
    long left = task->rows - outcome->rows, rows = left < r->chunk ? left : r->chunk, done;
    for (long i = 0; i < rows; i++) {
      m->fill(m, outcome->rows + i, &r->point[i * m->block * task->n_inputs]);
    }
    if (!batch_run(&b, rows * m->block, r->point, r->value, r->failed, &done, error)) {
      return false;
    }
    count_failures(m, r, done, outcome);
    for (long i = 0; i < done / m->block; i++) {
      reduce_row(m, r, outcome->rows + i, i);
    }
    outcome->rows += done / m->block;
    outcome->stopped = done < rows * m->block;
  }
  return outcome->rows >= SENSITIVITY_ROWS_MIN ||
         error_set(error, STEPDOSE_LIMIT_REACHED, "let it run longer",
                   "the sensitivity study was stopped after %ld of %ld samples", outcome->rows,
                   task->rows);
}

bool sensitivity_run(sensitivity_method *method, int dimensions, sensitivity_outcome *outcome,
                     stepdose_error *error)
{
  const sensitivity_task *task = method->task;
  *outcome = (sensitivity_outcome){
      .n_factors = method->n_factors, .n_outputs = task->n_outputs, .n_values = method->n_values};
  if (!open_sequence(method, dimensions, error)) {
    return false;
  }
  progress_stage(task->progress, "sensitivity", task->rows * method->block);
  runs r = {0};
  bool done = runs_open(method, &r) || error_no_memory(error, "keeping a sensitivity study");
  done = done && run_rows(method, &r, outcome, error) &&
         sensitivity_analyse(method, &r.rows, outcome, error);
  runs_close(&r);
  sobol_close(method->sequence);
  if (!done) {
    sensitivity_outcome_free(outcome);
  }
  return done;
}

void sensitivity_outcome_free(sensitivity_outcome *outcome)
{
  release(outcome->index);
  *outcome = (sensitivity_outcome){0};
}

const sensitivity_index *sensitivity_at(const sensitivity_outcome *outcome, int stage, int output,
                                        int value)
{
  long block = (long)stage * outcome->n_outputs + output;
  return &outcome->index[block * outcome->n_values + value];
}
