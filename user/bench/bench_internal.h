/* SPDX-License-Identifier: MIT */
#pragma once

/* What the program itself shares among its files; rows need bench.h alone. */
#include <stdbool.h>

/*
 * Choose what counts: "instret", "time", or NULL for instret where programs
 * may read it.  Returns false for any other name.
 */
bool counter_choose(const char *name);

/* The name of what counts. */
const char *counter_name(void);

/* Tell bench/marks.c that a row begins, and that it is warm. */
void counter_mark_row(void);
void counter_mark_warm(void);

/* What a turn of BENCH_LOOP() costs by itself. */
double counter_loop_cost(void);

/*
 * Run the rows that names tell, or all, and print them.  A name is one of a
 * row, of a row at one size (ROW/SIZE), or of a subject; names end with NULL.
 * Returns false if a row did not end well, or a name names nothing.
 */
bool rows_run(char **names);

/* Print subjects, and the rows of each. */
void rows_list(void);
