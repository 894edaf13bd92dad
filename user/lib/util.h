/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * What the utilities share: messages, options, numbers, paths and copying.
 * Everything here is for single-threaded programs that run, report and exit.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* The name that messages begin with; keelbox sets it from argv[0]. */
extern const char *prog_name;

/* Print "name: message" on standard error. */
void warn_msg(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* The same, and ": " with the text of errno after it. */
void warn_errno(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* warn_msg() and exit with status. */
void die(int status, const char *fmt, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Print "usage: text" on standard error; returns 2, for main to return. */
int usage_error(const char *text);

/* Flush standard output; returns status, or 1 after a failed write. */
int finish_output(int status);

/*
 * Next option letter, -1 after the last, '?' for an unknown one (reported).
 * Like getopt(3), but options may follow operands, as people type them.
 */
int opt_next(int argc, char **argv, const char *spec);

/* Memory or a clear end: these never return NULL. */
void *xmalloc(size_t size);
/* As realloc(3): ptr (or NULL) is the caller's no longer, the result is. */
void *xrealloc(void *ptr, size_t size);
/* A copy of text that the caller frees. */
char *xstrdup(const char *text);

/* All of text is a decimal number in [min, max]; else false. */
bool parse_number(const char *text, long min, long max, long *value);
/*
 * All of text is a decimal number >= 0, maybe with a suffix k, K, M or G for
 * powers of 1024; else, or if the product does not fit, false.
 */
bool parse_size(const char *text, long *value);

/* dir + "/" + name in fresh memory. */
char *path_join(const char *dir, const char *name);

/* The last component, without changing path; "/" stays "/". */
const char *path_base(const char *path);

/* "drwxr-xr-x" into text[11]. */
void mode_format(mode_t mode, char text[11]);

/* 1536 -> "1.5K"; text holds at least 8 bytes. */
void size_format_human(uint64_t size, char text[8]);

/*
 * chmod(1)'s idea of a mode: octal, or clauses such as u+x,go-w.
 * Returns false when spec is not well formed.
 */
bool mode_parse(const char *spec, mode_t old, bool is_dir, mode_t *mode);

/*
 * The user's name in /etc/passwd, or the number as text where there is none.
 * Good until the next call.
 */
const char *user_name(uid_t uid);
/* The same of groups, from /etc/group. */
const char *group_name(gid_t gid);
/*
 * The user of that name, and its group; or a number as it is, with *gid
 * (gid_t)-1.  False: neither.
 */
bool user_find(const char *name, uid_t *uid, gid_t *gid);
/* The group of that name, or a number as it is; false: neither. */
bool group_find(const char *name, gid_t *gid);

/* Write all of it, going on after short writes; 0, or -1 and errno. */
int write_all(int fd, const void *data, size_t len);

/* Copy until end of file; 0, or -1 and errno (*in_failed: which end). */
int copy_fd(int in, int out, bool *in_failed);

/* Whole small file into buf as a string; its length, or -1 and errno. */
ssize_t read_file_text(const char *path, char *buf, size_t size);

/*
 * Open an operand for reading: "-" and NULL are standard input.  Reports and
 * returns NULL on failure.
 */
FILE *input_open(const char *path);
/* Ends input_open(); standard input stays open. */
void input_close(FILE *file);

/* For dir_for_each(): path is dir/name; 0, or 1 when something failed. */
typedef int dir_visit_fn(const char *path, const char *name, void *arg);
/*
 * Call visit() for each entry of a directory, without "." and "..".  The
 * names are read first, so visit() may remove entries.  Reports what fails;
 * returns 0, or 1 when anything failed or visit() returned 1.
 */
int dir_for_each(const char *dir, dir_visit_fn *visit, void *arg);

/* Sort names as strcmp(3) does; for qsort(3) over char pointers. */
int compare_strings(const void *a, const void *b);
