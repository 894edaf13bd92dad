/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

/*
 * Switch one option by its letter ("-e", "+e"); false for an unknown one.
 * With options_set_name() by its long name ("-o errexit").
 */
bool options_set_letter(char letter, bool on);
bool options_set_name(const char *name, bool on);

/* Builtins. */
int builtin_getopts(int argc, char **argv);
