/* How sure an observation is: exactly one way of saying so, and what follows from it. */
#include <math.h>
#include <string.h>

#include "base/binomial.h"
#include "problem/evidence_reader.h"

#define CONFIDENCE 0.95
#define NORMAL_95 1.959963984540054 /* half of a 95 % interval, in standard deviations */

/* Published percentages are rounded to whole ones. */
#define ROUNDED 0.00501

/* Ways of saying it: X(ID, key). */
#define SCATTER_WAYS(X)                                                                            \
  X(N, "n")                                                                                        \
  X(INTERVAL, "low")                                                                               \
  X(FACTOR, "factor")                                                                              \
  X(SD, "sd")                                                                                      \
  X(SD_LOG10, "sd_log10")

typedef enum scatter_way {
#define X(id, key) WAY_##id,
  SCATTER_WAYS(X)
#undef X
      WAY_COUNT
} scatter_way;

static const char *const way_keys[WAY_COUNT] = {
#define X(id, key) key,
    SCATTER_WAYS(X)
#undef X
};

static const char *const remedy_ways =
    "give one of: n (of a share of patients), low and high, factor or sd_log10 (of concentrations "
    "and ratios), sd (of the rest)";

static bool find_way(evidence_reader *er, const cJSON *object, scatter_way *way)
{
  const cJSON *first = NULL;
  for (int i = 0; i < WAY_COUNT; i++) {
    const cJSON *item = json_get(object, way_keys[i]);
    if (item != NULL && first != NULL) {
      return reader_fail_key(&er->r, item, CONTRADICTION, remedy_ways,
                             "\"%s\" and \"%s\" both say how sure it is", first->string,
                             item->string);
    }
    if (item != NULL) {
      first = item;
      *way = (scatter_way)i;
    }
  }
  return first != NULL || reader_fail(&er->r, object, MISSING_KEY, remedy_ways,
                                      "it is not told how sure the observation is");
}

static double on_scale(const evidence_row *row, double value)
{
  return row->scale == EVIDENCE_LOG10 ? log10(value) : value;
}

static double from_scale(const evidence_row *row, double value)
{
  return row->scale == EVIDENCE_LOG10 ? pow(10, value) : value;
}

static bool read_n(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const cJSON *n = json_get(object, "n");
  const bool share =
      (row->endpoint == EVIDENCE_CRS_PROBABILITY || row->endpoint == EVIDENCE_RESPONSE) &&
      !evidence_is_ratio(object);
  if (!share || !(row->observed >= 0 && row->observed <= 1)) {
    return reader_fail_key(&er->r, n, CONTRADICTION, remedy_ways,
                           "\"n\" is told of something that is no share of patients");
  }
  row->n = (long)n->valuedouble;
  row->count = lround(row->observed * (double)row->n);
  const double rounded = (double)row->count / (double)row->n;
  if (fabs(rounded - row->observed) > ROUNDED) {
    return reader_fail(&er->r, n, CONTRADICTION, "check both numbers",
                       "no number of %ld patients is a share of %g", row->n, row->observed);
  }
  const binomial_interval interval = binomial_exact_interval(row->count, row->n, CONFIDENCE);
  const double p = ((double)row->count + 0.5) / ((double)row->n + 1); /* never 0 or 1 */
  row->sd = sqrt(p * (1 - p) / (double)row->n);
  row->low = interval.low;
  row->high = interval.high;
  return true;
}

static bool read_interval(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  const cJSON *high = json_get(object, "high");
  row->low = reader_number(object, "low");
  if (high == NULL) {
    return json_fail_missing(&er->r.json, object, "high", er->r.error, "add it",
                             "\"low\" needs \"high\"");
  }
  row->high = high->valuedouble;
  if (row->low > row->observed || row->high < row->observed || row->low >= row->high) {
    return reader_fail(&er->r, high, EMPTY_RANGE, "\"low\" <= \"observed\" <= \"high\" is needed",
                       "the interval does not hold what was observed");
  }
  if (row->scale == EVIDENCE_LOG10 && row->low <= 0) {
    return reader_fail(&er->r, json_get(object, "low"), OUT_OF_RANGE, "a positive number is needed",
                       "\"low\" has no logarithm");
  }
  row->sd = (on_scale(row, row->high) - on_scale(row, row->low)) / (2 * NORMAL_95);
  return true;
}

/* The scale that a way belongs to; an interval and n are of either. */
static bool check_scale(evidence_reader *er, const cJSON *object, scatter_way way,
                        const evidence_row *row)
{
  const bool decades = way == WAY_FACTOR || way == WAY_SD_LOG10;
  return (row->scale == EVIDENCE_LOG10) == decades ||
         reader_fail_key(&er->r, json_get(object, way_keys[way]), CONTRADICTION, remedy_ways,
                         "\"%s\" does not suit this endpoint", way_keys[way]);
}

static bool read_sd(evidence_reader *er, const cJSON *object, scatter_way way, evidence_row *row)
{
  const double given = reader_number(object, way_keys[way]);
  if (!check_scale(er, object, way, row)) {
    return false;
  }
  row->sd = way == WAY_FACTOR ? log10(given) / NORMAL_95 : given;
  row->low = from_scale(row, on_scale(row, row->observed) - NORMAL_95 * row->sd);
  row->high = from_scale(row, on_scale(row, row->observed) + NORMAL_95 * row->sd);
  return true;
}

/* Of a bound everything on its right side agrees. */
static void open_side(evidence_row *row)
{
  if (row->bound == EVIDENCE_AT_MOST) {
    row->low = row->scale == EVIDENCE_LOG10 ? 0 : -(double)INFINITY;
    row->high = row->observed;
  } else if (row->bound == EVIDENCE_AT_LEAST) {
    row->low = row->observed;
    row->high = INFINITY;
  }
}

bool read_evidence_scatter(evidence_reader *er, const cJSON *object, evidence_row *row)
{
  scatter_way way = WAY_COUNT;
  const cJSON *high = json_get(object, "high");
  if (!find_way(er, object, &way)) {
    return false;
  }
  if (high != NULL && way != WAY_INTERVAL) {
    return json_fail_missing(&er->r.json, object, "low", er->r.error, "add it, or leave out both",
                             "\"high\" needs \"low\"");
  }
  const bool done = way == WAY_N          ? read_n(er, object, row)
                    : way == WAY_INTERVAL ? read_interval(er, object, row)
                                          : read_sd(er, object, way, row);
  open_side(row);
  return done;
}
