/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report as one page for a browser, which loads nothing from outside.
 *
 * The page is built from web/src/ with npm when plugsched is built, and is embedded in the program
 * (template.c). The packed data of a report (pack.c) is inserted into it. The page shows what the
 * questions answer; it does not compute classes or reasons itself.
 */
#ifndef PLUGSCHED_PAGE_PAGE_H
#define PLUGSCHED_PAGE_PAGE_H

#include "tools/query/query.h"

/* False if the program was built without the page (PLUGSCHED_PAGE=OFF). */
bool page_is_built(void);

/*
 * Writes the page with the report of `query`, the other report if there is one, and `answer`, which
 * is the answer of info or diff. The program must have been built with the page.
 */
void page_write(FILE *out, struct query *query, const struct answer *answer);

#endif
