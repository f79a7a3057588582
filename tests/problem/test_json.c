/* The strict layer over cJSON: what is JSON, and where its values stand. */
#include <criterion/criterion.h>
#include <string.h>

#include "problem/json.h"

typedef struct json_case {
  const char *text;
  stepdose_code code;
  int line, column;
} json_case;

static const json_case cases[] = {
    {"{}", STEPDOSE_OK, 0, 0},
    {" [1, -0, 0.5, 1e3, 1E-3, -12.5e+2] \n", STEPDOSE_OK, 0, 0},
    {"[true, false, null, \"\", \"a\\u00e9\\ud83d\\ude00\\n\\/\"]", STEPDOSE_OK, 0, 0},
    {"\"\xC3\xA9 \xF0\x9F\x98\x80\"", STEPDOSE_OK, 0, 0},
    {"{\"a\":1,\"A\":2}", STEPDOSE_OK, 0, 0},
    {"", STEPDOSE_JSON_SYNTAX, 1, 1},
    {"{}xyz", STEPDOSE_JSON_SYNTAX, 1, 3},
    {"{} {}", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"1-2", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"0x10", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"01", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[-01]", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"1.", STEPDOSE_JSON_SYNTAX, 1, 3},
    {"[.5]", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[+1]", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[1e]", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"[-]", STEPDOSE_JSON_SYNTAX, 1, 3},
    {"[NaN]", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[Infinity]", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[tru]", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"[1,]", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"[1 2]", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"{\"a\":1,}", STEPDOSE_JSON_SYNTAX, 1, 8},
    {"{\"a\" 1}", STEPDOSE_JSON_SYNTAX, 1, 6},
    {"{a:1}", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"{\n \"a\": [1,\n  'b']}", STEPDOSE_JSON_SYNTAX, 3, 3},
    {"[1 // one\n]", STEPDOSE_JSON_SYNTAX, 1, 4},
    {"\xEF\xBB\xBF{}", STEPDOSE_JSON_SYNTAX, 1, 1},
    {"\"a\tb\"", STEPDOSE_JSON_SYNTAX, 1, 3},
    {"\"\x7F\"", STEPDOSE_OK, 0, 0},
    {"\"\\x\"", STEPDOSE_JSON_SYNTAX, 1, 3},
    {"\"\\u0000\"", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"\"\\u12g4\"", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"\"\\ud800\"", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"\"\\ud800\\u0041\"", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"\"\\udc00\"", STEPDOSE_JSON_SYNTAX, 1, 2},
    {"\"\xC0\xAF\"", STEPDOSE_JSON_SYNTAX, 1, 2},         /* overlong */
    {"\"\xE0\x80\xAF\"", STEPDOSE_JSON_SYNTAX, 1, 2},     /* overlong */
    {"\"\xED\xA0\x80\"", STEPDOSE_JSON_SYNTAX, 1, 2},     /* surrogate */
    {"\"\xF4\x90\x80\x80\"", STEPDOSE_JSON_SYNTAX, 1, 2}, /* beyond U+10FFFF */
    {"\"\xE2\x82\"", STEPDOSE_JSON_SYNTAX, 1, 2},         /* cut off */
    {"\"\x80\"", STEPDOSE_JSON_SYNTAX, 1, 2},             /* continuation alone */
    {"\"abc", STEPDOSE_JSON_SYNTAX, 1, 5},
    {"[1e999]", STEPDOSE_NOT_FINITE, 1, 2},
    {"[1e-999]", STEPDOSE_OK, 0, 0},
    {"{\"a\":1,\n\"b\":2,\"a\":3}", STEPDOSE_JSON_DUPLICATE_KEY, 2, 7},
    {"{\"a\":1,\"\\u0061\":3}", STEPDOSE_JSON_DUPLICATE_KEY, 1, 8},
};

Test(problem, json_is_strict)
{
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const json_case *c = &cases[i];
    json_reader r = {0};
    stepdose_error e = {.code = STEPDOSE_OK};
    cJSON *root = json_read_text(&r, "case", c->text, strlen(c->text), 0, &e);
    cr_expect_eq(e.code, c->code, "%s: %s", c->text, stepdose_code_name(e.code));
    cr_expect_eq(root != NULL, c->code == STEPDOSE_OK, "%s", c->text);
    cr_expect(e.line == c->line && e.column == c->column, "%s: %d:%d", c->text, e.line, e.column);
    cJSON_Delete(root);
    json_reader_close(&r);
  }
}

Test(problem, an_embedded_zero_byte_is_refused)
{
  static const char zeros[] = "{\"a\": 1}\0{}";
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_expect_null(json_read_text(&r, "case", zeros, sizeof zeros - 1, 0, &e));
  cr_expect_eq(e.code, STEPDOSE_JSON_SYNTAX);
  cr_expect_eq(e.column, 9);
  json_reader_close(&r);
}

static void nest(text *t, int depth)
{
  text_append_repeat(t, '[', depth);
  text_append_repeat(t, ']', depth);
}

Test(problem, nesting_has_a_limit)
{
  for (int depth = JSON_DEPTH_MAX - 1; depth <= JSON_DEPTH_MAX + 1; depth++) {
    json_reader r = {0};
    stepdose_error e = {.code = STEPDOSE_OK};
    text t = {0};
    nest(&t, depth);
    cJSON *root = json_read_text(&r, "case", t.bytes, t.length, 0, &e);
    cr_expect_eq(root != NULL, depth <= JSON_DEPTH_MAX, "depth %d", depth);
    cr_expect_eq(e.code, depth <= JSON_DEPTH_MAX ? STEPDOSE_OK : STEPDOSE_JSON_TOO_LARGE);
    cJSON_Delete(root);
    json_reader_close(&r);
    text_free(&t);
  }
}

Test(problem, large_texts_are_refused_before_they_cost_memory)
{
  text t = {0};
  text_append(&t, "[");
  text_append_repeat(&t, ' ', JSON_BYTES_MAX);
  text_append(&t, "]");
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_expect_null(json_read_text(&r, "case", t.bytes, t.length, 0, &e));
  cr_expect_eq(e.code, STEPDOSE_JSON_TOO_LARGE);
  json_reader_close(&r);
  text_free(&t);
}

/* Quadratic work on many keys or elements would hang here. */
Test(problem, many_values_are_read_in_seconds, .timeout = 20)
{
  text t = {0};
  text_append(&t, "{\"list\": [0");
  for (int i = 1; i < 200000; i++) {
    text_append(&t, ",%d", i);
  }
  text_append(&t, "]");
  for (int i = 0; i < 100000; i++) {
    text_append(&t, ",\"k%d\":1", i);
  }
  text_append(&t, "}");
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cJSON *root = json_read_text(&r, "case", t.bytes, t.length, 0, &e);
  cr_expect_not_null(root, "%s", e.message);
  cJSON_Delete(root);
  json_reader_close(&r);
  text_free(&t);
}

/* Every value of a document: its pointer, line and column as a person counts them. */
Test(problem, every_value_knows_its_place)
{
  static const char document[] = "{\"a\": 1,\n"
                                 "  \"b/c\": [true,\n"
                                 "    {\"m~n\": null}],\n"
                                 "  \"\": \"x\"}";
  static const struct {
    const char *pointer;
    int line, column;
  } places[] = {{"", 1, 1},         {"/a", 1, 7},      {"/b~1c", 2, 10},
                {"/b~1c/0", 2, 11}, {"/b~1c/1", 3, 5}, {"/b~1c/1/m~0n", 3, 13},
                {"/", 4, 7}};
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cJSON *root = json_read_text(&r, "case", document, sizeof document - 1, 0, &e);
  cr_assert_not_null(root);
  const cJSON *b = json_get(root, "b/c");
  const cJSON *items[] = {root,
                          json_get(root, "a"),
                          b,
                          b->child,
                          b->child->next,
                          b->child->next->child,
                          json_get(root, "")};
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    json_fail(&r, items[i], &e, STEPDOSE_INTERNAL, "", "here");
    cr_expect_str_eq(e.pointer, places[i].pointer, "%zu: %s", i, e.pointer);
    cr_expect(e.line == places[i].line && e.column == places[i].column, "%s: %d:%d", e.pointer,
              e.line, e.column);
    cr_expect_str_eq(e.file, "case");
  }
  json_fail_key(&r, items[5], &e, STEPDOSE_INTERNAL, "", "at the key");
  cr_expect(e.line == 3 && e.column == 6, "%d:%d", e.line, e.column);
  cJSON_Delete(root);
  json_reader_close(&r);
}

Test(problem, syntax_errors_name_the_innermost_value)
{
  static const char document[] = "{\"a\": {\"b\": [1, 2, ?]}}";
  json_reader r = {0};
  stepdose_error e = {.code = STEPDOSE_OK};
  cr_expect_null(json_read_text(&r, "case", document, sizeof document - 1, 0, &e));
  cr_expect_str_eq(e.pointer, "/a/b/2");
  json_reader_close(&r);
}
