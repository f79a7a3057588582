/* Whatever fails while a file is written, the old file is whole, nothing is left beside it, and the
 * error says why. */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scratch.h"

/* System calls that can be made to fail: these stand before the ones of the C library. */

static const char *failing_call = ""; /* "read", "write", "fsync", "close" or "rename" */
static int calls_until_failure = -1;  /* 0: the next one fails; negative: none */

static bool fails_now(const char *call)
{
  return strcmp(call, failing_call) == 0 && calls_until_failure >= 0 && calls_until_failure-- == 0;
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
  if (fails_now("write")) {
    errno = ENOSPC;
    return -1;
  }
  /* short writes are allowed at any time: here they happen whenever a test has armed a failure */
  size_t part = calls_until_failure >= 0 && length > 1000 ? 1000 : length;
  return syscall(SYS_write, descriptor, bytes, part);
}

ssize_t read(int descriptor, void *bytes, size_t length)
{
  if (fails_now("read")) {
    errno = EIO;
    return -1;
  }
  bool ends = strcmp(failing_call, "shrink") == 0;
  return ends ? 0 : syscall(SYS_read, descriptor, bytes, length);
}

int fsync(int descriptor)
{
  if (fails_now("fsync")) {
    errno = EIO;
    return -1;
  }
  return (int)syscall(SYS_fsync, descriptor);
}

int close(int descriptor)
{
  int result = (int)syscall(SYS_close, descriptor);
  if (fails_now("close")) {
    errno = EIO;
    return -1;
  }
  return result;
}

int rename(const char *from, const char *to)
{
  if (fails_now("rename")) {
    errno = EACCES;
    return -1;
  }
  return (int)syscall(SYS_rename, from, to);
}

/* 5000 bytes: five short writes of the failing `write` above. */
static const char *long_text(void)
{
  static char text[5001];
  memset(text, 'n', sizeof text - 1);
  return text;
}

static void expect_failure_leaves_old(const char *when, int exit_code)
{
  const char *text = long_text();
  stepdose_error error;
  cr_expect(!file_write(path, text, strlen(text), &error), "%s was not noticed", when);
  calls_until_failure = -1;
  cr_expect_eq(stepdose_code_exit(error.code), exit_code, "%s: %s", when, error.message);
  cr_expect_neq(error.message[0], '\0', "%s", when);
  cr_expect_neq(error.remedy[0], '\0', "%s", when);
  expect_content("old", when);
  cr_expect_eq(entries(directory), 1, "%s left a temporary file", when);
}

TestSuite(base, .init = open_directory, .fini = remove_directory);

Test(base, any_failing_system_call_leaves_the_old_file_whole)
{
  /* how often each is called until the new file is in its place */
  const struct {
    const char *call;
    int times;
  } cases[] = {{"write", 5}, {"fsync", 1}, {"close", 1}, {"rename", 1}};
  cr_assert(file_write(path, "old", 3, NULL));
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    for (int n = 0; n < cases[i].times; n++) {
      char when[64];
      snprintf(when, sizeof when, "failing call %d of %s", n + 1, cases[i].call);
      failing_call = cases[i].call;
      calls_until_failure = n;
      expect_failure_leaves_old(when, 5);
    }
  }
}

Test(base, a_directory_that_cannot_be_synced_is_reported)
{
  stepdose_error error;
  failing_call = "fsync";
  calls_until_failure = 1; /* the file is synced, its directory is not */
  cr_expect(!file_write(path, "new", 3, &error));
  calls_until_failure = -1;
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  expect_content("new", "after the renaming");
}

Test(base, a_failed_allocation_leaves_the_old_file_whole)
{
  cr_assert(file_write(path, "old", 3, NULL));
  long before = allocate_count();
  cr_assert(file_write(path, "old", 3, NULL));
  long n = allocate_count() - before;
  cr_assert_gt(n, 0);
  for (long i = 0; i < n - 1; i++) { /* the last one comes after the renaming */
    allocate_fail_after(i, 0);
    expect_failure_leaves_old("failed allocation", 6);
    allocate_fail_after(-1, 0);
  }
  char *bytes;
  size_t length;
  stepdose_error error;
  allocate_fail_after(0, 0);
  cr_expect(!file_read(path, LIMIT, &bytes, &length, &error));
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  cr_expect_null(bytes);
  allocate_fail_after(n - 1, 0);
  cr_expect(!file_write(path, "new", 3, &error));
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
  expect_content("new", "after the renaming");
  allocate_fail_after(0, 0);
  cr_expect(!file_make_directory(directory, &error));
  cr_expect_eq(error.code, STEPDOSE_NO_MEMORY);
}

/* A real refusal by the kernel, half-way through the file: EFBIG. */
Test(base, a_file_that_grows_too_large_leaves_the_old_one_whole)
{
  cr_assert(file_write(path, "old", 3, NULL));
  signal(SIGXFSZ, SIG_IGN);
  struct rlimit limit = {.rlim_cur = 2000, .rlim_max = 2000};
  cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
  expect_failure_leaves_old("the limit on file size", 5);
}

/* A real full disk: 16 KiB of memory, in a mount of this process alone. */
Test(base, a_full_disk_leaves_the_old_file_whole)
{
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      mount("tmpfs", directory, "tmpfs", 0, "size=16k") != 0) {
    remove_directory(); /* nothing more runs after a skip */
    cr_skip_test("mounting a small disk needs root");
  }
  cr_assert(file_write(path, "old", 3, NULL));
  enum { MORE = 40000 };
  static char text[MORE];
  stepdose_error error;
  cr_expect(!file_write(path, text, MORE, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect_not_null(strstr(error.message, strerror(ENOSPC)), "%s", error.message);
  expect_content("old", "full disk");
  cr_expect_eq(entries(directory), 1, "a temporary file was left");
  umount(directory);
}

Test(base, a_read_that_fails_is_reported)
{
  char *bytes;
  size_t length;
  stepdose_error error;
  cr_assert(file_write(path, "12345", 5, NULL));
  failing_call = "read";
  calls_until_failure = 0;
  cr_expect(!file_read(path, LIMIT, &bytes, &length, &error));
  cr_expect_eq(error.code, STEPDOSE_INPUT_OUTPUT);
  cr_expect_not_null(strstr(error.message, strerror(EIO)), "%s", error.message);
  cr_expect_null(bytes);
  failing_call = "shrink";
  cr_expect(file_read(path, LIMIT, &bytes, &length, &error));
  failing_call = "";
  cr_expect_eq(length, 0, "a file that has become shorter is read to its new end");
  cr_expect_str_eq(bytes, "");
  release(bytes);
}
