// SPDX-License-Identifier: MIT
/*
 * From an extension id to the extension.
 *
 * The table is a perfect hash: one multiplication gives the slot, and two ids
 * in one slot are a compile-time error (initialized twice).  If that happens to
 * a new extension, look for another HASH_FACTOR: any odd number without a
 * collision will do.
 */
#include "ecall.h"

#include "ext/extensions.h"

#define NR_SLOTS    32
#define HASH_FACTOR 0xb5bf72f5u
#define SLOT(id)    ((uint32_t)((id)*HASH_FACTOR) >> 27)

/* All that there are. */
static const struct {
	uint64_t id;
	const struct sbi_extension *extension;
} known[NR_SLOTS] = {
#define ROW(id, name) [SLOT(id)] = { id, &name##_extension },
	EXTENSIONS(ROW)
};

/* Those that this machine has; [I] after ecall_init(). */
static struct {
	uint64_t id;
	struct sbi_ret (*call)(const uint64_t *arg, uint64_t function);
} available[NR_SLOTS];

void ecall_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++) {
		const struct sbi_extension *extension = known[i].extension;

		if (!extension || (extension->probe && !extension->probe()))
			continue;
		available[i].id = known[i].id;
		available[i].call = extension->call;
	}
}

void ecall_init_hart(void)
{
	unsigned int i;

	for (i = 0; i < NR_SLOTS; i++) {
		if (available[i].call && known[i].extension->init_hart)
			known[i].extension->init_hart();
	}
}

bool ecall_is_available(uint64_t extension)
{
	unsigned int slot = SLOT(extension);

	return available[slot].call && available[slot].id == extension;
}

struct sbi_ret ecall_dispatch(const struct trap_frame *frame)
{
	uint64_t extension = frame->x[17];
	unsigned int slot = SLOT(extension);

	if (unlikely(available[slot].id != extension || !available[slot].call))
		return sbi_error(SBI_ERR_NOT_SUPPORTED);
	return available[slot].call(&frame->x[10], frame->x[16]);
}
