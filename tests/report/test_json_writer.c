/* What the writer writes is strict JSON that reads back to the same values. */
#include "base/allocate.h"
#include "base/random.h"
#include "report/json_writer.h"

#include <cjson/cJSON.h>
#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static cJSON *parse(text *out)
{
  cr_assert(!out->failed);
  cJSON *root = cJSON_ParseWithLengthOpts(out->bytes, out->length + 1, NULL, 1);
  cr_assert(root != NULL, "not JSON: %s", out->bytes);
  return root;
}

Test(json_writer, numbers_read_back_to_the_same_bits)
{
  const uint64_t seed = 7;
  random_stream stream = random_open(seed, 0);
  for (int i = 0; i < 20000; i++) {
    text out = {0};
    json_writer w = {.out = &out};
    double value = ldexp(random_uniform(&stream) - 0.5, (int)(random_bits(&stream) % 200) - 100);
    json_open_array(&w, NULL);
    json_number(&w, NULL, value);
    json_number_short(&w, NULL, value);
    json_close_array(&w);
    cJSON *root = parse(&out);
    for (int form = 0; form < 2; form++) {
      double back = cJSON_GetArrayItem(root, form)->valuedouble;
      cr_assert(back == value, "seed %llu: %.17g became %.17g", (unsigned long long)seed, value,
                back);
    }
    cJSON_Delete(root);
    text_free(&out);
  }
}

Test(json_writer, short_numbers_are_what_a_person_would_write)
{
  text out = {0};
  json_writer w = {.out = &out};
  json_open_object(&w, NULL);
  json_number_short(&w, "a", 0.05);
  json_number_short(&w, "b", 1e-6);
  json_number_short(&w, "c", 9007199254740991.0);
  json_close_object(&w);
  cr_expect_str_eq(out.bytes, "{\n  \"a\": 0.05,\n  \"b\": 1e-06,\n  \"c\": 9007199254740991\n}");
  text_free(&out);
}

Test(json_writer, what_is_no_number_becomes_null)
{
  const double values[] = {NAN, INFINITY, -INFINITY};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
    text out = {0};
    json_writer w = {.out = &out};
    json_open_object(&w, NULL);
    json_number(&w, "value", values[i]);
    json_close_object(&w);
    cJSON *root = parse(&out);
    cr_expect(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(root, "value")), "%g", values[i]);
    cJSON_Delete(root);
    text_free(&out);
  }
}

Test(json_writer, nesting_empty_containers_and_awkward_strings_survive)
{
  static const char awkward[] = "quote \" backslash \\ tab \t newline \n unit \xc2\xb5g bell \a";
  text out = {0};
  json_writer w = {.out = &out};
  json_open_object(&w, NULL);
  json_open_object(&w, "empty");
  json_close_object(&w);
  json_open_array(&w, "list");
  for (int i = 0; i < 3; i++) {
    json_open_array(&w, NULL);
    json_integer(&w, NULL, i);
    json_close_array(&w);
  }
  json_close_array(&w);
  json_truth(&w, "yes", true);
  json_string(&w, awkward, awkward);
  json_close_object(&w);
  cJSON *root = parse(&out);
  cr_expect(cJSON_GetArraySize(root) == 4);
  cr_expect(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(root, "list")) == 3);
  cJSON *back = cJSON_GetObjectItemCaseSensitive(root, awkward);
  cr_assert(cJSON_IsString(back));
  cr_expect(strcmp(back->valuestring, awkward) == 0, "%s", back->valuestring);
  cJSON_Delete(root);
  text_free(&out);
}
