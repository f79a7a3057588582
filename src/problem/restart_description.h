/* How rules after a missed or delayed dose are judged, as typed data. The study itself is the
 * business of src/study. */
#ifndef PROBLEM_RESTART_DESCRIPTION_H
#define PROBLEM_RESTART_DESCRIPTION_H

/* What may decide whether a rule is as safe as the uninterrupted schedule: X(ID, name in files,
 * unit, needs a CRS drive, probability, meaning). The tolerance of a probability is in percentage
 * points, that of a peak in percent of it. */
#define RESTART_MEASURES(X)                                                                        \
  X(CRS_GRADE1, "crs_probability_grade1", "fraction", true, true,                                  \
    "share of patients expected to have CRS of any grade after a dose")                            \
  X(CRS_GRADE2, "crs_probability_grade2", "fraction", true, true,                                  \
    "the same of grade 2 or higher; the default where the model has a CRS drive")                  \
  X(DRIVE, "crs_drive_rise", "pg/mL", true, false,                                                 \
    "95th percentile of the patients' rise of the CRS drive")                                      \
  X(IL6, "il6_peak", "pg/mL", false, false,                                                        \
    "95th percentile of the patients' IL-6 peak; the default of other models")

typedef enum restart_measure {
#define X(id, name, unit, drive, probability, meaning) RESTART_##id,
  RESTART_MEASURES(X)
#undef X
      RESTART_MEASURE_COUNT
} restart_measure;

typedef struct restart_measure_row {
  const char *name, *unit, *meaning;
  bool needs_drive, probability;
} restart_measure_row;
extern const restart_measure_row restart_measures[RESTART_MEASURE_COUNT];

enum { RESTART_GAP_DAYS_MAX = 365 };

typedef struct restart_settings {
  int gap_days_max, gap_days_step; /* days since the last dose: the longest, and between those that
                                      are looked at first */
  int doses_max;                   /* gaps after each of the first doses, and after the last one */
  double tolerance_percent; /* by which a rule may be worse than the uninterrupted schedule */
  restart_measure judged_by;
} restart_settings;

#endif
