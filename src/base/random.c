/* Seeded random streams (splitmix64) and Sobol points with a digital shift.
 *
 * Splitmix64: Steele, Lea, Flood, OOPSLA 2014, doi 10.1145/2660193.2660195. Every stream runs
 * through the same cycle of 2^64 states from a start that is a hash of (seed, stream).
 * Sobol: Bratley and Fox, ACM TOMS 14 (1988) 88, by GSL, in memory of the caller: GSL's own
 * constructor would abort the program if memory were short. */
#include "base/random.h"

#include <stddef.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_qrng.h>

/* Bytes of state in 40 dimensions (GSL 2.7 needs about 5000), and log2 of the number of points. */
enum { SOBOL_STATE_SIZE = 8192, SOBOL_BITS = 30 };

/* The stream that the digital shift of Sobol points is drawn from. */
static const uint64_t SHIFT_STREAM = UINT64_C(0x536f626f6c);

static const double TWO_POW_53 = 9007199254740992.0;

typedef struct sobol_memory {
  union {
    max_align_t alignment;
    unsigned char bytes[SOBOL_STATE_SIZE];
  } state;
  gsl_qrng generator;
} sobol_memory;

static const uint64_t GOLDEN = UINT64_C(0x9e3779b97f4a7c15);

static uint64_t mix(uint64_t z)
{
  z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Mixing is one-to-one, so streams of the same seed never start at the same state. */
random_stream random_open(uint64_t seed, uint64_t stream)
{
  return (random_stream){.state = mix(mix(seed + GOLDEN) + stream * GOLDEN)};
}

uint64_t random_bits(random_stream *stream)
{
  stream->state += GOLDEN;
  return mix(stream->state);
}

/* An odd integer below 2^53 is exact and keeps the result off both end points. */
static double open_unit_interval(uint64_t bits53) { return (double)(bits53 | 1) / TWO_POW_53; }

double random_uniform(random_stream *stream)
{
  return open_unit_interval(random_bits(stream) >> 11);
}

double random_normal(random_stream *stream)
{
  return gsl_cdf_ugaussian_Pinv(random_uniform(stream));
}

static bool sobol_start(sobol_memory *memory, int dimensions)
{
  unsigned dimension = (unsigned)dimensions;
  size_t size = gsl_qrng_sobol->state_size(dimension);
  if (size > SOBOL_STATE_SIZE) {
    return false;
  }
  memory->generator = (gsl_qrng){.type = gsl_qrng_sobol,
                                 .dimension = dimension,
                                 .state_size = size,
                                 .state = memory->state.bytes};
  gsl_qrng_init(&memory->generator);
  return true;
}

/* GSL leaves out the origin, the first point of the sequence; here it is point 0. */
static bool sobol_unshifted(int dimensions, long index, double *point)
{
  sobol_memory memory;
  if (!sobol_start(&memory, dimensions)) {
    return false;
  }
  for (int i = 0; i < dimensions; i++) {
    point[i] = 0.0;
  }
  for (long k = 0; k < index; k++) {
    if (gsl_qrng_get(&memory.generator, point) != GSL_SUCCESS) {
      return false;
    }
  }
  return true;
}

bool random_sobol(uint64_t seed, int dimensions, long index, double *point)
{
  if (dimensions < 1 || dimensions > RANDOM_SOBOL_DIMENSIONS || index < 0 ||
      index >= 1L << SOBOL_BITS) {
    return false;
  }
  if (!sobol_unshifted(dimensions, index, point)) {
    return false;
  }
  random_stream shifts = random_open(seed, SHIFT_STREAM);
  for (int i = 0; i < dimensions; i++) {
    uint64_t shift = random_bits(&shifts) >> 11;
    point[i] = open_unit_interval((uint64_t)(point[i] * TWO_POW_53) ^ shift);
  }
  return true;
}
