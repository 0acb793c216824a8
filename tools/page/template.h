/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to tools/page/: the page without data, as built by build.mjs. */
#ifndef PLUGSCHED_PAGE_TEMPLATE_H
#define PLUGSCHED_PAGE_TEMPLATE_H

#include <stddef.h>

struct page_template {
	const char *begin; /* not NUL-terminated */
	size_t length;     /* 0: this program was built without the page */
};

/* The embedded page. Static. */
struct page_template page_template(void);

#endif
