/* SPDX-License-Identifier: GPL-2.0-only */
/* Checks that the two files belong together. */
#ifndef PLUGSCHED_COMPARE_FITS_H
#define PLUGSCHED_COMPARE_FITS_H

#include "tools/compare/side.h"

/*
 * False with COMPARE_ERROR_MISMATCH if the module names the build-id of another vmlinux (modinfo
 * plugsched_build_id), or was built for another release. A module that says neither is accepted.
 */
bool fits_vmlinux(const struct side *module, const struct side *vmlinux, GError **error);

#endif
