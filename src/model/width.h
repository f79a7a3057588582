/* Lane widths: how many patients side by side the processor at hand computes at once. */
#ifndef MODEL_WIDTH_H
#define MODEL_WIDTH_H

#include <stdbool.h>

/* 1 and 2 run everywhere; 4 needs AVX2 and FMA, 8 needs AVX-512 F, DQ and VL. */
bool width_runs(int lanes);

int width_widest(void); /* widest of 2, 4, 8 that runs here */

#endif
