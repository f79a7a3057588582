/* Whole files: a reader can never see half of a new file, nor lose the old one. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/allocate.h"

enum { TEMPORARY_SUFFIX_SIZE = 48, TEMPORARY_TRIES = 100 };

static atomic_uint temporary_number;

static bool fail(stepdose_error *error, const char *path, int errno_value, const char *action)
{
  return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, path, errno_value, action);
}

static bool fail_at(stepdose_error *error, stepdose_code code, const char *path, const char *remedy,
                    const char *message)
{
  error_set(error, code, remedy, "%s", message);
  error_place(error, path, 0, 0, NULL);
  return false;
}

/* Regular and not too large; *size in bytes. */
static bool inspect(int descriptor, const char *path, size_t max_bytes, size_t *size,
                    stepdose_error *error)
{
  struct stat status;
  if (fstat(descriptor, &status) != 0) {
    return fail(error, path, errno, "cannot inspect the file");
  }
  if (!S_ISREG(status.st_mode)) {
    return fail_at(error, STEPDOSE_INPUT_OUTPUT, path, "name a regular file",
                   "is not a regular file");
  }
  if ((uintmax_t)status.st_size > max_bytes) {
    error_set(error, STEPDOSE_JSON_TOO_LARGE, "make the file smaller",
              "the file has %jd bytes, allowed are at most %zu", (intmax_t)status.st_size,
              max_bytes);
    error_place(error, path, 0, 0, NULL);
    return false;
  }
  *size = (size_t)status.st_size;
  return true;
}

/* Fills at most `size` bytes; *length is less where the file has become shorter. */
static bool read_all(int descriptor, char *bytes, size_t size, size_t *length)
{
  *length = 0;
  while (*length < size) {
    ssize_t got = read(descriptor, bytes + *length, size - *length);
    if (got == 0) {
      return true;
    }
    if (got < 0 && errno != EINTR) {
      return false;
    }
    *length += got > 0 ? (size_t)got : 0;
  }
  return true;
}

static bool read_open_file(int descriptor, const char *path, size_t max_bytes, char **bytes,
                           size_t *length, stepdose_error *error)
{
  size_t size = 0;
  if (!inspect(descriptor, path, max_bytes, &size, error)) {
    return false;
  }
  char *content = allocate(size + 1);
  if (content == NULL) {
    return error_no_memory(error, "reading a file");
  }
  if (!read_all(descriptor, content, size, length)) {
    int reason = errno;
    release(content);
    return fail(error, path, reason, "cannot read the file");
  }
  content[*length] = '\0';
  *bytes = content;
  return true;
}

bool file_read(const char *path, size_t max_bytes, char **bytes, size_t *length,
               stepdose_error *error)
{
  *bytes = NULL;
  *length = 0;
  /* O_NONBLOCK: a named pipe in the place of a file must not make the program wait for ever */
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) {
    return fail(error, path, errno, "cannot open the file");
  }
  bool done = read_open_file(descriptor, path, max_bytes, bytes, length, error);
  close(descriptor);
  return done;
}

/* Opens a new file beside `path`; *name is released by the caller, also after a failure. */
static int open_temporary(const char *path, char **name)
{
  size_t size = strlen(path) + TEMPORARY_SUFFIX_SIZE;
  *name = allocate(size);
  if (*name == NULL) {
    errno = ENOMEM;
    return -1;
  }
  int descriptor = -1;
  for (int i = 0; i < TEMPORARY_TRIES && descriptor < 0; i++) {
    snprintf(*name, size, "%s.%ld-%u.tmp", path, (long)getpid(),
             atomic_fetch_add(&temporary_number, 1));
    descriptor = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor < 0 && errno != EEXIST) {
      return -1;
    }
  }
  return descriptor;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t put = write(descriptor, bytes, length);
    if (put < 0 && errno != EINTR) {
      return false;
    }
    bytes += put > 0 ? put : 0;
    length -= put > 0 ? (size_t)put : 0;
  }
  return true;
}

/* Writes, syncs and closes, the last in any case. Returns NULL, or what failed (see errno). */
static const char *fill(int descriptor, const char *bytes, size_t length)
{
  const char *failed = NULL;
  if (!write_all(descriptor, bytes, length)) {
    failed = "cannot write the file";
  } else if (fsync(descriptor) != 0) {
    failed = "cannot bring the file to the disk";
  }
  int reason = errno;
  if (close(descriptor) != 0 && failed == NULL) {
    return "cannot close the file";
  }
  errno = reason;
  return failed;
}

/* Some file systems cannot sync a directory and say EINVAL: nothing more can be done there. */
static bool sync_directory(const char *path, stepdose_error *error)
{
  char *directory = file_directory(path);
  if (directory == NULL) {
    return error_no_memory(error, "writing a file");
  }
  int descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool done = descriptor >= 0 && (fsync(descriptor) == 0 || errno == EINVAL);
  int reason = errno;
  if (descriptor >= 0) {
    close(descriptor);
  }
  release(directory);
  return done || fail(error, path, reason, "cannot bring the directory of the file to the disk");
}

/* A device or a directory must not be replaced by a file. */
static bool may_replace(const char *path, stepdose_error *error)
{
  struct stat status;
  if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
    return fail_at(error, STEPDOSE_INPUT_OUTPUT, path, "name a new or a regular file",
                   "exists and is not a regular file");
  }
  return true;
}

static bool write_beside(const char *path, const char *bytes, size_t length, char **name,
                         stepdose_error *error)
{
  int descriptor = open_temporary(path, name);
  if (*name == NULL) {
    return error_no_memory(error, "writing a file");
  }
  if (descriptor < 0) {
    return fail(error, path, errno, "cannot create a file beside it");
  }
  const char *failed = fill(descriptor, bytes, length);
  if (failed == NULL && rename(*name, path) != 0) {
    failed = "cannot put the new file in its place";
  }
  if (failed != NULL) {
    int reason = errno;
    unlink(*name);
    return fail(error, path, reason, failed);
  }
  return true;
}

bool file_write(const char *path, const char *bytes, size_t length, stepdose_error *error)
{
  char *name = NULL;
  bool done = may_replace(path, error) && write_beside(path, bytes, length, &name, error);
  release(name);
  return done && sync_directory(path, error);
}

static bool is_directory(const char *path)
{
  struct stat status;
  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool make_one_directory(const char *path, stepdose_error *error)
{
  if (mkdir(path, 0777) == 0) {
    return true;
  }
  int reason = errno;
  return is_directory(path) || fail(error, path, reason, "cannot make the directory");
}

bool file_make_directory(const char *path, stepdose_error *error)
{
  char *part = allocate_copy(path);
  if (part == NULL) {
    return error_no_memory(error, "making a directory");
  }
  bool done = true;
  for (char *slash = strchr(part + (part[0] == '/'), '/'); done && slash != NULL;
       slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    done = make_one_directory(part, error);
    *slash = '/';
  }
  release(part);
  return done && make_one_directory(path, error);
}

bool file_exists(const char *path)
{
  struct stat status;
  return stat(path, &status) == 0;
}

char *file_join(const char *directory, const char *name)
{
  size_t length = strlen(directory);
  if (name[0] == '/' || length == 0) {
    return allocate_copy(name);
  }
  size_t size = length + strlen(name) + 2;
  char *path = allocate(size);
  if (path != NULL) {
    snprintf(path, size, "%s%s%s", directory, directory[length - 1] == '/' ? "" : "/", name);
  }
  return path;
}

static char *copy_part(const char *start, size_t length)
{
  char *part = allocate(length + 1);
  if (part != NULL) {
    memcpy(part, start, length);
    part[length] = '\0';
  }
  return part;
}

char *file_directory(const char *path)
{
  const char *slash = strrchr(path, '/');
  if (slash == NULL) {
    return allocate_copy(".");
  }
  while (slash > path && slash[-1] == '/') {
    slash--;
  }
  return slash == path ? allocate_copy("/") : copy_part(path, (size_t)(slash - path));
}

char *file_stem(const char *path)
{
  const char *slash = strrchr(path, '/');
  const char *name = slash != NULL ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  /* the dot of a hidden file begins no extension */
  size_t length = dot != NULL && dot > name ? (size_t)(dot - name) : strlen(name);
  return copy_part(name, length);
}
