/* States of hosseini2020 and which rate depends on which state: the one description of the model's
 * sparsity. The kernel computes exactly these derivatives; the linear solver is generated from it.
 *
 * Equations: Hosseini et al. 2020, npj Syst Biol Appl 6:28. Of the source's 36 states, those that
 * influence nothing here are left out (BAFF; rituximab at zero amount; the running AUC), and three
 * groups of states that are linear with a common rate are carried as their sum, which is exact:
 *   margination = finj*injection_effect + fdrug*drug_effect         (one half-life, tinjhalf)
 *   il6_tissue  = IL6_tiss_contribution/Vpb * sum_j V_j*IL6_j       (one half-life, thalfIL6)
 * so that the observable IL6combo is il6_blood + il6_tissue. */
#ifndef MODEL_HOSSEINI2020_STRUCTURE_H
#define MODEL_HOSSEINI2020_STRUCTURE_H

/* Sites of T and B cells, in this order everywhere. */
enum { SITE_BLOOD, SITE_SPLEEN, SITE_NODES, SITE_MARROW, SITE_TUMOR, SITES };

enum {
  TDB_DEPOT,                   /* subcutaneous depot                              [ug/kg] */
  TDB_CENTRAL,                 /* mosunetuzumab in blood                          [ug/kg] */
  TDB_PERIPHERAL,              /*                                                 [ug/kg] */
  BLIN,                        /* blinatumomab in blood                           [ug/m2] */
  MARGINATION,                 /* effect of dosing on T-cell traffic              [1]     */
  REST,                        /* resting CD8 T cells, one per site               [cells] */
  ACT = REST + SITES,          /* activated                                  [cells] */
  ACT0 = ACT + SITES,          /* post-activated                             [cells] */
  B = ACT0 + SITES,            /* CD19+CD20+ B cells; in the tumour: tumour cells [cells] */
  B_CD20_NEGATIVE = B + SITES, /* CD19+CD20- B cells in marrow        [cells] */
  IL6_BLOOD,                   /*                                                 [pg/mL] */
  IL6_TISSUE,                  /* tissue IL-6 as it appears in blood              [pg/mL] */
  HOSSEINI2020_STATES
};

/* Calls depends(context, i, j) for every i, j such that the rate of state i depends on state j. */
static inline void hosseini2020_structure(void (*depends)(void *context, int i, int j),
                                          void *context)
{
  static const int drugs[] = {TDB_CENTRAL, BLIN};
  for (int i = 0; i < HOSSEINI2020_STATES; i++) {
    depends(context, i, i);
  }
  depends(context, TDB_CENTRAL, TDB_DEPOT);
  depends(context, TDB_CENTRAL, TDB_PERIPHERAL);
  depends(context, TDB_PERIPHERAL, TDB_CENTRAL);
  for (int s = 0; s < SITES; s++) {
    const int cells[] = {REST + s, ACT + s, ACT0 + s, B + s};
    for (int i = 0; i < 3; i++) { /* activation: drug and the ratio of B to T cells */
      for (int j = 0; j < 4; j++) {
        depends(context, cells[i], cells[j]);
      }
    }
    depends(context, B + s, ACT + s); /* kill: drug and the ratio of activated T to B cells */
    for (int d = 0; d < 2; d++) {
      for (int i = 0; i < 4; i++) {
        depends(context, cells[i], drugs[d]);
      }
      depends(context, s == SITE_BLOOD ? IL6_BLOOD : IL6_TISSUE, drugs[d]);
    }
    depends(context, s == SITE_BLOOD ? IL6_BLOOD : IL6_TISSUE, ACT + s);
    depends(context, s == SITE_BLOOD ? IL6_BLOOD : IL6_TISSUE, B + s);
    if (s != SITE_BLOOD) { /* traffic between blood and tissue */
      for (int cell = REST; cell <= ACT0; cell += SITES) {
        depends(context, cell + s, cell);
        depends(context, cell, cell + s);
        depends(context, cell + s, MARGINATION);
        depends(context, cell, MARGINATION);
      }
      depends(context, B + s, B);
      depends(context, B, B + s);
    }
  }
  /* marrow: blinatumomab acts by CD19, which the CD20-negative B cells carry too */
  const int by_cd19[] = {REST + SITE_MARROW, ACT + SITE_MARROW, ACT0 + SITE_MARROW, B + SITE_MARROW,
                         IL6_TISSUE};
  for (int i = 0; i < 5; i++) {
    depends(context, by_cd19[i], B_CD20_NEGATIVE);
  }
  const int of_negative[] = {ACT + SITE_MARROW, B + SITE_MARROW, B + SITE_BLOOD,
                             B + SITE_SPLEEN,   B + SITE_NODES,  BLIN};
  for (int j = 0; j < 6; j++) {
    depends(context, B_CD20_NEGATIVE, of_negative[j]);
  }
}

#endif
