/* Binding of a T-cell engager to its target and to CD3 where neither drug nor receptors are in
 * excess: wells of in-vitro tests, drug in a tissue full of receptors. Quasi-equilibrium, in
 * doubles; for simulations there is src/model/binding_lane.h, with drug in excess.
 *
 * Concentrations and dissociation constants in nM of the whole volume. Accepted: concentrations
 * from 0, constants above 0; anything else, and what is not a number, gives NAN. docs/binding.md
 * derives the equations. */
#ifndef MODEL_BINDING_H
#define MODEL_BINDING_H

/* --- effective constants ---------------------------------------------------------------------- */

/* Concentration of one receptor within reach of an arm that is already held, nM: one molecule in
 * the gap between two cells, 400 um2 of contact times 10 nm (assumed), 0.415 nM. */
#define BINDING_LOCAL_nM (1e9 / (6.02214076e23 * 400 * 10 * 1e-18)) /* 1 um2 nm = 1e-18 L */

/* Avidity of a second arm, [1]: share x receptors per cell x BINDING_LOCAL_nM / K. share is the
 * part (0 to 1) of the receptors that the second arm can reach; 0.015 to 0.024 for glofitamab at KD
 * 4.8 nM (fitted to Bacac 2018 Fig 1B: only the product with receptors/K is known). */
double binding_cis(double share, double receptors_per_cell, double kd_nM);

/* Dissociation constant of a target arm where bound receptors are internalised, nM:
 * KD + internalisation / on rate (steady state of free, bound and renewed receptors). It bounds the
 * use of affinity: CD38 x CD3 with KD 21 and 0.2 nM differ 20-fold in potency, not 105-fold
 * (XmAb13243, XmAb13551), which gives 1.8 per nM and day at 1.584 per day (Li 2022). */
double binding_effective_kd(double kd_nM, double internalisation_per_day,
                            double on_rate_per_nM_day);

/* Affinity for CD3 of a molecule with 1 or 2 CD3 arms, 1/nM: 1/KD, or 2 (1 + cis/2)/KD with cis
 * from binding_cis(share, CD3 receptors per T cell, KD of CD3).
 * Assumed for two arms: low occupancy (drug well below KD/(2 + cis)), so that few CD3 are held and
 * one constant describes both arms; a molecule on two CD3 counts as one trimer. At higher drug the
 * true occupancy is lower, because two-armed binding uses up receptors: the hook comes too early.
 */
double binding_cd3_affinity(double kd_cd3_nM, int cd3_arms, double cis);

/* --- target alone ----------------------------------------------------------------------------- */

/* Free drug, nM, among receptors that bind it, from all drug: drug = free + receptors x occupancy
 * (of binding_lane.h). One arm: quadratic, free of cancellation in both branches; two arms (with
 * their cis): root between 0 and all drug. */
double binding_free_drug(double drug_nM, double receptors_nM, double kd_nM, int target_arms,
                         double cis);

/* --- target and CD3 --------------------------------------------------------------------------- */

typedef struct binding_well {
  double target_nM, cd3_nM;       /* all receptors, free and bound */
  double kd_target_nM, kd_cd3_nM; /* of one arm */
  double cooperativity;           /* [1] above 0: what binding one side does to the affinity of the
                                     other; above 1 favours trimers */
  int target_arms;                /* 1 or 2 */
  double second_arm;              /* [1] from 0: the second target arm meets this times the free
                                     target; 300 to 3e5 for IgG; not used with one arm */
} binding_well;

/* A quantity and its derivatives. */
typedef struct binding_value {
  double value;                   /* nM */
  double by_drug;                 /* by the drug given to the function, free or all, nM/nM */
  double by_kd_target, by_kd_cd3; /* nM/nM */
} binding_value;

typedef struct binding_balance {
  double free_drug_nM, free_target_nM, free_cd3_nM;
  double drug_nM;        /* all drug, free and bound, each molecule once */
  binding_value trimers; /* drug on both target and CD3, each molecule once */
} binding_balance;

/* Full mass balance of target and CD3 at a given concentration of free drug. One target arm: closed
 * form; two: one root. */
binding_balance binding_at_free_drug(const binding_well *well, double free_drug_nM);

/* The same, where all drug is given: one more root. */
binding_balance binding_at_all_drug(const binding_well *well, double drug_nM);

/* Closed form for free drug, where few targets are held in trimers (target well above CD3): these
 * are left out of the balance of target. Never too few trimers; with one target arm at most
 * 1 + CD3/target times too many. */
binding_balance binding_with_few_trimers(const binding_well *well, double free_drug_nM);

#endif
