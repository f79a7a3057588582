/* The table of engines, and one run of an engine on one start behind the guard. */
#ifndef OPTIMIZE_ENGINES_H
#define OPTIMIZE_ENGINES_H

#include "optimize/walk.h"

#include <nlopt.h>

typedef struct search_engine {
  search_engine_row row;
  nlopt_algorithm algorithm;
  nlopt_algorithm local; /* the engine inside an augmented Lagrangian; else NLOPT_NUM_ALGORITHMS */
  bool constraints;      /* takes them; otherwise they enter the goal as an exact penalty */
  /* nlopt_optimize; tests put in something that misbehaves */
  nlopt_result (*optimise)(nlopt_opt, double *, double *);
} search_engine;

/* NULL or "auto": the default. NULL returned: there is no such engine. */
const search_engine *search_engine_of(const char *name);
/* Test door: one more engine, found by its name. NULL takes it away. */
void search_engine_inject(const search_engine *engine);

typedef struct search_engine_order {
  const search_engine *engine;
  bool phase_one; /* minimise the largest violation, until a feasible point is found */
  long reserve;   /* evaluations of the start that this run must leave */
  double step;    /* first step in the unit cube */
  double weight;  /* of the penalty, in goal ranges per unit of constraint */
  uint64_t seed;
} search_engine_order;

typedef struct search_engine_result {
  search_end end;
  int code; /* what NLopt returned; 0: nothing */
  char message[96];
} search_engine_result;

/* Runs from the best point of the walk. */
void search_engine_run(search_walk *walk, const search_engine_order *order,
                       search_engine_result *result);

#endif
