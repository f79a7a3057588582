/* Structured mutants of a problem file, and what must hold for each. Shared by the Criterion test
 * and by the plain program that runs under sanitizers. The walk over the text is independent of the
 * reader that is tested. */
#ifndef TESTS_PROBLEM_MUTATE_H
#define TESTS_PROBLEM_MUTATE_H

#include <stdio.h>
#include <string.h>

#include "base/allocate.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "problem/json_scan.h"
#include "problem/problem.h"

/* A member or element of a well-formed text: byte offsets and JSON Pointer. */
typedef struct place {
  size_t key, key_end; /* with quotes; equal for elements of arrays */
  size_t value, value_end;
  char parent[256], pointer[256];
} place;

typedef struct mutant {
  const char *kind;
  text bytes;
  char pointer[256]; /* "" or where it must be refused */
  bool must_refuse;
} mutant;

typedef struct mutation {
  const char *path;  /* the file that the mutants stand for */
  const char *bytes; /* of the base */
  size_t length;
  int n_places, capacity;
  place *places;
  long tried, refused, harmless, failed;
} mutation;

static size_t walk_space(const char *t, size_t at) { return at + strspn(t + at, " \t\r\n"); }

static size_t walk_string(const char *t, size_t at)
{
  for (at++; t[at] != '"'; at++) {
    at += t[at] == '\\';
  }
  return at + 1;
}

static place *walk_add(mutation *m)
{
  if (m->n_places == m->capacity) {
    m->capacity = 2 * m->capacity + 64;
    m->places = reallocate(m->places, (size_t)m->capacity * sizeof *m->places);
  }
  place *p = &m->places[m->n_places++];
  *p = (place){0};
  return p;
}

/* Records everything below the value at `at`; returns its end. */
static size_t walk(mutation *m, size_t at, const char *pointer)
{
  const char *t = m->bytes;
  char open = t[at];
  if (open == '"') {
    return walk_string(t, at);
  }
  if (open != '{' && open != '[') {
    return at + strcspn(t + at, ",]} \t\r\n");
  }
  at = walk_space(t, at + 1);
  for (int index = 0; t[at] != '}' && t[at] != ']'; index++) {
    int slot = m->n_places;
    place *p = walk_add(m);
    p->key = p->key_end = at;
    snprintf(p->parent, sizeof p->parent, "%s", pointer);
    if (open == '{') {
      p->key_end = walk_string(t, at);
      snprintf(p->pointer, sizeof p->pointer, "%s/%.*s", pointer, (int)(p->key_end - at - 2),
               t + at + 1);
      at = walk_space(t, walk_space(t, p->key_end) + 1);
    } else {
      snprintf(p->pointer, sizeof p->pointer, "%s/%d", pointer, index);
    }
    char own[sizeof p->pointer];
    memcpy(own, p->pointer, sizeof own);
    p->value = at;
    at = walk(m, at, own);
    m->places[slot].value_end = at;
    at = walk_space(t, at);
    at = t[at] == ',' ? walk_space(t, at + 1) : at;
  }
  return at + 1;
}

static void mutation_open(mutation *m, const char *path, const char *bytes, size_t length)
{
  *m = (mutation){.path = path, .bytes = bytes, .length = length};
  walk(m, walk_space(bytes, 0), "");
}

static void mutation_close(mutation *m) { release(m->places); }

/* Whether an error of a problem file is complete: code, file, place. */
static bool error_is_complete(const mutant *one, const stepdose_error *error, char *complaint,
                              size_t size)
{
  json_mark *marks = NULL;
  size_t n_marks = 0;
  bool well_formed = json_scan(one->bytes.bytes, 0, one->bytes.length, &marks, &n_marks, NULL);
  release(marks);
  if (stepdose_code_exit(error->code) != 2) {
    snprintf(complaint, size, "exit code is not 2: %s", stepdose_code_name(error->code));
  } else if (error->file[0] == '\0' || error->line < 1 || error->column < 1) {
    snprintf(complaint, size, "no place: %s:%d:%d", error->file, error->line, error->column);
  } else if (error->message[0] == '\0' || error->remedy[0] == '\0') {
    snprintf(complaint, size, "no message or remedy");
  } else if (well_formed && error->pointer[0] == '\0') {
    snprintf(complaint, size, "no pointer");
  } else if (one->pointer[0] != '\0' && strcmp(one->pointer, error->pointer) != 0) {
    snprintf(complaint, size, "pointer %s instead of %s", error->pointer, one->pointer);
  } else {
    return true;
  }
  return false;
}

/* A harmless mutant is a problem: its effective text must read back to itself. */
static bool reads_back(const stepdose_problem *problem, const char *path, char *complaint,
                       size_t size)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *again =
      problem_read_text(path, problem->effective, strlen(problem->effective), NULL, 0, &error);
  bool same = again != NULL && strcmp(again->hash, problem->hash) == 0;
  if (!same) {
    snprintf(complaint, size, "the effective problem does not read back: %s %s", error.pointer,
             error.message);
  }
  problem_free(again);
  return same;
}

/* Reads one mutant; false: `complaint` says what is wrong. */
static bool mutant_holds(mutation *m, const mutant *one, char *complaint, size_t size)
{
  stepdose_error error = {.code = STEPDOSE_OK};
  stepdose_problem *problem =
      problem_read_text(m->path, one->bytes.bytes, one->bytes.length, NULL, 0, &error);
  bool holds;
  m->tried++;
  if (problem == NULL) {
    m->refused++;
    holds = error_is_complete(one, &error, complaint, size);
  } else if (one->must_refuse) {
    snprintf(complaint, size, "was accepted");
    holds = false;
  } else {
    m->harmless++;
    holds = reads_back(problem, m->path, complaint, size);
  }
  problem_free(problem);
  return holds;
}

static void mutant_try(mutation *m, mutant *one)
{
  char complaint[900];
  if (!mutant_holds(m, one, complaint, sizeof complaint)) {
    m->failed++;
    fprintf(stderr, "%s: %s %s: %s\n", m->path, one->kind, one->pointer, complaint);
  }
  text_free(&one->bytes);
}

/* The base with bytes [from, to) replaced. */
static mutant mutant_splice(const mutation *m, const char *kind, size_t from, size_t to,
                            const char *middle, size_t middle_length)
{
  mutant one = {.kind = kind};
  text_append_bytes(&one.bytes, m->bytes, from);
  text_append_bytes(&one.bytes, middle, middle_length);
  text_append_bytes(&one.bytes, m->bytes + to, m->length - to);
  return one;
}

static void must_refuse_at(mutant *one, const char *pointer)
{
  one->must_refuse = true;
  snprintf(one->pointer, sizeof one->pointer, "%s", pointer);
}

static void try_drop(mutation *m, const place *p)
{
  size_t end = walk_space(m->bytes, p->value_end);
  size_t start = p->key;
  if (m->bytes[end] == ',') {
    end++;
  } else {
    while (start > 0 && strchr(" \t\r\n", m->bytes[start - 1]) != NULL) {
      start--;
    }
    start -= m->bytes[start - 1] == ',';
  }
  mutant one = mutant_splice(m, "dropped", start, end, "", 0);
  mutant_try(m, &one);
}

static void try_key_mutants(mutation *m, const place *p)
{
  text twice = {0};
  text_append_bytes(&twice, m->bytes + p->key, p->value_end - p->key);
  text_append(&twice, ", ");
  mutant one = mutant_splice(m, "given twice", p->key, p->key, twice.bytes, twice.length);
  must_refuse_at(&one, p->pointer);
  text_free(&twice);
  mutant_try(m, &one);

  text renamed = {0};
  one = mutant_splice(m, "renamed", p->key_end - 1, p->key_end - 1, "x", 1);
  text_append(&renamed, "%sx", p->pointer);
  must_refuse_at(&one, renamed.bytes);
  text_free(&renamed);
  mutant_try(m, &one);
}

static void try_value_mutants(mutation *m, const place *p)
{
  const char *value = m->bytes + p->value;
  bool boolean = *value == 't' || *value == 'f';
  bool number = *value == '-' || (*value >= '0' && *value <= '9');
  const char *other = boolean ? "\"yes\"" : "true";
  mutant one = mutant_splice(m, "of wrong type", p->value, p->value_end, other, strlen(other));
  must_refuse_at(&one, p->pointer);
  mutant_try(m, &one);
  one = mutant_splice(m, "null", p->value, p->value_end, "null", 4);
  must_refuse_at(&one, p->pointer);
  mutant_try(m, &one);
  if (number) {
    one = mutant_splice(m, "not finite", p->value, p->value_end, "-1e999", 6);
    must_refuse_at(&one, p->pointer);
    mutant_try(m, &one);
    one = mutant_splice(m, "huge", p->value, p->value_end, "1e308", 5);
    mutant_try(m, &one);
    one = mutant_splice(m, "negative", p->value, p->value_end, "-1", 2);
    mutant_try(m, &one);
  }
  if (*value == '"') {
    one = mutant_splice(m, "not UTF-8", p->value + 1, p->value + 1, "\xC3\x28", 2);
    one.must_refuse = true;
    mutant_try(m, &one);
    one = mutant_splice(m, "empty", p->value, p->value_end, "\"\"", 2);
    mutant_try(m, &one);
  }
}

static void try_deep(mutation *m, const place *p)
{
  text nested = {0};
  text_append_repeat(&nested, '[', 60);
  text_append_repeat(&nested, ']', 60);
  mutant one =
      mutant_splice(m, "nested deeply", p->value, p->value_end, nested.bytes, nested.length);
  one.must_refuse = true;
  text_free(&nested);
  mutant_try(m, &one);
}

static void try_bytes(mutation *m, random_stream *random, int n)
{
  for (int i = 0; i < n; i++) {
    size_t at = (size_t)(random_uniform(random) * (double)m->length);
    char flipped = (char)(m->bytes[at] ^ (1 << (random_bits(random) % 8)));
    mutant one = mutant_splice(m, "with a flipped bit", at, at + 1, &flipped, 1);
    mutant_try(m, &one);
    one = mutant_splice(m, "cut off", at, m->length, "", 0);
    one.must_refuse = walk_space(m->bytes, at) < m->length && at < m->length - 2;
    mutant_try(m, &one);
  }
}

/* Every `stride`-th place is mutated in every way, and 40 bytes at random. */
static void mutate_all(mutation *m, int stride, uint64_t seed)
{
  random_stream random = random_open(seed, 0);
  int first = (int)(random_bits(&random) % (uint64_t)stride);
  for (int i = first; i < m->n_places; i += stride) {
    const place *p = &m->places[i];
    try_drop(m, p);
    if (p->key_end > p->key) {
      try_key_mutants(m, p);
    }
    try_value_mutants(m, p);
    if (i % 7 == 0) {
      try_deep(m, p);
    }
  }
  try_bytes(m, &random, 40);
}

/* The shipped problems as they are, and some of them with everything inlined. */
static const struct {
  const char *path;
  bool effective;
  int stride;
} mutation_bases[] = {
    {STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", false, 1},
    {STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl-days.json", false, 1},
    {STEPDOSE_SOURCE_DIR "/problems/blinatumomab-nhl.json", false, 1},
    {STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json", false, 1},
    {STEPDOSE_SOURCE_DIR "/tests/data/problem/patients.json", false, 1},
    {STEPDOSE_SOURCE_DIR "/tests/data/problem/tissues.json", true, 9},
    {STEPDOSE_SOURCE_DIR "/problems/mosunetuzumab-dlbcl.json", true, 9},
    {STEPDOSE_SOURCE_DIR "/problems/blinatumomab-nhl.json", true, 9},
};

static bool mutate_shipped(uint64_t seed, long *tried, long *failed)
{
  *tried = *failed = 0;
  for (size_t i = 0; i < sizeof mutation_bases / sizeof mutation_bases[0]; i++) {
    const char *path = mutation_bases[i].path;
    stepdose_error error = {.code = STEPDOSE_OK};
    mutation m;
    char *bytes = NULL;
    size_t length = 0;
    stepdose_problem *problem = problem_read(path, NULL, 0, &error);
    if (problem == NULL || !file_read(path, JSON_BYTES_MAX, &bytes, &length, &error)) {
      fprintf(stderr, "%s: %s\n", path, error.message);
      problem_free(problem);
      return false;
    }
    bool inlined = mutation_bases[i].effective;
    mutation_open(&m, path, inlined ? problem->effective : bytes,
                  inlined ? strlen(problem->effective) : length);
    mutate_all(&m, mutation_bases[i].stride, seed + i);
    printf("%s%s: %ld mutants, %ld refused, %ld harmless, %ld wrong\n", path,
           inlined ? " (inlined)" : "", m.tried, m.refused, m.harmless, m.failed);
    *tried += m.tried;
    *failed += m.failed;
    mutation_close(&m);
    release(bytes);
    problem_free(problem);
  }
  return true;
}

#endif
