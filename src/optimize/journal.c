/* Evaluations on disk, appended one by one and found again after an interruption. */
#include "optimize/journal.h"

#include "base/allocate.h"
#include "base/hash.h"
#include "optimize/search.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char MAGIC[8] = JOURNAL_MAGIC;

enum {
  VERSION = 1,
  IDENTITY_MAX = 256,
  HEADER_MAX = 8 + 2 * 4 + IDENTITY_MAX + 8,
  RECORD_MAX = 4 * 4 + 8 * (SEARCH_VARIABLES_MAX + SEARCH_CONSTRAINTS_MAX + 2),
  RECORDS_PER_SYNC = 256
};

/* Bytes put together for the file: a header or a record. */
typedef struct packet {
  unsigned char bytes[RECORD_MAX > HEADER_MAX ? RECORD_MAX : HEADER_MAX];
  size_t length;
} packet;

struct search_journal {
  char *path;
  int file;
  int branch;
  char *bytes;    /* what the file held when it was opened */
  size_t length;
  size_t *slot;   /* (n_slots) offset of a record in bytes; 0: empty, as no record is at 0 */
  size_t n_slots;
  pthread_mutex_t lock; /* guards what follows and the end of the file */
  long count, unsynced;
  bool failed;
  stepdose_error error;
};

static void put(packet *p, const void *data, size_t size)
{
  memcpy(p->bytes + p->length, data, size);
  p->length += size;
}

static void put_int(packet *p, int value)
{
  int32_t number = (int32_t)value;
  put(p, &number, sizeof number);
}

static void put_checksum(packet *p)
{
  uint64_t sum = hash_64(p->bytes, p->length);
  put(p, &sum, sizeof sum);
}

static int int_at(const char *bytes)
{
  int32_t number;
  memcpy(&number, bytes, sizeof number);
  return (int)number;
}

static bool checksum_holds(const char *bytes, size_t length)
{
  uint64_t sum;
  memcpy(&sum, bytes + length - sizeof sum, sizeof sum);
  return sum == hash_64(bytes, length - sizeof sum);
}

/* What identifies an evaluation, and how a record begins. */
static packet make_key(int branch, int n_variables, const double *value)
{
  packet key = {.length = 0};
  put_int(&key, branch);
  put_int(&key, n_variables);
  put(&key, value, (size_t)n_variables * sizeof *value);
  return key;
}

static packet make_header(const char *identity)
{
  packet header = {.length = 0};
  size_t length = strlen(identity);
  put(&header, MAGIC, sizeof MAGIC);
  put_int(&header, VERSION);
  put_int(&header, (int)length);
  put(&header, identity, length);
  put_checksum(&header);
  return header;
}

static size_t key_size(int n_variables) { return 8 + 8 * (size_t)n_variables; }

/* Length of the record at `bytes`, 0 if it is torn. */
static size_t record_length(const char *bytes, size_t left)
{
  if (left < 8) {
    return 0;
  }
  int n_variables = int_at(bytes + 4);
  if (n_variables < 0 || n_variables > SEARCH_VARIABLES_MAX || left < key_size(n_variables) + 8) {
    return 0;
  }
  int n_constraints = int_at(bytes + key_size(n_variables));
  if (n_constraints < 0 || n_constraints > SEARCH_CONSTRAINTS_MAX) {
    return 0;
  }
  size_t length = key_size(n_variables) + 8 + 8 * (size_t)(n_constraints + 1) + 8;
  return left >= length && checksum_holds(bytes, length) ? length : 0;
}

/* The slot of the record with this key, or the empty one where it belongs. */
static size_t *slot_of(const search_journal *j, const void *key, size_t size)
{
  size_t mask = j->n_slots - 1;
  size_t i = (size_t)hash_64(key, size) & mask;
  while (j->slot[i] != 0 && (j->length - j->slot[i] < size ||
                             memcmp(j->bytes + j->slot[i], key, size) != 0)) {
    i = (i + 1) & mask;
  }
  return &j->slot[i];
}

static bool make_slots(search_journal *j, size_t first, long count)
{
  j->n_slots = 16;
  while (j->n_slots < 2 * (size_t)count) {
    j->n_slots *= 2;
  }
  j->slot = allocate_zeroed(j->n_slots, sizeof *j->slot);
  if (j->slot == NULL) {
    return false;
  }
  for (size_t at = first; at < j->length;) {
    const char *record = j->bytes + at;
    size_t *slot = slot_of(j, record, key_size(int_at(record + 4)));
    if (*slot == 0) {
      *slot = at;
    }
    at += record_length(record, j->length - at);
  }
  return true;
}

/* Checks the header and finds the end of the last whole record. A file that ends within its own
 * header is the remains of a run ended at once, and starts afresh. */
static bool take_file(search_journal *j, const packet *header, stepdose_error *error)
{
  size_t common = j->length < header->length ? j->length : header->length;
  if (common > 0 && memcmp(j->bytes, header->bytes, common) != 0) {
    (void)error_set(error, STEPDOSE_RUN_EXISTS,
                    "use another run directory, or overwrite this one",
                    "the journal belongs to another problem, seed or version");
    error_place(error, j->path, 0, 0, NULL);
    return false;
  }
  size_t at = common == header->length ? common : 0;
  while (at > 0 && at < j->length) {
    size_t length = record_length(j->bytes + at, j->length - at);
    if (length == 0) {
      break;
    }
    at += length;
    j->count++;
  }
  j->length = at;
  return make_slots(j, header->length, j->count) || error_no_memory(error, "reading the journal");
}

/* One writer at a time: two runs appending to one file would tear each other's records. */
static bool open_file(search_journal *j, stepdose_error *error)
{
  j->file = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (j->file < 0) {
    return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "opening the journal");
  }
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (fcntl(j->file, F_SETLK, &whole) != 0 && (errno == EACCES || errno == EAGAIN)) {
    (void)error_set(error, STEPDOSE_RUN_EXISTS, "wait for it, or use another run directory",
                    "another process is writing this run");
    error_place(error, j->path, 0, 0, NULL);
    return false;
  }
  return true;
}

static bool read_all(search_journal *j, stepdose_error *error)
{
  off_t size = lseek(j->file, 0, SEEK_END);
  if (size < 0) {
    return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "reading the journal");
  }
  j->bytes = allocate((size_t)size + 1);
  if (j->bytes == NULL) {
    return error_no_memory(error, "reading the journal");
  }
  while (j->length < (size_t)size) {
    ssize_t got = pread(j->file, j->bytes + j->length, (size_t)size - j->length, (off_t)j->length);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "reading the journal");
    }
    if (got == 0) {
      break;
    }
    j->length += (size_t)got;
  }
  return true;
}

static bool write_all(search_journal *j, const packet *p, stepdose_error *error)
{
  size_t done = 0;
  while (done < p->length) {
    ssize_t put_now = write(j->file, p->bytes + done, p->length - done);
    if (put_now < 0 && errno != EINTR) {
      return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "writing the journal");
    }
    done += put_now > 0 ? (size_t)put_now : 0;
  }
  return true;
}

/* Cuts a torn tail and gives a new file its header. */
static bool prepare_end(search_journal *j, const packet *header, stepdose_error *error)
{
  if (ftruncate(j->file, (off_t)j->length) != 0 || lseek(j->file, 0, SEEK_END) < 0) {
    return error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "cutting the journal");
  }
  return j->length > 0 || write_all(j, header, error);
}

static void discard(search_journal *j)
{
  if (j->file >= 0) {
    (void)close(j->file);
  }
  release(j->path);
  release(j->bytes);
  release(j->slot);
  release(j);
}

/* Everything that can fail after the memory for the journal itself is there. */
static bool fill_journal(search_journal *j, const char *path, const char *identity,
                         stepdose_error *error)
{
  j->path = allocate_copy(path);
  if (j->path == NULL || strlen(identity) > IDENTITY_MAX) {
    return j->path == NULL
               ? error_no_memory(error, "opening the journal")
               : error_set(error, STEPDOSE_INTERNAL, "", "the identity of the run is too long");
  }
  packet header = make_header(identity);
  if (!open_file(j, error) || !read_all(j, error) || !take_file(j, &header, error) ||
      !prepare_end(j, &header, error)) {
    return false;
  }
  return pthread_mutex_init(&j->lock, NULL) == 0 || error_no_memory(error, "opening the journal");
}

search_journal *journal_open(const char *path, const char *identity, stepdose_error *error)
{
  search_journal *j = allocate_zeroed(1, sizeof *j);
  if (j == NULL) {
    (void)error_no_memory(error, "opening the journal");
    return NULL;
  }
  j->file = -1;
  if (!fill_journal(j, path, identity, error)) {
    discard(j);
    return NULL;
  }
  return j;
}

bool journal_find(search_journal *j, int branch, int n_variables, const double *value,
                  int n_constraints, double *goal, double *constraint, bool *failed)
{
  packet key = make_key(branch, n_variables, value);
  size_t at = *slot_of(j, key.bytes, key.length);
  if (at == 0 || int_at(j->bytes + at + key.length) != n_constraints) {
    return false;
  }
  const char *answer = j->bytes + at + key.length + 4;
  *failed = int_at(answer) != 0;
  memcpy(goal, answer + 4, sizeof *goal);
  memcpy(constraint, answer + 12, (size_t)n_constraints * sizeof *constraint);
  return true;
}

static bool sync_file(search_journal *j, stepdose_error *error)
{
  j->unsynced = 0;
  return fsync(j->file) == 0 ||
         error_set_errno(error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "syncing the journal");
}

void journal_add(search_journal *j, int branch, int n_variables, const double *value,
                 int n_constraints, double goal, const double *constraint, bool failed)
{
  packet record = make_key(branch, n_variables, value);
  put_int(&record, n_constraints);
  put_int(&record, failed);
  put(&record, &goal, sizeof goal);
  put(&record, constraint, (size_t)n_constraints * sizeof *constraint);
  put_checksum(&record);
  pthread_mutex_lock(&j->lock);
  if (!j->failed) { /* after a torn record nothing more can be read back */
    j->failed = !write_all(j, &record, &j->error);
    j->count++;
    j->unsynced++;
    if (!j->failed && j->unsynced >= RECORDS_PER_SYNC) {
      j->failed = !sync_file(j, &j->error);
    }
  }
  pthread_mutex_unlock(&j->lock);
}

void journal_branch(search_journal *j, int branch) { j->branch = branch; }

int journal_current_branch(const search_journal *j) { return j->branch; }

long journal_count(search_journal *j)
{
  pthread_mutex_lock(&j->lock);
  long count = j->count;
  pthread_mutex_unlock(&j->lock);
  return count;
}

bool journal_close(search_journal *j, stepdose_error *error)
{
  if (j == NULL) {
    return true;
  }
  if (!j->failed) {
    j->failed = !sync_file(j, &j->error);
  }
  if (close(j->file) != 0 && !j->failed) {
    j->failed = true;
    (void)error_set_errno(&j->error, STEPDOSE_INPUT_OUTPUT, j->path, errno, "closing the journal");
  }
  j->file = -1;
  bool done = !j->failed;
  if (!done && error != NULL) {
    *error = j->error;
  }
  (void)pthread_mutex_destroy(&j->lock);
  discard(j);
  return done;
}
