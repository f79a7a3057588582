/* From the states that a peer returned to its answer. */
#include "score.h"

/* Largest value between t[0] and t[2] of the parabola through three points, or of the points
 * themselves. */
static double parabola_peak(const double t[3], const double x[3])
{
  const double slope = (x[1] - x[0]) / (t[1] - t[0]);
  const double curvature = ((x[2] - x[1]) / (t[2] - t[1]) - slope) / (t[2] - t[0]);
  const double largest = fmax(x[0], fmax(x[1], x[2]));
  if (curvature >= 0) {
    return largest;
  }
  const double vertex = (t[0] + t[1]) / 2 - slope / (2 * curvature);
  if (vertex <= t[0] || vertex >= t[2]) {
    return largest;
  }
  const double from_0 = vertex - t[0], from_1 = vertex - t[1];
  return x[0] + slope * from_0 + curvature * from_0 * from_1;
}

void score_answer(const model_kernels *kernels, const double *derived, int n, int n_states,
                  const double *day, const double *state, w1_answer *answer)
{
  double t[3] = {0}, il6[3] = {0}, output[KERNEL_OUTPUTS];
  *answer = (w1_answer){0};
  for (int i = 0; i < W1_VALUES; i++) {
    answer->value[i] = NAN;
  }
  for (int i = 0; i < n; i++) {
    kernels->outputs(derived, state + (long)i * n_states, output);
    t[0] = t[1], t[1] = t[2], t[2] = day[i];
    il6[0] = il6[1], il6[1] = il6[2], il6[2] = output[OUTPUT_IL6];
    if (i >= 2) {
      answer->il6_peak = fmax(answer->il6_peak, parabola_peak(t, il6));
    }
    const long whole = lround(day[i]);
    if (whole < W1_DAYS && fabs(day[i] - (double)whole) < 1e-9) {
      for (int o = 0; o < OUTPUT_COUNT; o++) {
        answer->value[whole * OUTPUT_COUNT + o] = output[o];
      }
    }
  }
}
