/* States of synapse and which rate depends on which state: the one description of the model's
 * sparsity. Compiled once for each number of normal tissues (SYNAPSE_TISSUES).
 *
 * Drug amounts in nmol; drug at a site as free concentration in nM: what is bound to target cells
 * there is in equilibrium with it, so that the rate of the free drug is that of all drug divided by
 * 1 + d(bound)/d(free), and no root has to be found. */
#ifndef MODEL_SYNAPSE_STRUCTURE_H
#define MODEL_SYNAPSE_STRUCTURE_H

#ifndef SYNAPSE_TISSUES
#define SYNAPSE_TISSUES 4
#endif

/* Sites of T cells, in this order everywhere; normal tissues from SITE_TISSUE on. */
enum { SITE_BLOOD, SITE_LYMPHOID, SITE_TUMOR, SITE_TISSUE, SITES = SITE_TISSUE + SYNAPSE_TISSUES };

enum {
  DEPOT,                       /* subcutaneous depot                                     [nmol]   */
  LYMPH,                       /* on its way through lymph                               [nmol]   */
  GIVEN_CENTRAL,               /* drug as given (masked, if the molecule is), in blood   [nmol]   */
  GIVEN_PERIPHERAL,            /*                                                        [nmol]   */
  CUT_CENTRAL,                 /* drug whose mask has been cut off, in blood             [nmol]   */
  CUT_PERIPHERAL,              /*                                                        [nmol]   */
  CLEARANCE_EXTRA,             /* additional clearance, fading                           [L/day]  */
  MARGINATION,                 /* effect of dosing on T-cell traffic                     [1]      */
  DRUG = MARGINATION,          /* DRUG + s: free active drug at site s; not blood        [nM]     */
  REST = DRUG + SITES,         /* resting CD8 T cells                                  [cells]  */
  ACT = REST + SITES,          /* activated                                            [cells]  */
  POST = ACT + SITES,          /* post-activated or exhausted                          [cells]  */
  TARGET_BLOOD = POST + SITES, /* target cells in blood                        [cells]  */
  TARGET_LYMPHOID,             /* target cells in lymphoid tissue              [cells]  */
  TUMOR,                       /* tumour cells with antigen                    [cells]  */
  TUMOR_LOW,                   /* tumour cells with little antigen             [cells]  */
  DYING,                       /* killed tumour cells, not yet cleared         [cells]  */
  REFRACTORY,                  /* share of responders that no longer respond   [1]      */
  IL6 = REFRACTORY + SITES,    /*                                              [pg/mL]  */
  IFN,                         /* interferon-gamma                             [pg/mL]  */
  DRIVE,                       /* signal behind cytokine release syndrome      [pg/mL]  */
  DEXAMETHASONE,               /* in blood                                     [mg]     */
  DEXAMETHASONE_EFFECT,        /* delayed concentration                        [ug/L]   */
  TOCILIZUMAB,                 /* in blood                                     [mg]     */
  TOCILIZUMAB_PERIPHERAL,      /*                                              [mg]     */
  DEPLETER,                    /* depleting antibody in blood                  [mg]     */
  HEALTH,                      /* healthy share of each normal tissue          [1]      */
  SYNAPSE_STATES = HEALTH + SYNAPSE_TISSUES
};

/* Cells that carry the target at a site: one state, or two in the tumour. */
static inline int synapse_target(int s, int which)
{
  const int of_site[] = {TARGET_BLOOD, TARGET_LYMPHOID, TUMOR};
  return s >= SITE_TISSUE ? HEALTH + s - SITE_TISSUE : of_site[s] + which;
}

static inline int synapse_targets(int s) { return s == SITE_TUMOR ? 2 : 1; }

/* The two states that the drug seen at a site is made of. */
static inline int synapse_drug(int s, int which)
{
  const int second = s == SITE_BLOOD ? CUT_CENTRAL : DRUG + s;
  return which == 0 ? GIVEN_CENTRAL : second;
}

typedef void synapse_dependence(void *context, int i, int j);

static inline void synapse_drug_structure(synapse_dependence *depends, void *context)
{
  static const int pairs[][2] = {
      {LYMPH, DEPOT},
      {GIVEN_CENTRAL, LYMPH},
      {GIVEN_CENTRAL, GIVEN_PERIPHERAL},
      {GIVEN_CENTRAL, CLEARANCE_EXTRA},
      {GIVEN_CENTRAL, TARGET_BLOOD},
      {GIVEN_CENTRAL, CUT_CENTRAL},
      {GIVEN_PERIPHERAL, GIVEN_CENTRAL},
      {CUT_CENTRAL, GIVEN_CENTRAL},
      {CUT_CENTRAL, CUT_PERIPHERAL},
      {CUT_CENTRAL, TARGET_BLOOD},
      {CUT_PERIPHERAL, CUT_CENTRAL},
  };
  for (unsigned n = 0; n < sizeof pairs / sizeof pairs[0]; n++) {
    depends(context, pairs[n][0], pairs[n][1]);
  }
}

/* Traffic of target cells, and premedication. */
static inline void synapse_further_structure(synapse_dependence *depends, void *context)
{
  static const int pairs[][2] = {
      {TARGET_BLOOD, TARGET_LYMPHOID},
      {TARGET_BLOOD, TUMOR},
      {TUMOR, TARGET_BLOOD},
      {TARGET_BLOOD, DEPLETER},
      {TARGET_LYMPHOID, DEPLETER},
      {TUMOR, DEPLETER},
      {TUMOR_LOW, DEPLETER},
      {DYING, DEPLETER},
      {IL6, DEXAMETHASONE_EFFECT},
      {IFN, DEXAMETHASONE_EFFECT},
      {DRIVE, DEXAMETHASONE_EFFECT},
      {DEXAMETHASONE_EFFECT, DEXAMETHASONE},
      {IL6, TOCILIZUMAB},
      {DRIVE, TOCILIZUMAB},
      {TOCILIZUMAB, TOCILIZUMAB_PERIPHERAL},
      {TOCILIZUMAB_PERIPHERAL, TOCILIZUMAB},
  };
  for (unsigned n = 0; n < sizeof pairs / sizeof pairs[0]; n++) {
    depends(context, pairs[n][0], pairs[n][1]);
  }
}

/* Everything at site s that rate i can depend on there, apart from the refractory share. */
static inline void synapse_site_structure(synapse_dependence *depends, void *context, int i, int s)
{
  const int cells[] = {REST + s, ACT + s, POST + s};
  for (int j = 0; j < 3; j++) {
    depends(context, i, cells[j]);
  }
  for (int w = 0; w < 2; w++) {
    depends(context, i, synapse_drug(s, w));
  }
  for (int w = 0; w < synapse_targets(s); w++) {
    depends(context, i, synapse_target(s, w));
  }
}

/* What T cells at site s become and release. */
static inline void synapse_response_structure(synapse_dependence *depends, void *context, int s)
{
  const int local[] = {REST + s, ACT + s, POST + s, REFRACTORY + s};
  const int cytokines[] = {IL6, IFN, DRIVE};
  for (int n = 0; n < 4; n++) {
    synapse_site_structure(depends, context, local[n], s);
  }
  for (int n = 0; n < 3; n++) {
    synapse_site_structure(depends, context, cytokines[n], s);
    depends(context, cytokines[n], REFRACTORY + s);
  }
}

/* Killing of target cells at site s; what is killed in the tumour is dying. */
static inline void synapse_kill_structure(synapse_dependence *depends, void *context, int s)
{
  for (int i = 0; i < synapse_targets(s); i++) {
    const int target = synapse_target(s, i);
    depends(context, target, ACT + s);
    for (int w = 0; w < 2; w++) {
      depends(context, target, synapse_drug(s, w));
    }
    for (int j = 0; j < synapse_targets(s); j++) {
      depends(context, target, synapse_target(s, j));
    }
    if (s == SITE_TUMOR) {
      depends(context, DYING, target);
      depends(context, DYING, ACT + s);
      depends(context, DYING, GIVEN_CENTRAL);
      depends(context, DYING, DRUG + s);
    }
  }
}

/* Drug and T cells between blood and site s. */
static inline void synapse_entry_structure(synapse_dependence *depends, void *context, int s)
{
  depends(context, DRUG + s, GIVEN_CENTRAL);
  depends(context, DRUG + s, CUT_CENTRAL);
  for (int i = 0; i < synapse_targets(s); i++) {
    depends(context, DRUG + s, synapse_target(s, i));
  }
  for (int cell = REST; cell <= POST; cell += SITES) {
    depends(context, cell + s, cell);
    depends(context, cell, cell + s);
    depends(context, cell + s, MARGINATION);
    depends(context, cell, MARGINATION);
  }
}

/* Calls depends(context, i, j) for every i, j such that the rate of state i depends on state j. */
static inline void synapse_structure(synapse_dependence *depends, void *context)
{
  for (int i = 0; i < SYNAPSE_STATES; i++) {
    depends(context, i, i);
  }
  synapse_drug_structure(depends, context);
  synapse_further_structure(depends, context);
  for (int s = 0; s < SITES; s++) {
    synapse_response_structure(depends, context, s);
    synapse_kill_structure(depends, context, s);
    if (s != SITE_BLOOD) {
      synapse_entry_structure(depends, context, s);
    }
  }
}

#endif
