/* Checksums agree with their published test values and notice every changed bit. */
#include <criterion/criterion.h>

#include <string.h>

#include "base/allocate.h"
#include "base/hash.h"

/* FIPS 180-4 examples (NIST, "Descriptions of SHA-256", one and two blocks) and the NIST
 * Secure Hash Algorithm Validation System (SHA256ShortMsg.rsp: Len = 0). */
Test(base, sha256_of_published_texts)
{
  const struct {
    const char *text, *hash;
  } cases[] = {
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    char hash[HASH_TEXT_SIZE];
    hash_sha256(cases[i].text, strlen(cases[i].text), hash);
    cr_expect_str_eq(hash, cases[i].hash, "\"%s\"", cases[i].text);
  }
  char hash[HASH_TEXT_SIZE];
  hash_sha256(NULL, 0, hash);
  cr_expect_str_eq(hash, cases[2].hash);
}

/* FIPS 180-2, appendix B.3: one million times "a". */
Test(base, sha256_of_a_million_letters)
{
  enum { LENGTH = 1000000 };
  char *letters = allocate(LENGTH);
  cr_assert_not_null(letters);
  memset(letters, 'a', LENGTH);
  char hash[HASH_TEXT_SIZE];
  hash_sha256(letters, LENGTH, hash);
  release(letters);
  cr_expect_str_eq(hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* Test values of FNV-1a 64 by its authors (test_fnv.c; IETF draft-eastlake-fnv). */
Test(base, fnv1a_of_published_texts)
{
  cr_expect_eq(hash_64("", 0), UINT64_C(0xcbf29ce484222325));
  cr_expect_eq(hash_64("a", 1), UINT64_C(0xaf63dc4c8601ec8c));
  cr_expect_eq(hash_64("foobar", 6), UINT64_C(0x85944171f73967e8));
}

Test(base, every_flipped_bit_changes_both_checksums)
{
  unsigned char record[64];
  for (size_t i = 0; i < sizeof record; i++) {
    record[i] = (unsigned char)(i * 37);
  }
  char hash[HASH_TEXT_SIZE];
  char flipped[HASH_TEXT_SIZE];
  hash_sha256(record, sizeof record, hash);
  uint64_t fast = hash_64(record, sizeof record);
  for (size_t bit = 0; bit < 8 * sizeof record; bit++) {
    record[bit / 8] ^= (unsigned char)(1U << bit % 8);
    hash_sha256(record, sizeof record, flipped);
    cr_expect_str_neq(flipped, hash, "bit %zu", bit);
    cr_expect_neq(hash_64(record, sizeof record), fast, "bit %zu", bit);
    record[bit / 8] ^= (unsigned char)(1U << bit % 8);
  }
}
