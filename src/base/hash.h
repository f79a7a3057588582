/* SHA-256, to recognise the same input and to notice a changed file. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum { HASH_TEXT_SIZE = 65 };

void hash_sha256(const void *bytes, size_t length, char text[HASH_TEXT_SIZE]); /* lower-case hex */
uint64_t hash_64(const void *bytes, size_t length); /* fast checksum of a journal record (FNV-1a) */

#endif
