/* Versions of everything that takes part in a computation, as found at run time. */
#include "report/report.h"

#include "base/library_version.h"
#include "optimize/library_version.h"

#include <cjson/cJSON.h>
#include <stdio.h>

static const char *compiler(void)
{
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "unknown";
#endif
}

static void list_cpu_features(char *out, size_t size)
{
#if defined(__x86_64__) && defined(__GNUC__)
  snprintf(out, size, "x86-64%s%s%s", __builtin_cpu_supports("avx2") ? " avx2" : "",
           __builtin_cpu_supports("fma") ? " fma" : "",
           __builtin_cpu_supports("avx512f") ? " avx512f" : "");
#elif defined(__aarch64__)
  snprintf(out, size, "aarch64");
#else
  snprintf(out, size, "unknown");
#endif
}

static void set(report_version *row, const char *name, const char *version)
{
  row->name = name;
  snprintf(row->version, sizeof row->version, "%s", version);
}

void report_versions(report_version version[REPORT_VERSIONS])
{
  set(&version[0], "stepdose", stepdose_version());
  set(&version[1], "compiler", compiler());
  version[2].name = "nlopt";
  search_library_version(version[2].version, sizeof version[2].version);
  set(&version[3], "gsl", random_library_version());
  set(&version[4], "cjson", cJSON_Version());
  version[5].name = "processor";
  list_cpu_features(version[5].version, sizeof version[5].version);
}
