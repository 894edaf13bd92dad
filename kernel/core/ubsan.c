// SPDX-License-Identifier: MIT
/*
 * Reports of -fsanitize=undefined, in debug builds.
 *
 * The compiler calls these with data that it laid out; the layouts are those of
 * GCC's libubsan interface.  Each place is reported once: the line of its
 * location is overwritten.  The kernel goes on.
 */
#include <core/panic.h>
#include <core/printk.h>

struct source_location {
	const char *file;
	uint32_t line;
	uint32_t column;
};

struct type_descriptor {
	uint16_t kind; /* 0: integer, 1: float */
	uint16_t info;
	char name[];
};

/* All descriptors begin with a location; few need more. */
struct ubsan_data {
	struct source_location location;
	const struct type_descriptor *type;
};

struct type_mismatch_data {
	struct source_location location;
	const struct type_descriptor *type;
	uint8_t log_alignment;
	uint8_t kind;
};

static void report(struct source_location *location, const char *what,
		   unsigned long value)
{
	uint32_t line =
		__atomic_exchange_n(&location->line, 0, __ATOMIC_RELAXED);

	if (line == 0)
		return;
	pr_err("%s:%u: undefined behaviour: %s (%#lx)", location->file, line,
	       what, value);
	backtrace_print();
}

#define HANDLER(name, what)                                                    \
	void __ubsan_handle_##name(struct ubsan_data *data,                    \
				   unsigned long value);                       \
	void __ubsan_handle_##name(struct ubsan_data *data,                    \
				   unsigned long value)                        \
	{                                                                      \
		report(&data->location, what, value);                          \
	}

HANDLER(add_overflow, "signed addition overflows")
HANDLER(sub_overflow, "signed subtraction overflows")
HANDLER(mul_overflow, "signed multiplication overflows")
HANDLER(negate_overflow, "negation overflows")
HANDLER(divrem_overflow, "division overflows or by zero")
HANDLER(shift_out_of_bounds, "shift out of bounds")
HANDLER(out_of_bounds, "array index out of bounds")
HANDLER(load_invalid_value, "load of an invalid value")
HANDLER(vla_bound_not_positive, "array length not positive")
HANDLER(pointer_overflow, "pointer overflows")
HANDLER(invalid_builtin, "invalid argument of a builtin")
HANDLER(nonnull_return_v1, "NULL returned where it must not be")
HANDLER(nonnull_arg, "NULL passed where it must not be")

void __ubsan_handle_type_mismatch_v1(struct type_mismatch_data *data,
				     uintptr_t addr);
void __ubsan_handle_builtin_unreachable(struct ubsan_data *data);
void __ubsan_handle_missing_return(struct ubsan_data *data);

void __ubsan_handle_type_mismatch_v1(struct type_mismatch_data *data,
				     uintptr_t addr)
{
	report(&data->location,
	       addr ? "misaligned or too small object" : "NULL dereference",
	       addr);
}

void __ubsan_handle_builtin_unreachable(struct ubsan_data *data)
{
	panic("%s:%u: unreachable code was reached", data->location.file,
	      data->location.line);
}

void __ubsan_handle_missing_return(struct ubsan_data *data)
{
	panic("%s:%u: a function ends without a value", data->location.file,
	      data->location.line);
}
