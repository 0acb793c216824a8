/* SPDX-License-Identifier: GPL-2.0-only */
FEATURE(GENTLE, 1)
FEATURE(HRTICK, 0)

// extracted: unchanged
