/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/page/: the page without data, as build.mjs made it. */
#ifndef PLUGSCHED_PAGE_TEMPLATE_H
#define PLUGSCHED_PAGE_TEMPLATE_H

#include <stddef.h>

struct page_template {
	const char *begin; /* not terminated */
	size_t length;     /* 0: this program was built without it */
};

struct page_template page_template(void);

#endif
