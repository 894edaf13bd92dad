/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * Evaluate the expression of $((...)): C's integer operators on 64 bits,
 * with assignment to variables.  Errors are sh_error().
 */
long arith_eval(const char *expression);
