/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A report as one page for a browser, which asks for nothing from outside.
 *
 * The page is made from src/ with npm when plugsched is built, and carried in the program (template.c). The data of a
 * report is packed (pack.c) and put into it. What the page shows is what the questions answer; it works out no classes
 * and no reasons of its own.
 */
#ifndef PLUGSCHED_PAGE_PAGE_H
#define PLUGSCHED_PAGE_PAGE_H

#include "tools/query/query.h"

/* False if the program was built without the page (PLUGSCHED_PAGE=OFF). */
bool page_is_built(void);

/*
 * Writes the page with the report of `query` and, if there is one, the other, and `answer`, which is that of info or diff.
 * The page must be built.
 */
void page_write(FILE *out, struct query *query, const struct answer *answer);

#endif
