/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * The lines that were typed.  Number 0 is the newest; history_get() returns
 * NULL behind the oldest.
 */
void history_add(const char *line);
const char *history_get(int age);

/* Read and write ~/.sh_history; nothing happens without HOME. */
void history_load(void);
void history_save(void);

int builtin_history(int argc, char **argv);
