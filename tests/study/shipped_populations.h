/* Every shipped population with a molecule and an indication that it is meant for. */
#ifndef TESTS_STUDY_SHIPPED_POPULATIONS_H
#define TESTS_STUDY_SHIPPED_POPULATIONS_H

/* stem of the file; of synapse: molecule, indication and route, else NULL. What is plausible under
 * the molecule's first schedule: median IL-6 peak of the first dose [pg/mL], and the share of
 * patients who respond. The ranges are ours, wide around what trials of these drugs report (first
 * IL-6 peaks of some to some hundred pg/mL; response of 30 to 80 %, to which synapse is not
 * fitted). */
typedef struct shipped_population {
  const char *stem, *molecule, *indication, *route;
  int patients; /* to ask for */
  double il6_low, il6_high, response_low, response_high;
} shipped_population;

static const shipped_population shipped_populations[] = {
    {"dlbcl-virtual", NULL, NULL, NULL, 64, 20, 2000, 0.4, 0.95},
    {"dlbcl-virtual-observed-scale", NULL, NULL, NULL, 64, 10, 700, 0.4, 0.95},
    {"dlbcl-virtual-weighted", NULL, NULL, NULL, 4096, 20, 2000, 0.4, 0.95},
    {"dlbcl-virtual-observed-scale-weighted", NULL, NULL, NULL, 4096, 10, 700, 0.4, 0.95},
    {"synapse-nhl", "mosunetuzumab", "dlbcl", "iv", 64, 3, 300, 0.2, 1},
    {"synapse-nhl", "blinatumomab", "b-all", "civ", 64, 3, 3000, 0.2, 1},
    {"synapse-dlbcl", "mosunetuzumab", "dlbcl", "iv", 64, 3, 300, 0.2, 1},
    {"synapse-dlbcl", "epcoritamab", "dlbcl", "sc", 64, 1.8, 300, 0.2, 1},
    {"synapse-fl", "mosunetuzumab", "fl", "iv", 64, 3, 300, 0.2, 1},
    {"synapse-myeloma", "teclistamab", "multiple-myeloma", "sc", 64, 1.8, 300, 0.2, 1},
    {"synapse-multiple-myeloma", "teclistamab", "multiple-myeloma", "sc", 64, 1.8, 300, 0.2, 1},
    {"synapse-multiple-myeloma", "talquetamab", "multiple-myeloma", "sc", 64, 1.8, 300, 0.2, 1},
    {"synapse-solid", "tarlatamab", "sclc", "iv", 64, 1.8, 300, 0.05, 1},
    {"synapse-sclc", "tarlatamab", "sclc", "iv", 64, 1.8, 300, 0.05, 1},
};

enum { SHIPPED_POPULATIONS = sizeof shipped_populations / sizeof shipped_populations[0] };

#endif
