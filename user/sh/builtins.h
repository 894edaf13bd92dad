/* SPDX-License-Identifier: MIT */
#pragma once

/* Builtins that other parts of the shell must recognise. */
int builtin_exec(int argc, char **argv);

/* "set": also the options of the command line. */
int builtin_set(int argc, char **argv);
