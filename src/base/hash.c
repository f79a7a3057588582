/* Checksums: SHA-256 (FIPS 180-4) by libmd, and FNV-1a for short records. */
#include "base/hash.h"

#include <assert.h>
#include <sys/types.h>

#include <sha2.h>

static_assert(HASH_TEXT_SIZE == SHA256_DIGEST_STRING_LENGTH, "room for 64 hex digits and 0");

void hash_sha256(const void *bytes, size_t length, char text[HASH_TEXT_SIZE])
{
  const uint8_t *data = length > 0 ? bytes : (const uint8_t *)"";
  SHA256Data(data, length, text);
}

uint64_t hash_64(const void *bytes, size_t length)
{
  const unsigned char *data = bytes;
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < length; i++) {
    hash = (hash ^ data[i]) * UINT64_C(0x100000001b3);
  }
  return hash;
}
