// SPDX-License-Identifier: MIT
/*
 * The vendor extension of Keel's firmware on the K210, docs/firmware.md: external
 * interrupts of M-mode are forwarded as software interrupts of S-mode.
 *
 * The source is UARTHS, whose transmitter raises its watermark as long as fewer
 * bytes wait than it says; nothing is printed meanwhile.
 */
#include <drivers/tty/sifive_uart_port.h>

#include <lib/csr.h>
#include <lib/mmio.h>

#include "guest.h"
#include "hart.h"
#include "trap.h"

#define K210_CASE(name) EXTENSION_CASE(SBI_EXT_K210, name)

#define UARTHS     ((uint8_t __iomem *)0x38000000)
#define UARTHS_IRQ 33

#define PLIC             ((uint8_t __iomem *)0x0c000000)
#define PLIC_PRIORITY(n) (PLIC + 4 * (n))
#define PLIC_ENABLE(c)   (PLIC + 0x2000 + 0x80 * (c))
#define PLIC_CLAIM(c)    (PLIC + 0x200004 + 0x1000 * (c))

static struct sbi_ret k210(long function)
{
	return sbi_call(SBI_EXT_K210, function, 0, 0, 0);
}

/* The PLIC's M context of this hart. */
static uint64_t context(void)
{
	return 2 * this_hart()->id;
}

/* The line goes up when what was printed before is out of the FIFO. */
static void source_start(void)
{
	mmio_write32(7, PLIC_PRIORITY(UARTHS_IRQ));
	mmio_write32(1u << UARTHS_IRQ % 32,
		     PLIC_ENABLE(context()) + UARTHS_IRQ / 32 * 4);
	mmio_write32(SIFIVE_UART_CTRL_ON | SIFIVE_UART_CTRL_LEVEL(1),
		     UARTHS + SIFIVE_UART_TXCTRL);
	mmio_write32(SIFIVE_UART_TXWM, UARTHS + SIFIVE_UART_IE);
}

/* The line is up afterwards. */
static void source_on(void)
{
	source_start();
	while (!(mmio_read32(UARTHS + SIFIVE_UART_IP) & SIFIVE_UART_TXWM))
		;
}

static void source_quiet(void)
{
	mmio_write32(0, UARTHS + SIFIVE_UART_IE);
}

/* Also what is pending and has not been claimed. */
static void source_off(void)
{
	source_quiet();
	mmio_write32(mmio_read32(PLIC_CLAIM(context())), PLIC_CLAIM(context()));
	mmio_write32(SIFIVE_UART_CTRL_ON, UARTHS + SIFIVE_UART_TXCTRL);
	mmio_write32(0, PLIC_ENABLE(context()) + UARTHS_IRQ / 32 * 4);
	mmio_write32(0, PLIC_PRIORITY(UARTHS_IRQ));
}

/* Wait, with interrupts on, until this hart took one more than count. */
static bool interrupt_comes(unsigned int count)
{
	bool came;

	interrupts_enable(SIE_SSIE);
	came = wait_for(&this_hart()->software_interrupts, count + 1);
	interrupts_disable(SIE_SSIE);
	return came;
}

/* No wait: what is pending comes with the first instruction. */
static bool interrupt_is_there(void)
{
	return csr_read(CSR_SIP) & MIP_SSIP;
}

static void check_forwarding(void *arg)
{
	unsigned int count = this_hart()->software_interrupts;
	uint32_t irq;

	(void)arg;
	source_on();
	expect_true("none comes before it is enabled", !interrupt_is_there());
	expect_error("enable", k210(SBI_K210_EXTERNAL_ENABLE), SBI_SUCCESS);
	expect_true("one comes", interrupt_comes(count));
	expect_value("take", k210(SBI_K210_EXTERNAL_TAKE), 1);
	expect_value("take again", k210(SBI_K210_EXTERNAL_TAKE), 0);
	expect_true("none comes before the rearm", !interrupt_is_there());

	irq = mmio_read32(PLIC_CLAIM(context()));
	expect("claim", UARTHS_IRQ, irq);
	mmio_write32(irq, PLIC_CLAIM(context()));
	/* The level is still up: it comes again. */
	expect_error("rearm", k210(SBI_K210_EXTERNAL_REARM), SBI_SUCCESS);
	expect_true("one comes again", interrupt_comes(count + 1));
	expect_value("take", k210(SBI_K210_EXTERNAL_TAKE), 1);

	irq = mmio_read32(PLIC_CLAIM(context()));
	source_quiet();
	mmio_write32(irq, PLIC_CLAIM(context()));
	k210(SBI_K210_EXTERNAL_REARM);
	expect_true("none comes any more", !interrupt_is_there());
	k210(SBI_K210_EXTERNAL_DISABLE);
	source_off();
}

K210_CASE(k210_external_interrupt_is_forwarded)
{
	check_forwarding(NULL);
}

K210_CASE(k210_external_interrupt_is_forwarded_on_the_other_hart)
{
	if (hart_count < 2)
		return skip("one hart");
	hart_run(&harts[1], check_forwarding, NULL);
}

K210_CASE(k210_disable_forgets)
{
	source_on();
	k210(SBI_K210_EXTERNAL_ENABLE);
	expect_true("one came", interrupt_is_there());
	k210(SBI_K210_EXTERNAL_DISABLE);
	expect_value("take", k210(SBI_K210_EXTERNAL_TAKE), 0);
	csr_clear(CSR_SIP, MIP_SSIP);
	expect_true("none comes", !interrupt_is_there());
	source_off();
}

/* Both are SSIP; only the note tells. */
K210_CASE(k210_ipi_is_no_external_interrupt)
{
	unsigned int count = this_hart()->software_interrupts;

	k210(SBI_K210_EXTERNAL_ENABLE);
	sbi_call(SBI_EXT_IPI, SBI_IPI_SEND_IPI, 1, this_hart()->id, 0);
	expect_true("it comes", interrupt_comes(count));
	expect_value("take", k210(SBI_K210_EXTERNAL_TAKE), 0);
	k210(SBI_K210_EXTERNAL_DISABLE);
}

/* M-mode is where it arrives while S-mode is suspended. */
K210_CASE(k210_external_interrupt_wakes_from_suspend)
{
	guest_print("k210: until this is out\n");
	csr_set(CSR_SIE, SIE_SSIE);
	source_start();
	k210(SBI_K210_EXTERNAL_ENABLE);
	expect_true("none came yet", !interrupt_is_there());
	expect_error("suspend",
		     sbi_call(SBI_EXT_HSM, SBI_HSM_HART_SUSPEND,
			      SBI_HSM_SUSPEND_RETENTIVE, 0, 0),
		     SBI_SUCCESS);
	expect_value("take", k210(SBI_K210_EXTERNAL_TAKE), 1);
	csr_clear(CSR_SIE, SIE_SSIE);
	csr_clear(CSR_SIP, MIP_SSIP);
	k210(SBI_K210_EXTERNAL_DISABLE);
	source_off();
}

K210_CASE(k210_unknown_function_is_not_supported)
{
	expect_error("function 5", k210(5), SBI_ERR_NOT_SUPPORTED);
}
