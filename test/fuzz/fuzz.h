/* SPDX-License-Identifier: GPL-2.0-only */
/* libFuzzer calls this in each target, once for each input. Returns 0. */
#ifndef PLUGSCHED_FUZZ_H
#define PLUGSCHED_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
