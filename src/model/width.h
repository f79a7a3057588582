/* Lane widths: how many patients side by side the processor at hand computes at once. */
#ifndef MODEL_WIDTH_H
#define MODEL_WIDTH_H

#include <stdbool.h>
#include <stddef.h>

/* What is compiled once per width has a name for each: f_w1, f_w2, ... `name` may be a macro. */
#define WIDTH_NAME_(name, lanes) name##_w##lanes
#define WIDTH_NAME(name, lanes) WIDTH_NAME_(name, lanes)

/* WIDTH_DECLARE: constants of one type, one for each width that was compiled. WIDTH_CHOOSE: a
 * pointer to that of a width; NULL if the width does not run here. */
#ifdef STEPDOSE_WIDE_LANES
#define WIDTH_DECLARE(type, name)                                                                  \
  extern const type WIDTH_NAME(name, 1), WIDTH_NAME(name, 2), WIDTH_NAME(name, 4),                 \
      WIDTH_NAME(name, 8)
#define WIDTH_CHOOSE(lanes, name)                                                                  \
  (!width_runs(lanes) ? NULL                                                                       \
   : (lanes) == 8     ? &WIDTH_NAME(name, 8)                                                       \
   : (lanes) == 4     ? &WIDTH_NAME(name, 4)                                                       \
   : (lanes) == 2     ? &WIDTH_NAME(name, 2)                                                       \
                      : &WIDTH_NAME(name, 1))
#else
#define WIDTH_DECLARE(type, name) extern const type WIDTH_NAME(name, 1), WIDTH_NAME(name, 2)
#define WIDTH_CHOOSE(lanes, name)                                                                  \
  (!width_runs(lanes) ? NULL : (lanes) == 2 ? &WIDTH_NAME(name, 2) : &WIDTH_NAME(name, 1))
#endif

/* 1 and 2 run everywhere; 4 needs AVX2 and FMA, 8 needs AVX-512 F, DQ and VL. */
bool width_runs(int lanes);

int width_widest(void); /* widest of 2, 4, 8 that runs here */

#endif
