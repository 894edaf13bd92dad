/* SPDX-License-Identifier: MIT */
#pragma once

/* Builtins cd and pwd. */
int builtin_cd(int argc, char **argv);
int builtin_pwd(int argc, char **argv);
