/* SPDX-License-Identifier: GPL-2.0-only */
FEATURE(GENTLE, 1)
FEATURE(HRTICK, 0)

// extracted:
// +/* plugsched interface, keep the signature: its address is taken by macro_user, so it is entered through a pointer */
