/* Sobol points from the direction numbers of Joe and Kuo (2008), scrambled after Matousek.
 *
 * Coordinate = xor of the direction numbers v_k of the bits k that are set in the Gray code of the
 * index. v_k = m_k / 2^k; a_i are the coefficients of the primitive polynomial of degree s:
 *     m_k = 2 a_1 m_(k-1) ^ ... ^ 2^(s-1) a_(s-1) m_(k-s+1) ^ 2^s m_(k-s) ^ m_(k-s).
 * Scrambling replaces the bits of v_k by a random lower triangular combination (ones on the
 * diagonal) of its own and higher bits, and adds a random shift to each coordinate: J. Matousek,
 * J. Complexity 14 (1998) 527, doi 10.1006/jcom.1998.0489. */
#include "base/sobol.h"

#include "base/allocate.h"
#include "base/error.h"
#include "base/random.h"

#include <stddef.h>

enum { BITS = 52, DEGREE_MAX = 11, DIMENSION_STREAM = 0x736f62 };

static const double TWO_POW_53 = 9007199254740992.0;

typedef struct coordinate {
  uint64_t direction[SOBOL_INDEX_BITS]; /* BITS binary digits each */
  uint64_t shift;
} coordinate;

struct sobol {
  int dimensions;
  coordinate at[];
};

typedef struct polynomial {
  int dimension, degree, inner;
  int m[DEGREE_MAX];
} polynomial;

static const polynomial POLYNOMIAL[] = {
#define X(dimension, s, a, ...) {dimension, s, a, {__VA_ARGS__}},
#include "base/sobol_directions.def"
#undef X
};
_Static_assert(sizeof POLYNOMIAL / sizeof POLYNOMIAL[0] == SOBOL_DIMENSIONS_MAX - 1,
               "one row for each dimension from the second");

static void first_directions(uint64_t *v)
{
  for (int k = 0; k < SOBOL_INDEX_BITS; k++) {
    v[k] = UINT64_C(1) << (BITS - 1 - k);
  }
}

static void directions_of(const polynomial *p, uint64_t *v)
{
  for (int k = 0; k < SOBOL_INDEX_BITS; k++) {
    if (k < p->degree) {
      v[k] = (uint64_t)p->m[k] << (BITS - 1 - k);
      continue;
    }
    uint64_t oldest = v[k - p->degree];
    v[k] = oldest ^ (oldest >> p->degree);
    for (int i = 1; i < p->degree; i++) {
      if ((p->inner >> (p->degree - 1 - i)) & 1) {
        v[k] ^= v[k - i];
      }
    }
  }
}

static uint64_t parity(uint64_t bits)
{
  for (int width = 32; width > 0; width /= 2) {
    bits ^= bits >> width;
  }
  return bits & 1;
}

/* Row r of the matrix: a one for bit r, random ones for the bits above it. */
static void scramble(coordinate *c, random_stream *stream)
{
  uint64_t scrambled[SOBOL_INDEX_BITS] = {0};
  for (int r = 0; r < BITS; r++) {
    uint64_t bit = UINT64_C(1) << (BITS - 1 - r);
    uint64_t above = (UINT64_C(1) << BITS) - 2 * bit;
    uint64_t row = bit | (random_bits(stream) & above);
    for (int k = 0; k < SOBOL_INDEX_BITS; k++) {
      scrambled[k] |= parity(c->direction[k] & row) * bit;
    }
  }
  for (int k = 0; k < SOBOL_INDEX_BITS; k++) {
    c->direction[k] = scrambled[k];
  }
  c->shift = random_bits(stream) >> (64 - BITS);
}

static void prepare(coordinate *c, int i, bool scrambled, uint64_t seed)
{
  c->shift = 0;
  if (i == 0) {
    first_directions(c->direction);
  } else {
    directions_of(&POLYNOMIAL[i - 1], c->direction);
  }
  if (scrambled) {
    random_stream stream = random_open(seed, (uint64_t)(DIMENSION_STREAM + i));
    scramble(c, &stream);
  }
}

sobol *sobol_open(int dimensions, bool scrambled, uint64_t seed, stepdose_error *error)
{
  if (dimensions < 1 || dimensions > SOBOL_DIMENSIONS_MAX) {
    (void)error_set(error, STEPDOSE_OUT_OF_RANGE, "use fewer inputs",
                    "Sobol points have 1 to %d dimensions, not %d", SOBOL_DIMENSIONS_MAX,
                    dimensions);
    return NULL;
  }
  sobol *s = allocate(sizeof *s + (size_t)dimensions * sizeof s->at[0]);
  if (s == NULL) {
    (void)error_no_memory(error, "preparing Sobol points");
    return NULL;
  }
  s->dimensions = dimensions;
  for (int i = 0; i < dimensions; i++) {
    prepare(&s->at[i], i, scrambled, seed);
  }
  return s;
}

void sobol_close(sobol *sequence) { release(sequence); }

void sobol_point(const sobol *sequence, uint64_t index, double *point)
{
  uint64_t gray = index ^ (index >> 1);
  for (int i = 0; i < sequence->dimensions; i++) {
    const coordinate *c = &sequence->at[i];
    uint64_t bits = c->shift;
    for (int k = 0; k < SOBOL_INDEX_BITS && gray >> k != 0; k++) {
      if ((gray >> k) & 1) {
        bits ^= c->direction[k];
      }
    }
    /* an odd integer below 2^53 is exact and keeps the result off both end points */
    point[i] = (double)(2 * bits + 1) / TWO_POW_53;
  }
}
