// SPDX-License-Identifier: MIT
/*
 * SBI 3.0, chapter 18: FWFT.
 */
#include "guest.h"
#include "hart.h"

enum { FWFT_SET, FWFT_GET };

#define FWFT_MISALIGNED_DELEGATION 0
#define FWFT_POINTER_MASKING       5
#define FWFT_LOCK                  1

static struct sbi_ret get(uint64_t feature)
{
	return sbi_call(SBI_EXT_FWFT, FWFT_GET, feature, 0, 0);
}

static struct sbi_ret set(uint64_t feature, uint64_t value, uint64_t flags)
{
	return sbi_call(SBI_EXT_FWFT, FWFT_SET, feature, value, flags);
}

static const uint64_t reserved[] = {
	6,          0x3fffffff, /* local, reserved */
	0x40000000, 0x7fffffff, /* local, platform's */
	0x80000000, 0xbfffffff, /* global, reserved */
	0xc0000000, 0xffffffff, /* global, platform's */
};

EXTENSION_CASE(SBI_EXT_FWFT, fwft_reserved_feature_is_denied)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reserved); i++) {
		expect_error("get", get(reserved[i]), SBI_ERR_DENIED);
		expect_error("set", set(reserved[i], 0, 0), SBI_ERR_DENIED);
	}
}

/* Features that hardware lacks are NOT_SUPPORTED; others reset to 0. */
EXTENSION_CASE(SBI_EXT_FWFT, fwft_features_reset_to_0)
{
	uint64_t feature;

	for (feature = 1; feature <= FWFT_POINTER_MASKING; feature++) {
		struct sbi_ret ret = get(feature);

		if (ret.error != SBI_ERR_NOT_SUPPORTED)
			expect_error("get", ret, SBI_SUCCESS);
		/* Also of a failed get: section 18.2. */
		expect("value", 0, ret.value);
	}
}

EXTENSION_CASE(SBI_EXT_FWFT, fwft_absent_feature_is_not_supported)
{
	uint64_t feature;

	for (feature = 1; feature <= FWFT_POINTER_MASKING; feature++)
		if (get(feature).error)
			expect_error("set", set(feature, 0, 0),
				     SBI_ERR_NOT_SUPPORTED);
}

static bool misaligned_cannot_be_delegated(void)
{
	return get(FWFT_MISALIGNED_DELEGATION).error == SBI_ERR_NOT_SUPPORTED;
}

EXTENSION_CASE(SBI_EXT_FWFT, fwft_misaligned_delegation_sets_and_gets)
{
	uint64_t feature = FWFT_MISALIGNED_DELEGATION;
	uint64_t old = get(feature).value;

	if (misaligned_cannot_be_delegated())
		return skip("misaligned traps cannot be delegated");
	expect_error("set 1", set(feature, 1, 0), SBI_SUCCESS);
	expect_value("get", get(feature), 1);
	expect_error("set 1 again", set(feature, 1, 0), SBI_SUCCESS);
	expect_error("set 0", set(feature, 0, 0), SBI_SUCCESS);
	expect_value("get", get(feature), 0);
	set(feature, old, 0);
}

EXTENSION_CASE(SBI_EXT_FWFT, fwft_bad_value_or_flag_is_invalid)
{
	uint64_t feature = FWFT_MISALIGNED_DELEGATION;
	uint64_t old = get(feature).value;

	if (misaligned_cannot_be_delegated())
		return skip("misaligned traps cannot be delegated");
	expect_error("value 2", set(feature, 2, 0), SBI_ERR_INVALID_PARAM);
	expect_error("flag 2", set(feature, old, 2), SBI_ERR_INVALID_PARAM);
	expect_error("flag 2^63", set(feature, old, BIT(63)),
		     SBI_ERR_INVALID_PARAM);
	expect_value("get", get(feature), old);
}

/* Locks last until the hart is reset: on a hart that is stopped afterwards. */
static struct {
	struct sbi_ret lock;
	struct sbi_ret set;
	struct sbi_ret get;
} locked;

static void lock_feature(void *arg)
{
	uint64_t feature = FWFT_MISALIGNED_DELEGATION;

	(void)arg;
	locked.lock = set(feature, 0, FWFT_LOCK);
	locked.set = set(feature, 1, 0);
	locked.get = get(feature);
}

EXTENSION_CASE(SBI_EXT_FWFT, fwft_locked_feature_is_denied_locked)
{
	struct hart *last = &harts[hart_count - 1];

	if (hart_count < 2)
		return skip("one hart");
	if (misaligned_cannot_be_delegated())
		return skip("misaligned traps cannot be delegated");
	if (!hart_run(last, lock_feature, NULL))
		return;
	expect_error("set with lock", locked.lock, SBI_SUCCESS);
	expect_error("set", locked.set, SBI_ERR_DENIED_LOCKED);
	expect_value("get", locked.get, 0);
}

static void set_feature(void *arg)
{
	*(struct sbi_ret *)arg = set(FWFT_MISALIGNED_DELEGATION, 1, 0);
}

EXTENSION_CASE(SBI_EXT_FWFT, fwft_is_local)
{
	uint64_t old = get(FWFT_MISALIGNED_DELEGATION).value;
	struct sbi_ret ret;

	if (hart_count < 2)
		return skip("one hart");
	if (misaligned_cannot_be_delegated())
		return skip("misaligned traps cannot be delegated");
	set(FWFT_MISALIGNED_DELEGATION, 0, 0);
	if (!hart_run(&harts[1], set_feature, &ret))
		return;
	expect_value("get here", get(FWFT_MISALIGNED_DELEGATION), 0);
	set(FWFT_MISALIGNED_DELEGATION, old, 0);
}
