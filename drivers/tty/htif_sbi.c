// SPDX-License-Identifier: MIT
/*
 * HTIF, the host-target interface of spike and of QEMU's spike machine: console
 * and exit for the firmware.
 *
 * Two words of 64 bits, fromhost and tohost behind it, hold a device (bits
 * 63:56), a command (55:48) and a payload; the receiver clears a word when it
 * took it.  The tree's node ucb,htif0 says where they are.  Where it has no reg
 * they would be symbols of the program: we are loaded as a flat file, so that
 * simulators tell us by the tree.
 */
#include <console.h>
#include <device.h>
#include <lib/fdt.h>
#include <lib/mmio.h>
#include <reset.h>

#define HTIF_DEVICE_SYSCALL 0ul
#define HTIF_DEVICE_CONSOLE 1ul

#define FROMHOST 0 /* words from the start of reg */
#define TOHOST   1

#define CONSOLE_GETC 0ul
#define CONSOLE_PUTC 1ul

#define HTIF_EXIT_SUCCESS 1ul /* bit 0: exit; the rest is the status */
#define HTIF_EXIT_FAILURE 3ul

static uint64_t __iomem *regs; /* [I] after probe */
static bool is_getc_pending;   /* [l] console_lock */

static int htif_probe_regs(const void *fdt, int node)
{
	struct dt_range reg;
	int ret = dt_get_reg(fdt, node, 0, &reg);

	if (!ret)
		regs = (uint64_t __iomem *)reg.start;
	return ret;
}

static void htif_send(uint64_t device, uint64_t command, uint64_t payload)
{
	uint64_t word = device << 56 | command << 48 | payload;
	uint32_t __iomem *tohost = (uint32_t __iomem *)(regs + TOHOST);

	while (mmio_read64(regs + TOHOST))
		;
	/* In halves: the upper one starts it, and narrow buses split it so. */
	mmio_write32(word, tohost);
	mmio_write32(word >> 32, tohost + 1);
}

static uint64_t htif_receive(void)
{
	uint64_t word = mmio_read64(regs + FROMHOST);

	if (word)
		mmio_write64(0, regs + FROMHOST);
	return word;
}

static void htif_putc(uint8_t byte)
{
	htif_send(HTIF_DEVICE_CONSOLE, CONSOLE_PUTC, byte);
}

static int htif_getc(void)
{
	uint64_t word;

	if (!is_getc_pending) {
		htif_send(HTIF_DEVICE_CONSOLE, CONSOLE_GETC, 0);
		is_getc_pending = true;
	}
	word = htif_receive();
	if (word >> 56 != HTIF_DEVICE_CONSOLE ||
	    (word >> 48 & 0xff) != CONSOLE_GETC)
		return -1;
	is_getc_pending = false;
	return word & 0xff;
}

static const struct console_ops htif_console = {
	.send = htif_putc,
	.receive = htif_getc,
};

static void htif_exit(uint64_t data, bool failed)
{
	(void)data;
	htif_send(HTIF_DEVICE_SYSCALL, 0,
		  failed ? HTIF_EXIT_FAILURE : HTIF_EXIT_SUCCESS);
}

static int htif_console_probe(const void *fdt, int node, const void *data)
{
	int ret = htif_probe_regs(fdt, node);

	(void)data;
	if (!ret)
		console_register(&htif_console);
	return ret;
}

static int htif_reset_probe(const void *fdt, int node, const void *data)
{
	int ret = htif_probe_regs(fdt, node);

	(void)data;
	if (!ret)
		reset_register(RESET_SHUTDOWN, htif_exit, 0, true);
	return ret;
}

static const struct fw_match htif_match[] = {
	{ .compatible = "ucb,htif0" },
	{},
};

const struct fw_driver htif_console_fw_driver = {
	.match = htif_match,
	.probe = htif_console_probe,
};

const struct fw_driver htif_reset_fw_driver = {
	.match = htif_match,
	.probe = htif_reset_probe,
};
