// SPDX-License-Identifier: MIT
/* The DMAC between memory and memory, case by case. */
#include "../check.h"

#define DMAC            0x50000000ull
#define CONFIG          (DMAC + 0x10)
#define ENABLES         (DMAC + 0x18)
#define ALL_STATUS      (DMAC + 0x30)
#define RESET           (DMAC + 0x58)
#define CHANNEL(number) (DMAC + 0x100 + 0x100 * (number))
#define SAR             0x00
#define DAR             0x08
#define BLOCK_TS        0x10
#define CTL             0x18
#define CFG             0x20
#define LLP             0x28
#define STATUS          0x30
#define STATUS_ENABLE   0x80
#define INT_STATUS      0x88
#define INT_CLEAR       0x98
#define DMA_GATE        1

#define START(number)   (0x101ull << (number))
#define STOP(number)    (0x100ull << (number))
#define SUSPEND(number) (0x1010000ull << (number))
#define RESUME(number)  (0x1000000ull << (number))
#define WIDTH(in, out)  ((uint64_t)(in) << 8 | (uint64_t)(out) << 11)
#define SOURCE_FIXED    (1ull << 4)
#define IOC             (1ull << 58)
#define LAST            (1ull << 62)
#define VALID           (1ull << 63)
#define LIST            0xf /* both addresses come from a list */
#define DONE            2
#define BLOCK_DONE      1

struct item {
	uint64_t sar, dar, block_ts, llp, ctl, status[3];
};

static uint64_t from[64], to[64];
static struct item items[2] __attribute__((aligned(64)));

void guest_main(void);

static uint64_t address(const volatile void *pointer)
{
	return (uint64_t)uncached(pointer);
}

static void fill(void)
{
	volatile uint64_t *source = uncached(from);
	volatile uint64_t *target = uncached(to);

	for (uint64_t i = 0; i < 64; i++) {
		source[i] = 0x0101010101010101 * i;
		target[i] = ~0ull;
	}
}

static void start(unsigned int channel, uint64_t ctl, uint64_t count)
{
	*reg64(CHANNEL(channel) + INT_CLEAR) = 0xffffffff;
	*reg64(CHANNEL(channel) + CFG) = 0;
	*reg64(CHANNEL(channel) + SAR) = address(from);
	*reg64(CHANNEL(channel) + DAR) = address(to);
	*reg64(CHANNEL(channel) + BLOCK_TS) = count - 1;
	*reg64(CHANNEL(channel) + CTL) = ctl;
	*reg64(ENABLES) = START(channel);
}

static void finish(unsigned int channel)
{
	while (*reg64(ENABLES) >> channel & 1)
		;
}

static uint64_t target(unsigned int index)
{
	return *(volatile uint64_t *)uncached(&to[index]);
}

static void check_blocks(void)
{
	uint64_t begin;

	start(0, WIDTH(3, 3), 64);
	check("dmac_channel_is_busy_while_it_moves", *reg64(ENABLES), 1);
	finish(0);
	check("dmac_copies_first_item", target(0), 0);
	check("dmac_copies_last_item", target(63), 0x3f3f3f3f3f3f3f3f);
	check("dmac_status_counts_items", *reg64(CHANNEL(0) + STATUS), 64);
	check("dmac_notes_block_and_transfer", *reg64(CHANNEL(0) + INT_STATUS),
	      DONE | BLOCK_DONE);
	*reg64(CHANNEL(0) + INT_CLEAR) = DONE;
	check("dmac_interrupts_clear_by_bit", *reg64(CHANNEL(0) + INT_STATUS),
	      BLOCK_DONE);
	fill();
	start(0, WIDTH(0, 3), 16);
	finish(0);
	check("dmac_packs_bytes", target(1), 0x0101010101010101);
	check("dmac_stops_at_the_block_s_end", target(2), ~0ull);
	fill();
	start(1, WIDTH(2, 2) | SOURCE_FIXED, 8);
	finish(1);
	check("dmac_repeats_a_fixed_source", target(3), 0);
	check("dmac_counts_items_of_the_source_width", target(4), ~0ull);
	begin = cycles();
	start(0, WIDTH(0, 0), 512);
	finish(0);
	check("dmac_takes_a_cycle_an_item_and_end", (cycles() - begin) >> 8,
	      1024 >> 8);
}

static void check_halves(void)
{
	*reg(CHANNEL(2) + SAR) = 0x89abcdef;
	*reg(CHANNEL(2) + SAR + 4) = 0x01234567;
	check("dmac_registers_take_halves", *reg64(CHANNEL(2) + SAR),
	      0x0123456789abcdef);
	check("dmac_registers_give_halves", *reg(CHANNEL(2) + SAR + 4),
	      0x01234567);
}

static void check_control(void)
{
	fill();
	*reg64(ENABLES) = SUSPEND(0);
	start(0, WIDTH(3, 3), 64);
	*reg64(ENABLES) = SUSPEND(0);
	for (int i = 0; i < 1000; i++)
		asm volatile("");
	check("dmac_suspended_channel_waits", *reg64(ENABLES), 0x10001);
	*reg64(ENABLES) = RESUME(0);
	finish(0);
	check("dmac_resumed_channel_goes_on", target(63), 0x3f3f3f3f3f3f3f3f);
	start(0, WIDTH(3, 3), 64);
	*reg64(ENABLES) = 0;
	check("dmac_enables_need_write_enables", *reg64(ENABLES) & 1, 1);
	*reg64(ENABLES) = STOP(0);
	check("dmac_channel_can_be_stopped", *reg64(ENABLES), 0);
	start(0, WIDTH(3, 3), 64);
	*reg64(ENABLES) = 0x10100000000; /* abort */
	check("dmac_channel_can_be_aborted", *reg64(ENABLES), 0);
	finish(0);
}

static void check_interrupts(void)
{
	*reg64(CHANNEL(4) + STATUS_ENABLE) = DONE;
	plic_choose(31);
	start(4, WIDTH(3, 3), 64);
	asm volatile("csrw mie, %0" ::"r"(1 << 11));
	asm volatile("wfi");
	asm volatile("csrw mie, zero");
	check("dmac_channel_4_interrupts_by_31", plic_take(), 31);
	check("dmac_notes_enabled_interrupts_only",
	      *reg64(CHANNEL(4) + INT_STATUS), DONE);
	check("dmac_names_the_channel", *reg64(ALL_STATUS) & 0x10, 0x10);
	*reg64(CHANNEL(4) + INT_CLEAR) = 0xffffffff;
	(void)plic_take();
	check("dmac_clearing_drops_the_line", plic_take(), 0);
}

static void check_list(void)
{
	struct item *list = uncached(items);

	fill();
	list[0] = (struct item){ address(&from[10]), address(&to[0]), 0,
				 address(&items[1]), WIDTH(3, 3) | VALID };
	list[1] = (struct item){ address(&from[20]), address(&to[1]), 1, 0,
				 WIDTH(3, 3) | IOC | LAST | VALID };
	*reg64(CHANNEL(3) + CFG) = LIST;
	*reg64(CHANNEL(3) + LLP) = address(&items[0]);
	*reg64(ENABLES) = START(3);
	finish(3);
	check("dmac_list_moves_its_first_item", target(0), 0x0a0a0a0a0a0a0a0a);
	check("dmac_list_moves_its_last_item", target(2), 0x1515151515151515);
	check("dmac_list_ends_there", target(3), ~0ull);
	check("dmac_list_items_are_handed_back",
	      *(volatile uint64_t *)&list[0].ctl & VALID, 0);
	check("dmac_list_notes_blocks_with_ioc",
	      *reg64(CHANNEL(3) + INT_STATUS), DONE | BLOCK_DONE);
}

static void check_reset(void)
{
	*reg64(RESET) = 1;
	check("dmac_reset_clears_itself", *reg64(RESET), 0);
	check("dmac_reset_forgets", *reg64(CHANNEL(2) + SAR) | *reg64(CONFIG),
	      0);
	check("dmac_reset_enables_all_interrupts",
	      *reg64(CHANNEL(4) + STATUS_ENABLE), 0xffffffff);
}

void guest_main(void)
{
	device_on(DMA_GATE);
	*reg64(CONFIG) = 3;
	fill();
	check_blocks();
	check_halves();
	check_control();
	check_interrupts();
	check_list();
	check_reset();
}
