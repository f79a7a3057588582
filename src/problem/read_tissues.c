/* Normal tissues of the indication: their names, the grades of their damage, and whether they carry
 * any target. */
#include <stdio.h>
#include <string.h>

#include "problem/reader.h"

static const double grades_assumed[PROBLEM_GRADES] = {0.9, 0.75, 0.5, 0.25};
static const char grades_assumed_text[] = "[0.9, 0.75, 0.5, 0.25]";

/* Words that mean something else where a tissue may stand. */
static const char *const reserved[] = {"any",
#define X(id, name) name,
                                       PROBLEM_SITES(X)
#undef X
};

static bool check_name(reader *r, const cJSON *item)
{
  const char *name = item->valuestring;
  size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
  if (length == 0 || name[length] != '\0' || length >= PROBLEM_TISSUE_SIZE) {
    return reader_fail(r, item, OUT_OF_RANGE, "1 to 31 letters, digits and _ are allowed",
                       "\"%.64s\" cannot be the name of a tissue", name);
  }
  for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
    if (strcmp(name, reserved[i]) == 0) {
      return reader_fail(r, item, CONTRADICTION, "choose another name",
                         "\"%s\" has another meaning where tissues are named", name);
    }
  }
  return true;
}

static bool read_tissue(reader *r, const cJSON *item)
{
  stepdose_problem *p = r->problem;
  if (!check_name(r, item)) {
    return false;
  }
  if (p->n_tissues >= p->model->n_tissues) {
    return reader_fail(r, item, CONTRADICTION, "leave it out, or choose another model",
                       p->model->n_tissues == 0 ? "model %s has no normal tissue"
                                                : "model %s has no further normal tissue",
                       p->model->name);
  }
  for (int k = 0; k < p->n_tissues; k++) {
    if (strcmp(p->tissue[k], item->valuestring) == 0) {
      return reader_fail(r, item, CONTRADICTION, "name each tissue once", "\"%s\" is named twice",
                         item->valuestring);
    }
  }
  snprintf(p->tissue[p->n_tissues++], PROBLEM_TISSUE_SIZE, "%s", item->valuestring);
  return true;
}

static bool read_grades(reader *r, cJSON *indication)
{
  stepdose_problem *p = r->problem;
  const cJSON *list = json_get(indication, "health_grades");
  if (p->n_tissues == 0) {
    return list == NULL ||
           reader_fail_key(r, list, CONTRADICTION, "leave it out, or name \"tissues\"",
                           "\"health_grades\" needs a normal tissue");
  }
  if (list == NULL &&
      !reader_add(r, indication, "health_grades", grades_assumed_text, "default (assumed)")) {
    return false;
  }
  list = json_get(indication, "health_grades");
  for (int g = 0; g < PROBLEM_GRADES; g++) {
    p->health_grades[g] = cJSON_GetArrayItem(list, g)->valuedouble;
  }
  return true;
}

bool health_grades_assumed(const stepdose_problem *p)
{
  return memcmp(p->health_grades, grades_assumed, sizeof grades_assumed) == 0;
}

bool read_tissues(reader *r)
{
  cJSON *indication = cJSON_GetObjectItemCaseSensitive(r->root, "indication");
  const cJSON *list = json_get(indication, "tissues");
  for (const cJSON *item = list != NULL ? list->child : NULL; item != NULL; item = item->next) {
    if (!read_tissue(r, item)) {
      return false;
    }
  }
  return read_grades(r, indication);
}

static bool is_designed(const stepdose_problem *p, int parameter)
{
  for (int i = 0; i < p->n_design; i++) {
    if (p->design[i].parameter == parameter) {
      return true;
    }
  }
  return false;
}

static bool is_given(const reader *r, int parameter)
{
  return parameter >= 0 &&
         (is_designed(r->problem, parameter) || r->origins[parameter].kind != ORIGIN_DEFAULT);
}

/* A limit there would be kept by any regimen. */
static void warn_no_t_cells(reader *r, int tissue)
{
  const stepdose_problem *p = r->problem;
  int t_cells = parameter_of_tissue(p->model, tissue, "t_partition");
  if (t_cells >= 0 && !is_designed(p, t_cells) && !(p->parameters[t_cells] > 0)) {
    reader_warn(r, "no T cells are given for %s (t_partition): nothing can harm it",
                p->tissue[tissue]);
  }
}

/* The model's default density is that of another tissue: one that nobody gives is none. */
void check_tissues(reader *r)
{
  stepdose_problem *p = r->problem;
  for (int k = 0; k < p->n_tissues; k++) {
    int receptors = parameter_of_tissue(p->model, k, "receptors_per_cell");
    int cells = parameter_of_tissue(p->model, k, "target_cells_per_mL");
    if (receptors < 0 || (is_given(r, receptors) && is_given(r, cells))) {
      warn_no_t_cells(r, k);
      continue;
    }
    p->parameters[receptors] = 0;
    r->origins[receptors] = (parameter_origin){.kind = ORIGIN_NO_TARGET};
    reader_warn(r, "no target density is given for %s: it counts as free of target", p->tissue[k]);
  }
}
