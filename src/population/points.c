/* Sobol points with a random linear scrambling (Matousek, J Complexity 14 (1998) 527) and a digital
 * shift; independent random points.
 *
 * In Gray-code order point i is the exclusive or of the direction numbers v_b over the bits b of
 * i ^ (i >> 1). They are read off the points 2^(b+1) - 1, of which Gray code has the bit b alone.
 * The scrambling multiplies each v by a random lower triangular matrix over {0, 1} with ones on its
 * diagonal: it keeps the evenness of the points and makes other sets of points of other seeds.
 * Up to 40 dimensions have the direction numbers of Bratley and Fox, so that samples keep their
 * patients; more have those of Joe and Kuo (base/sobol.h). */
#include "population/points.h"

#include <assert.h>

#include "base/error.h"

static_assert(POPULATION_PATIENTS_MAX == 1L << POINTS_BITS, "every patient has a point");

enum { FRACTION_BITS = 53 };
static const double TWO_POW_53 = 9007199254740992.0;

/* The stream that scramblings are drawn from; patients of random points have their own streams. */
static const uint64_t SCRAMBLE_STREAM = UINT64_C(0x736372616d626c65);
static const uint64_t PATIENT_STREAM = UINT64_C(0x70617469656e7400);

static uint64_t fraction(double u) { return (uint64_t)(u * TWO_POW_53); }

/* Column c of the matrix is 1 at row c and random below; row 0 is the most significant bit. */
static uint64_t scramble(uint64_t v, const uint64_t *column)
{
  uint64_t scrambled = 0;
  for (int c = 0; c < FRACTION_BITS; c++) {
    if ((v >> (FRACTION_BITS - 1 - c) & 1) != 0) {
      scrambled ^= column[c];
    }
  }
  return scrambled;
}

static void scramble_dimension(uint64_t *direction, random_stream *random)
{
  uint64_t column[FRACTION_BITS];
  for (int c = 0; c < FRACTION_BITS; c++) {
    const uint64_t diagonal = UINT64_C(1) << (FRACTION_BITS - 1 - c);
    column[c] = diagonal | (random_bits(random) & (diagonal - 1));
  }
  for (int b = 0; b < POINTS_BITS; b++) {
    direction[b] = scramble(direction[b], column);
  }
}

static void read_directions(population_points *p)
{
  double point[RANDOM_SOBOL_DIMENSIONS];
  random_sobol(p->seed, p->dimensions, 0, point);
  for (int j = 0; j < p->dimensions; j++) {
    p->shift[j] = fraction(point[j]);
  }
  for (int b = 0; b < POINTS_BITS; b++) {
    random_sobol(p->seed, p->dimensions, (2L << b) - 1, point);
    for (int j = 0; j < p->dimensions; j++) {
      p->direction[j][b] = fraction(point[j]) ^ p->shift[j];
    }
  }
}

static bool open_sobol(population_points *p, stepdose_error *error)
{
  random_stream random = random_open(p->seed, SCRAMBLE_STREAM);
  if (p->dimensions < 1) {
    return error_set(error, STEPDOSE_OUT_OF_RANGE, "give the population a coordinate",
                     "a population has %d coordinates", p->dimensions);
  }
  if (p->dimensions > RANDOM_SOBOL_DIMENSIONS) {
    p->wide = sobol_open(p->dimensions, true, p->seed, error);
    return p->wide != NULL;
  }
  read_directions(p);
  for (int j = 0; j < p->dimensions; j++) {
    scramble_dimension(p->direction[j], &random);
  }
  return true;
}

bool population_points_open(population_points *p, population_sampling sampling, int dimensions,
                            uint64_t seed, stepdose_error *error)
{
  *p = (population_points){.sampling = sampling, .dimensions = dimensions, .seed = seed};
  return sampling != POPULATION_SOBOL || open_sobol(p, error);
}

void population_points_close(population_points *p) { sobol_close(p->wide); }

static void narrow_point(const population_points *p, uint64_t gray, double *u)
{
  for (int j = 0; j < p->dimensions; j++) {
    uint64_t bits = p->shift[j];
    for (int b = 0; b < POINTS_BITS; b++) {
      bits ^= (gray >> b & 1) != 0 ? p->direction[j][b] : 0;
    }
    u[j] = (double)(bits | 1) / TWO_POW_53; /* never 0 or 1 */
  }
}

void population_point(const population_points *p, long index, double *u)
{
  const uint64_t i = (uint64_t)index;
  if (p->wide != NULL) {
    sobol_point(p->wide, i, u);
    return;
  }
  if (p->sampling == POPULATION_SOBOL) {
    narrow_point(p, i ^ (i >> 1), u);
    return;
  }
  random_stream own = random_open(p->seed, PATIENT_STREAM + i);
  for (int j = 0; j < p->dimensions; j++) {
    u[j] = random_uniform(&own);
  }
}
