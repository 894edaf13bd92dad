/* SPDX-License-Identifier: MIT */
#pragma once

/* Builtin read. */
int builtin_read(int argc, char **argv);
