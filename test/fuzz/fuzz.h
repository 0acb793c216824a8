/* SPDX-License-Identifier: GPL-2.0-only */
/* What libFuzzer calls in each target: once with each input. The return value is 0. */
#ifndef PLUGSCHED_FUZZ_H
#define PLUGSCHED_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
