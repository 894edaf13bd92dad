/* SPDX-License-Identifier: MIT */
/*
 * What becomes of a case: report.c counts and prints.
 */
#pragma once

/* A case begins; what fail() and skip() say from now on is about it. */
void report_begin(const char *name);

/* It ended: print its line. */
void report_end(void);

/* The closing line. */
void report_summary(void);
