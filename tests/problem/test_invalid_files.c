/* problems/invalid holds one small hand-made file per way of being wrong: each must be refused with
 * exactly the code of its name, at the place where a person has to look. Lines and columns were
 * counted in the files, not copied from the reader. */
#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "problem/problem.h"

#define INVALID STEPDOSE_SOURCE_DIR "/problems/invalid"

typedef struct invalid_file {
  const char *name;
  stepdose_code code;
  int line, column;
  const char *pointer;
} invalid_file;

static const invalid_file files[] = {
    {"CONTRADICTION__choice_off_the_grid.json", STEPDOSE_CONTRADICTION, 13, 33,
     "/regimen/steps/1/dose_mg/1"},
    {"CONTRADICTION__crs_of_a_model_without_it.json", STEPDOSE_CONTRADICTION, 18, 19,
     "/limits/0/objective"},
    {"CONTRADICTION__damage_where_no_tissue_is_named.json", STEPDOSE_CONTRADICTION, 10, 19,
     "/limits/0/objective"},
    {"CONTRADICTION__day_that_the_measure_does_not_use.json", STEPDOSE_CONTRADICTION, 19, 46,
     "/maximize/day"},
    {"CONTRADICTION__days_above_two_shares.json", STEPDOSE_CONTRADICTION, 11, 85,
     "/limits/1/above"},
    {"CONTRADICTION__doses_must_rise_but_cannot.json", STEPDOSE_CONTRADICTION, 13, 29,
     "/regimen/steps/1/dose_mg"},
    {"CONTRADICTION__front_goal_of_both_directions.json", STEPDOSE_CONTRADICTION, 16, 5,
     "/pareto/goals/0"},
    {"CONTRADICTION__front_goal_twice.json", STEPDOSE_CONTRADICTION, 18, 18,
     "/pareto/goals/2/minimize"},
    {"CONTRADICTION__front_of_damage_of_a_grade.json", STEPDOSE_CONTRADICTION, 17, 62,
     "/pareto/goals/1/minimize/grade_at_least"},
    {"CONTRADICTION__front_of_damage_to_several_tissues.json", STEPDOSE_CONTRADICTION, 17, 55,
     "/pareto/goals/1/minimize/tissue"},
    {"CONTRADICTION__front_of_two_benefits.json", STEPDOSE_CONTRADICTION, 17, 5, "/pareto/goals/1"},
    {"CONTRADICTION__front_without_benefit.json", STEPDOSE_CONTRADICTION, 15, 23, "/pareto/goals"},
    {"CONTRADICTION__gap_impossible.json", STEPDOSE_CONTRADICTION, 16, 17, "/regimen/gap_days"},
    {"CONTRADICTION__grade_and_drive_share_a_probability.json", STEPDOSE_CONTRADICTION, 11, 71,
     "/limits/0/probability_max"},
    {"CONTRADICTION__health_and_grade.json", STEPDOSE_CONTRADICTION, 10, 52,
     "/limits/0/grade_at_least"},
    {"CONTRADICTION__health_grades_without_tissue.json", STEPDOSE_CONTRADICTION, 6, 97,
     "/indication/health_grades"},
    {"CONTRADICTION__length_of_a_continuous_infusion.json", STEPDOSE_CONTRADICTION, 10, 5,
     "/regimen/infusion_h"},
    {"CONTRADICTION__length_of_an_injection.json", STEPDOSE_CONTRADICTION, 10, 5,
     "/regimen/infusion_h"},
    {"CONTRADICTION__limit_twice.json", STEPDOSE_CONTRADICTION, 21, 68, "/limits/1/max_pg_mL"},
    {"CONTRADICTION__limit_twice_for_the_same_patients.json", STEPDOSE_CONTRADICTION, 12, 44,
     "/limits/1/max_pg_mL"},
    {"CONTRADICTION__median_of_a_response_rate.json", STEPDOSE_CONTRADICTION, 10, 87,
     "/maximize/statistic"},
    {"CONTRADICTION__off_tumor_of_a_model_without_it.json", STEPDOSE_CONTRADICTION, 18, 19,
     "/limits/0/objective"},
    {"CONTRADICTION__premedication_of_a_model_without_it.json", STEPDOSE_CONTRADICTION, 17, 29,
     "/premedication/drug"},
    {"CONTRADICTION__premedication_on_a_day_and_with_doses.json", STEPDOSE_CONTRADICTION, 9, 70,
     "/premedication/with_doses"},
    {"CONTRADICTION__probability_of_a_range_of_days.json", STEPDOSE_CONTRADICTION, 10, 81,
     "/limits/0/window"},
    {"CONTRADICTION__restart_judged_by_a_drive_without_one.json", STEPDOSE_CONTRADICTION, 16, 48,
     "/restart/judged_by"},
    {"CONTRADICTION__risk_and_no_risk.json", STEPDOSE_CONTRADICTION, 12, 44, "/limits/1/max_pg_mL"},
    {"CONTRADICTION__route_of_another_molecule.json", STEPDOSE_CONTRADICTION, 9, 14,
     "/regimen/route"},
    {"CONTRADICTION__sensitivity_of_patients_not_asked_for.json", STEPDOSE_CONTRADICTION, 13, 50,
     "/sensitivity/patients"},
    {"CONTRADICTION__share_of_a_mean.json", STEPDOSE_CONTRADICTION, 10, 46, "/maximize/share"},
    {"CONTRADICTION__site_of_a_model_without_it.json", STEPDOSE_CONTRADICTION, 18, 83,
     "/limits/0/activated_fraction_max"},
    {"CONTRADICTION__step_ratio_cannot_be_kept.json", STEPDOSE_CONTRADICTION, 13, 29,
     "/regimen/steps/1/dose_mg"},
    {"CONTRADICTION__stratum_of_a_population_without_strata.json", STEPDOSE_CONTRADICTION, 11, 71,
     "/limits/0/stratum"},
    {"CONTRADICTION__tissue_called_blood.json", STEPDOSE_CONTRADICTION, 6, 109,
     "/indication/tissues/0"},
    {"CONTRADICTION__tissue_limited_twice.json", STEPDOSE_CONTRADICTION, 11, 46,
     "/limits/1/health_min"},
    {"CONTRADICTION__tissue_of_a_model_without_it.json", STEPDOSE_CONTRADICTION, 6, 109,
     "/indication/tissues/0"},
    {"CONTRADICTION__tissue_twice.json", STEPDOSE_CONTRADICTION, 6, 111, "/indication/tissues/1"},
    {"CONTRADICTION__total_below_smallest_regimen.json", STEPDOSE_CONTRADICTION, 20, 55,
     "/limits/0/total_mg_max"},
    {"CONTRADICTION__two_grids.json", STEPDOSE_CONTRADICTION, 13, 59,
     "/regimen/steps/1/dose_mg/grid"},
    {"CONTRADICTION__two_risks.json", STEPDOSE_CONTRADICTION, 11, 50, "/limits/0/cvar"},
    {"CONTRADICTION__verification_of_the_same_patients.json", STEPDOSE_CONTRADICTION, 10, 45,
     "/verification/seed"},
    {"CONTRADICTION__visits_below_smallest_regimen.json", STEPDOSE_CONTRADICTION, 20, 53,
     "/limits/0/visits_max"},
    {"CONTRADICTION__wider_bound_for_more_patients.json", STEPDOSE_CONTRADICTION, 12, 44,
     "/limits/1/max_pg_mL"},
    {"CONTRADICTION__worst_stratum_without_strata.json", STEPDOSE_CONTRADICTION, 10, 59,
     "/maximize/statistic"},
    {"EMPTY_RANGE__design_min_above_max.json", STEPDOSE_EMPTY_RANGE, 17, 21, "/design/VmT"},
    {"EMPTY_RANGE__design_without_choice.json", STEPDOSE_EMPTY_RANGE, 17, 21, "/design/VmT"},
    {"EMPTY_RANGE__min_above_max.json", STEPDOSE_EMPTY_RANGE, 13, 29, "/regimen/steps/1/dose_mg"},
    {"EMPTY_RANGE__no_choice.json", STEPDOSE_EMPTY_RANGE, 13, 15, "/regimen/steps/1/day"},
    {"EMPTY_RANGE__no_dose_of_the_grid.json", STEPDOSE_EMPTY_RANGE, 13, 29,
     "/regimen/steps/1/dose_mg"},
    {"EMPTY_RANGE__no_step.json", STEPDOSE_EMPTY_RANGE, 11, 14, "/regimen/steps"},
    {"EMPTY_RANGE__sensitivity_range.json", STEPDOSE_EMPTY_RANGE, 15, 7, "/sensitivity/inputs/0"},
    {"EMPTY_RANGE__window_without_days.json", STEPDOSE_EMPTY_RANGE, 20, 41, "/limits/0/window"},
    {"FILE_REFERENCE__a_directory.json", STEPDOSE_FILE_REFERENCE, 6, 17, "/indication"},
    {"FILE_REFERENCE__no_such_molecule.json", STEPDOSE_FILE_REFERENCE, 5, 15, "/molecule"},
    {"FORMAT_UNSUPPORTED__molecule_of_another_version.json", STEPDOSE_FORMAT_UNSUPPORTED, 5, 26,
     "/molecule/format"},
    {"FORMAT_UNSUPPORTED__problem_of_another_version.json", STEPDOSE_FORMAT_UNSUPPORTED, 2, 13,
     "/format"},
    {"JSON_DUPLICATE_KEY__dose_twice_in_a_step.json", STEPDOSE_JSON_DUPLICATE_KEY, 12, 32,
     "/regimen/steps/0/dose_mg"},
    {"JSON_DUPLICATE_KEY__horizon_twice.json", STEPDOSE_JSON_DUPLICATE_KEY, 8, 3, "/horizon_days"},
    {"JSON_SYNTAX__byte_order_mark.json", STEPDOSE_JSON_SYNTAX, 1, 1, ""},
    {"JSON_SYNTAX__bytes_after_the_end.json", STEPDOSE_JSON_SYNTAX, 23, 1, ""},
    {"JSON_SYNTAX__comment.json", STEPDOSE_JSON_SYNTAX, 4, 3, "/title"},
    {"JSON_SYNTAX__control_character.json", STEPDOSE_JSON_SYNTAX, 4, 21, "/model"},
    {"JSON_SYNTAX__cut_off.json", STEPDOSE_JSON_SYNTAX, 21, 1, "/limits/0"},
    {"JSON_SYNTAX__leading_zero.json", STEPDOSE_JSON_SYNTAX, 7, 20, "/horizon_days"},
    {"JSON_SYNTAX__not_utf8.json", STEPDOSE_JSON_SYNTAX, 3, 17, "/title"},
    {"JSON_SYNTAX__null_character.json", STEPDOSE_JSON_SYNTAX, 3, 18, "/title"},
    {"JSON_SYNTAX__number_not_finite_word.json", STEPDOSE_JSON_SYNTAX, 7, 19, "/horizon_days"},
    {"JSON_SYNTAX__single_quotes.json", STEPDOSE_JSON_SYNTAX, 9, 14, "/regimen/route"},
    {"JSON_SYNTAX__trailing_comma.json", STEPDOSE_JSON_SYNTAX, 21, 3, "/limits/1"},
    {"JSON_TOO_LARGE__nested_too_deeply.json", STEPDOSE_JSON_TOO_LARGE, 7, 50,
     "/horizon_days/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0/0"},
    {"JSON_TOO_LARGE__number_of_many_digits.json", STEPDOSE_JSON_TOO_LARGE, 7, 19, "/horizon_days"},
    {"MISSING_KEY__activation_without_site.json", STEPDOSE_MISSING_KEY, 10, 5, "/limits/0/site"},
    {"MISSING_KEY__damage_without_bound.json", STEPDOSE_MISSING_KEY, 10, 5, "/limits/0/health_min"},
    {"MISSING_KEY__front_probability_without_grade.json", STEPDOSE_MISSING_KEY, 17, 18,
     "/pareto/goals/1/minimize/grade_at_least"},
    {"MISSING_KEY__grade_without_probability.json", STEPDOSE_MISSING_KEY, 10, 5,
     "/limits/0/probability_max"},
    {"MISSING_KEY__infusion_without_length.json", STEPDOSE_MISSING_KEY, 8, 14,
     "/regimen/infusion_h"},
    {"MISSING_KEY__limit_without_bound.json", STEPDOSE_MISSING_KEY, 20, 5, "/limits/0/max_pg_mL"},
    {"MISSING_KEY__no_horizon.json", STEPDOSE_MISSING_KEY, 1, 1, "/horizon_days"},
    {"MISSING_KEY__parameter_without_source.json", STEPDOSE_MISSING_KEY, 7, 25,
     "/parameters/VmT/source"},
    {"MISSING_KEY__premedication_without_time.json", STEPDOSE_MISSING_KEY, 9, 20,
     "/premedication/with_doses"},
    {"MISSING_KEY__probability_without_grade.json", STEPDOSE_MISSING_KEY, 10, 5,
     "/limits/0/grade_at_least"},
    {"MISSING_KEY__quantile_without_share.json", STEPDOSE_MISSING_KEY, 10, 15, "/maximize/share"},
    {"MISSING_KEY__range_of_an_input_that_is_zero.json", STEPDOSE_MISSING_KEY, 15, 7,
     "/sensitivity/inputs/0"},
    {"MISSING_KEY__risk_without_bound.json", STEPDOSE_MISSING_KEY, 11, 5, "/limits/0/max_pg_mL"},
    {"MISSING_KEY__step_without_day.json", STEPDOSE_MISSING_KEY, 13, 7, "/regimen/steps/1/day"},
    {"MISSING_KEY__step_without_dose.json", STEPDOSE_MISSING_KEY, 13, 7,
     "/regimen/steps/1/dose_mg"},
    {"NOT_FINITE__limit_too_large.json", STEPDOSE_NOT_FINITE, 20, 68, "/limits/0/max_pg_mL"},
    {"NOT_FINITE__seed_too_large.json", STEPDOSE_NOT_FINITE, 19, 22, "/search/seed"},
    {"OUT_OF_RANGE__design_of_half_an_arm.json", STEPDOSE_OUT_OF_RANGE, 17, 32,
     "/design/target_valency"},
    {"OUT_OF_RANGE__design_outside_the_model.json", STEPDOSE_OUT_OF_RANGE, 17, 41,
     "/design/VmT/max"},
    {"OUT_OF_RANGE__design_range_of_arms.json", STEPDOSE_OUT_OF_RANGE, 17, 32,
     "/design/target_valency"},
    {"OUT_OF_RANGE__dose_zero.json", STEPDOSE_OUT_OF_RANGE, 13, 50, "/regimen/steps/1/dose_mg/max"},
    {"OUT_OF_RANGE__eleven_rounds.json", STEPDOSE_OUT_OF_RANGE, 10, 30, "/verification/rounds"},
    {"OUT_OF_RANGE__front_population_is_odd.json", STEPDOSE_OUT_OF_RANGE, 15, 33,
     "/pareto/population_size"},
    {"OUT_OF_RANGE__gap_below_one_day.json", STEPDOSE_OUT_OF_RANGE, 16, 25,
     "/regimen/gap_days/min"},
    {"OUT_OF_RANGE__grade_five.json", STEPDOSE_OUT_OF_RANGE, 18, 44, "/limits/0/grade_at_least"},
    {"OUT_OF_RANGE__grid_not_increasing.json", STEPDOSE_OUT_OF_RANGE, 16, 35,
     "/regimen/dose_grid_mg/3"},
    {"OUT_OF_RANGE__grid_wider_than_its_range.json", STEPDOSE_OUT_OF_RANGE, 13, 44,
     "/regimen/steps/1/day/grid"},
    {"OUT_OF_RANGE__health_grades_rise.json", STEPDOSE_OUT_OF_RANGE, 6, 120,
     "/indication/health_grades/1"},
    {"OUT_OF_RANGE__horizon_negative.json", STEPDOSE_OUT_OF_RANGE, 7, 19, "/horizon_days"},
    {"OUT_OF_RANGE__measure_after_the_horizon.json", STEPDOSE_OUT_OF_RANGE, 19, 81,
     "/maximize/day"},
    {"OUT_OF_RANGE__more_steps_than_described.json", STEPDOSE_OUT_OF_RANGE, 16, 24,
     "/regimen/number_of_steps"},
    {"OUT_OF_RANGE__parameter_outside_the_model.json", STEPDOSE_OUT_OF_RANGE, 7, 35,
     "/parameters/VmT/value"},
    {"OUT_OF_RANGE__patients_not_described.json", STEPDOSE_OUT_OF_RANGE, 7, 67,
     "/population/patients"},
    {"OUT_OF_RANGE__premedication_after_the_horizon.json", STEPDOSE_OUT_OF_RANGE, 9, 67,
     "/premedication/day"},
    {"OUT_OF_RANGE__probability_of_one.json", STEPDOSE_OUT_OF_RANGE, 11, 69,
     "/limits/0/probability_max"},
    {"OUT_OF_RANGE__step_at_the_horizon.json", STEPDOSE_OUT_OF_RANGE, 13, 15,
     "/regimen/steps/1/day"},
    {"OUT_OF_RANGE__step_ratio_below_one.json", STEPDOSE_OUT_OF_RANGE, 16, 23,
     "/regimen/step_ratio_max"},
    {"OUT_OF_RANGE__steps_less_than_a_day_apart.json", STEPDOSE_OUT_OF_RANGE, 13, 15,
     "/regimen/steps/1/day"},
    {"OUT_OF_RANGE__tissue_with_a_space.json", STEPDOSE_OUT_OF_RANGE, 6, 109,
     "/indication/tissues/0"},
    {"OUT_OF_RANGE__too_much_premedication.json", STEPDOSE_OUT_OF_RANGE, 10, 20, "/premedication"},
    {"OUT_OF_RANGE__window_after_the_horizon.json", STEPDOSE_OUT_OF_RANGE, 20, 67,
     "/limits/0/window/to_day"},
    {"STEPS_OUT_OF_ORDER__fixed_days.json", STEPDOSE_STEPS_OUT_OF_ORDER, 13, 15,
     "/regimen/steps/1/day"},
    {"STEPS_OUT_OF_ORDER__free_days.json", STEPDOSE_STEPS_OUT_OF_ORDER, 13, 15,
     "/regimen/steps/1/day"},
    {"STEPS_OUT_OF_ORDER__maintenance_before_last_step.json", STEPDOSE_STEPS_OUT_OF_ORDER, 15, 34,
     "/regimen/maintenance/first_day"},
    {"UNITS_MISMATCH__grid_of_another_route.json", STEPDOSE_UNITS_MISMATCH, 16, 5,
     "/regimen/dose_grid_ug_m2_day"},
    {"UNITS_MISMATCH__mg_for_a_continuous_infusion.json", STEPDOSE_UNITS_MISMATCH, 12, 18,
     "/regimen/steps/1/dose_mg"},
    {"UNITS_MISMATCH__parameter_in_another_unit.json", STEPDOSE_UNITS_MISMATCH, 7, 54,
     "/parameters/KdrugB/unit"},
    {"UNITS_MISMATCH__parameter_of_a_skipped_tissue.json", STEPDOSE_UNITS_MISMATCH, 5, 171,
     "/molecule/parameters/skin.receptors_per_cell/unit"},
    {"UNITS_MISMATCH__rate_for_an_infusion.json", STEPDOSE_UNITS_MISMATCH, 13, 18,
     "/regimen/steps/1/dose_ug_m2_day"},
    {"UNITS_MISMATCH__total_mg_of_a_continuous_infusion.json", STEPDOSE_UNITS_MISMATCH, 17, 39,
     "/limits/0/total_mg_max"},
    {"UNKNOWN_KEY__bound_of_another_objective.json", STEPDOSE_UNKNOWN_KEY, 20, 31,
     "/limits/0/total_mg_max"},
    {"UNKNOWN_KEY__design_with_a_grid.json", STEPDOSE_UNKNOWN_KEY, 17, 46, "/design/VmT/grid"},
    {"UNKNOWN_KEY__dose_without_unit.json", STEPDOSE_UNKNOWN_KEY, 13, 18, "/regimen/steps/1/dose"},
    {"UNKNOWN_KEY__front_window_of_a_burden.json", STEPDOSE_UNKNOWN_KEY, 17, 52,
     "/pareto/goals/1/minimize/window"},
    {"UNKNOWN_KEY__grade_of_another_objective.json", STEPDOSE_UNKNOWN_KEY, 18, 50,
     "/limits/0/grade_at_least"},
    {"UNKNOWN_KEY__horizon_misspelt.json", STEPDOSE_UNKNOWN_KEY, 7, 3, "/horizon_day"},
    {"UNKNOWN_KEY__risk_of_a_burden.json", STEPDOSE_UNKNOWN_KEY, 11, 60,
     "/limits/0/probability_max"},
    {"UNKNOWN_KEY__site_of_another_bound.json", STEPDOSE_UNKNOWN_KEY, 18, 40, "/limits/0/site"},
    {"UNKNOWN_KEY__stratum_of_a_burden.json", STEPDOSE_UNKNOWN_KEY, 11, 60, "/limits/0/stratum"},
    {"UNKNOWN_KEY__window_of_a_burden.json", STEPDOSE_UNKNOWN_KEY, 20, 39, "/limits/0/window"},
    {"UNKNOWN_KEY__window_of_damage.json", STEPDOSE_UNKNOWN_KEY, 10, 51, "/limits/0/window"},
    {"UNKNOWN_NAME__design.json", STEPDOSE_UNKNOWN_NAME, 17, 14, "/design/KdrugacT"},
    {"UNKNOWN_NAME__engine.json", STEPDOSE_UNKNOWN_NAME, 19, 24, "/search/engine"},
    {"UNKNOWN_NAME__front_measure.json", STEPDOSE_UNKNOWN_NAME, 17, 63,
     "/pareto/goals/1/minimize/measure"},
    {"UNKNOWN_NAME__group_of_doses.json", STEPDOSE_UNKNOWN_NAME, 9, 74,
     "/premedication/with_doses"},
    {"UNKNOWN_NAME__measure.json", STEPDOSE_UNKNOWN_NAME, 19, 57, "/maximize/measure"},
    {"UNKNOWN_NAME__measure_of_restart.json", STEPDOSE_UNKNOWN_NAME, 16, 28, "/restart/judged_by"},
    {"UNKNOWN_NAME__model.json", STEPDOSE_UNKNOWN_NAME, 4, 12, "/model"},
    {"UNKNOWN_NAME__parameter.json", STEPDOSE_UNKNOWN_NAME, 7, 18, "/parameters/Vmt"},
    {"UNKNOWN_NAME__parameter_of_a_tissue.json", STEPDOSE_UNKNOWN_NAME, 5, 121,
     "/molecule/parameters/skin.receptor_per_cell"},
    {"UNKNOWN_NAME__parameter_of_an_unnamed_tissue.json", STEPDOSE_UNKNOWN_NAME, 9, 18,
     "/parameters/colon.receptors_per_cell"},
    {"UNKNOWN_NAME__premedication_drug.json", STEPDOSE_UNKNOWN_NAME, 17, 30,
     "/premedication/0/drug"},
    {"UNKNOWN_NAME__preset.json", STEPDOSE_UNKNOWN_NAME, 7, 20, "/model_preset/0"},
    {"UNKNOWN_NAME__route.json", STEPDOSE_UNKNOWN_NAME, 9, 14, "/regimen/route"},
    {"UNKNOWN_NAME__route_of_premedication.json", STEPDOSE_UNKNOWN_NAME, 9, 14, "/regimen/route"},
    {"UNKNOWN_NAME__sensitivity_input.json", STEPDOSE_UNKNOWN_NAME, 15, 14,
     "/sensitivity/inputs/0/of"},
    {"UNKNOWN_NAME__site.json", STEPDOSE_UNKNOWN_NAME, 10, 48, "/limits/0/site"},
    {"UNKNOWN_NAME__statistic.json", STEPDOSE_UNKNOWN_NAME, 10, 59, "/maximize/statistic"},
    {"UNKNOWN_NAME__stratum.json", STEPDOSE_UNKNOWN_NAME, 11, 85, "/limits/0/stratum"},
    {"UNKNOWN_NAME__tissue.json", STEPDOSE_UNKNOWN_NAME, 10, 42, "/limits/0/tissue"},
    {"UNKNOWN_NAME__tissue_by_its_number.json", STEPDOSE_UNKNOWN_NAME, 9, 18,
     "/parameters/tissue1_receptors_per_cell"},
    {"UNKNOWN_NAME__window.json", STEPDOSE_UNKNOWN_NAME, 20, 41, "/limits/0/window"},
    {"WRONG_TYPE__design_is_a_list.json", STEPDOSE_WRONG_TYPE, 17, 13, "/design"},
    {"WRONG_TYPE__half_a_dose_of_maintenance.json", STEPDOSE_WRONG_TYPE, 15, 65,
     "/regimen/maintenance/doses"},
    {"WRONG_TYPE__horizon_is_a_text.json", STEPDOSE_WRONG_TYPE, 7, 19, "/horizon_days"},
    {"WRONG_TYPE__null_in_a_range.json", STEPDOSE_WRONG_TYPE, 13, 50,
     "/regimen/steps/1/dose_mg/max"},
    {"WRONG_TYPE__steps_are_an_object.json", STEPDOSE_WRONG_TYPE, 11, 14, "/regimen/steps"},
    {"WRONG_TYPE__three_health_grades.json", STEPDOSE_WRONG_TYPE, 6, 114,
     "/indication/health_grades"},
};

enum { N_FILES = sizeof files / sizeof files[0] };

Test(problem, invalid_files_are_refused_where_they_are_wrong)
{
  for (size_t i = 0; i < N_FILES; i++) {
    const invalid_file *f = &files[i];
    stepdose_error e = {.code = STEPDOSE_OK};
    char path[512];
    snprintf(path, sizeof path, "%s/%s", INVALID, f->name);
    stepdose_problem *problem = problem_read(path, NULL, 0, &e);
    cr_expect_null(problem, "%s was accepted", f->name);
    problem_free(problem);
    cr_expect_eq(e.code, f->code, "%s: %s: %s", f->name, stepdose_code_name(e.code), e.message);
    cr_expect_str_eq(e.pointer, f->pointer, "%s: pointer %s", f->name, e.pointer);
    cr_expect(e.line == f->line && e.column == f->column, "%s: place %d:%d instead of %d:%d",
              f->name, e.line, e.column, f->line, f->column);
    cr_expect_str_eq(e.file, path, "%s: file %s", f->name, e.file);
    cr_expect(e.message[0] != '\0' && e.remedy[0] != '\0', "%s: no message or remedy", f->name);
    cr_expect_eq(stepdose_code_exit(e.code), 2, "%s", f->name);
  }
}

static bool is_listed(const char *name)
{
  for (size_t i = 0; i < N_FILES; i++) {
    if (strcmp(files[i].name, name) == 0) {
      return true;
    }
  }
  return false;
}

Test(problem, every_invalid_file_is_in_the_table_and_named_after_its_code)
{
  DIR *directory = opendir(INVALID);
  int n = 0;
  cr_assert_not_null(directory);
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    if (entry->d_name[0] != '.') {
      cr_expect(is_listed(entry->d_name), "%s is not tested", entry->d_name);
      n++;
    }
  }
  closedir(directory);
  cr_expect_eq(n, N_FILES);
  for (size_t i = 0; i < N_FILES; i++) {
    const char *code = stepdose_code_name(files[i].code);
    size_t length = strlen(code);
    cr_expect(strncmp(files[i].name, code, length) == 0 && files[i].name[length] == '_', "%s",
              files[i].name);
  }
}

/* Errors of other files than problems, and of integration, have their own tests. */
static bool is_of_problem_files(stepdose_code code)
{
  return stepdose_code_exit(code) == 2 && code != STEPDOSE_EVENT_TABLE &&
         code != STEPDOSE_RESULT_INVALID && code != STEPDOSE_SIMULATION_FAILED;
}

Test(problem, every_code_of_problem_files_has_an_invalid_file)
{
  for (int code = 0; code < STEPDOSE_CODE_COUNT; code++) {
    int n = 0;
    for (size_t i = 0; i < N_FILES; i++) {
      n += files[i].code == (stepdose_code)code;
    }
    cr_expect(!is_of_problem_files((stepdose_code)code) || n > 0, "no file for %s",
              stepdose_code_name((stepdose_code)code));
  }
}
