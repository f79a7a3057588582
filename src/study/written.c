/* The regimen that counts is the one in the file: written, and read back. */
#include "study/propose.h"

#include "base/allocate.h"
#include "base/file.h"
#include "regimen/event_table.h"

static bool write_table(const char *path, const schedule *doses, double horizon_days,
                        stepdose_error *error)
{
  text table = {0};
  event_table_write(doses, horizon_days, &table);
  bool done = table.failed ? error_no_memory(error, "writing the event table")
                           : file_write(path, table.bytes, table.length, error);
  text_free(&table);
  return done;
}

bool study_write_regimen(const stepdose_problem *problem, const char *directory,
                         const schedule *decoded, schedule *read_back, stepdose_error *error)
{
  char *path = file_join(directory, "regimen.csv");
  if (path == NULL) {
    return error_no_memory(error, "writing the event table");
  }
  bool done = write_table(path, decoded, problem->horizon_days, error) &&
              event_table_read(path, problem, read_back, error);
  release(path);
  if (done && !schedule_same(decoded, read_back)) {
    return error_set(error, STEPDOSE_INTERNAL, "please report this with the problem file",
                     "regimen.csv does not read back as the regimen that was written");
  }
  return done;
}
