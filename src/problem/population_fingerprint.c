/* The laws of a population as one canonical text, and its hash. Plausible ranges and strata are not
 * in it: they change who counts where, not who a patient is. */
#include "problem/population_description.h"

#include "base/text.h"

static void append_coordinate(const population_description *d, const population_coordinate *c,
                              text *t)
{
  text_append(t, " law %s", population_laws[c->law].name);
  for (int k = 0; k < POPULATION_NUMBER_COUNT; k++) {
    if ((population_laws[c->law].takes >> k & 1u) != 0) {
      text_append(t, " %s ", population_number_keys[k]);
      text_append_number(t, c->number[k]);
    }
  }
  for (int i = c->first_row; i < c->first_row + c->n_rows; i++) {
    text_append(t, " value ");
    text_append_number(t, d->row[i].value);
    text_append(t, " weight ");
    text_append_number(t, d->row[i].weight);
  }
}

static void append_product(const population_description *d, const model *m,
                           const population_product *p, text *t)
{
  text_append(t, " factor ");
  text_append_number(t, p->factor);
  for (int i = 0; i < p->n_factors; i++) {
    const population_factor *f = &p->factors[i];
    text_append(t, " of %s power ",
                f->is_parameter ? m->parameters[f->index].name : d->quantity[f->index].name);
    text_append_number(t, f->power);
  }
}

static void append_quantity(const population_description *d, const model *m, int covariate, text *t)
{
  const population_quantity *q = &d->quantity[covariate];
  text_append(t, "\n%s in %s at_least ", q->name, q->unit);
  text_append_number(t, q->at_least);
  text_append(t, " at_most ");
  text_append_number(t, q->at_most);
  for (int k = 0; k < q->n_sets; k++) {
    text_append(t, " sets %s", m->parameters[q->sets[k]].name);
  }
  if (covariate < d->n_coordinates) {
    append_coordinate(d, &d->coordinate[covariate], t);
  } else {
    append_product(d, m, &d->product[covariate - d->n_coordinates], t);
  }
}

static void append_correlation(const population_description *d, const population_correlation *c,
                               text *t)
{
  text_append(t, "\n%s with %s ", d->quantity[c->first].name, d->quantity[c->second].name);
  text_append_number(t, c->value);
}

bool population_fingerprint(const population_description *d, const model *m,
                            char hash[HASH_TEXT_SIZE])
{
  text laws = {0};
  text_append(&laws, "%s by %s", m->name, population_sampling_names[d->sampling]);
  for (int j = 0; j < population_covariates(d); j++) {
    append_quantity(d, m, j, &laws);
  }
  for (int k = 0; k < d->n_correlations; k++) {
    append_correlation(d, &d->correlation[k], &laws);
  }
  const bool done = !laws.failed;
  if (done) {
    hash_sha256(laws.bytes, laws.length, hash);
  }
  text_free(&laws);
  return done;
}
