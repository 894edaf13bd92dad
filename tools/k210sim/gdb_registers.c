// SPDX-License-Identifier: MIT
/* See gdb_registers.h. */
#include "gdb_registers.h"

#include <stdio.h>
#include <string.h>

#include "csr.h"
#include "machine.h"
#include "mmu.h"

#define REG_PC   32
#define REG_F    33
#define REG_CSR  65
#define REG_PRIV (REG_CSR + 0x1000)

/* gdb knows its own names of newer versions too, but these are the chip's. */
struct csr_name {
	unsigned int number;
	const char *name;
};

static const struct csr_name csrs[] = {
	{ 0x100, "sstatus" },     { 0x104, "sie" },
	{ 0x105, "stvec" },       { 0x140, "sscratch" },
	{ 0x141, "sepc" },        { 0x142, "scause" },
	{ 0x143, "sbadaddr" },    { 0x144, "sip" },
	{ 0x180, "sptbr" },       { 0x300, "mstatus" },
	{ 0x301, "misa" },        { 0x302, "medeleg" },
	{ 0x303, "mideleg" },     { 0x304, "mie" },
	{ 0x305, "mtvec" },       { 0x320, "mucounteren" },
	{ 0x321, "mscounteren" }, { 0x340, "mscratch" },
	{ 0x341, "mepc" },        { 0x342, "mcause" },
	{ 0x343, "mbadaddr" },    { 0x344, "mip" },
	{ 0xb00, "mcycle" },      { 0xb02, "minstret" },
	{ 0xf11, "mvendorid" },   { 0xf12, "marchid" },
	{ 0xf13, "mimpid" },      { 0xf14, "mhartid" },
};

#define NR_CSRS (sizeof(csrs) / sizeof(csrs[0]))

/* gdb calls these two after integers of floating point's CSRs. */
static const struct csr_name fp_csrs[] = {
	{ 1, "fflags" },
	{ 2, "frm" },
	{ 3, "fcsr" },
};

static const char *const x_names[32] = {
	"zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "fp", "s1", "a0",
	"a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
	"s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char *const f_names[32] = {
	"ft0", "ft1", "ft2",  "ft3",  "ft4", "ft5", "ft6",  "ft7",
	"fs0", "fs1", "fa0",  "fa1",  "fa2", "fa3", "fa4",  "fa5",
	"fa6", "fa7", "fs2",  "fs3",  "fs4", "fs5", "fs6",  "fs7",
	"fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

static void add_register(FILE *xml, const char *name, unsigned int number,
			 const char *type)
{
	fprintf(xml,
		"<reg name=\"%s\" bitsize=\"64\" regnum=\"%u\" type=\"%s\"/>",
		name, number, type);
}

static void begin_feature(FILE *xml, const char *name)
{
	fprintf(xml, "<feature name=\"org.gnu.gdb.riscv.%s\">", name);
}

static void end_feature(FILE *xml)
{
	fputs("</feature>", xml);
}

static void write_xml(FILE *xml)
{
	fputs("<?xml version=\"1.0\"?>"
	      "<!DOCTYPE target SYSTEM \"gdb-target.dtd\"><target>"
	      "<architecture>riscv:rv64</architecture>",
	      xml);
	begin_feature(xml, "cpu");
	for (unsigned int i = 0; i < 32; i++)
		add_register(xml, x_names[i], i, "int");
	add_register(xml, "pc", REG_PC, "code_ptr");
	end_feature(xml);

	begin_feature(xml, "fpu");
	for (unsigned int i = 0; i < 32; i++)
		add_register(xml, f_names[i], REG_F + i, "ieee_double");
	for (unsigned int i = 0; i < 3; i++)
		add_register(xml, fp_csrs[i].name, REG_CSR + fp_csrs[i].number,
			     "int");
	end_feature(xml);

	begin_feature(xml, "csr");
	for (size_t i = 0; i < NR_CSRS; i++)
		add_register(xml, csrs[i].name, REG_CSR + csrs[i].number,
			     "int");
	end_feature(xml);

	begin_feature(xml, "virtual");
	add_register(xml, "priv", REG_PRIV, "int");
	end_feature(xml);
	fputs("</target>", xml);
}

const char *gdb_target_xml(void)
{
	static char text[16384];
	FILE *xml = fmemopen(text, sizeof(text), "w");

	if (xml) {
		write_xml(xml);
		fclose(xml);
	}
	return text;
}

/* As M-mode sees it, whatever the hart's privilege and FS allow. */
static bool read_csr(struct hart *hart, unsigned int number, uint64_t *value)
{
	enum priv priv = hart->priv;
	uint64_t mstatus = hart->mstatus;
	bool found;

	hart->priv = PRIV_M;
	if (number <= 3)
		hart->mstatus |= MSTATUS_FS;
	found = csr_read(hart, number, value);
	hart->priv = priv;
	hart->mstatus = mstatus;
	return found;
}

static bool write_csr(struct hart *hart, unsigned int number, uint64_t value)
{
	enum priv priv = hart->priv;
	bool found;

	hart->priv = PRIV_M;
	found = csr_write(hart, number, value);
	hart->priv = priv;
	mmu_mode_changed(hart);
	return found;
}

bool gdb_read_register(struct hart *hart, unsigned int number, uint64_t *value)
{
	if (number < REG_PC)
		*value = hart->x[number];
	else if (number == REG_PC)
		*value = hart->pc;
	else if (number < REG_CSR)
		*value = hart->f[number - REG_F];
	else if (number == REG_PRIV)
		*value = hart->priv;
	else
		return number < REG_PRIV &&
		       read_csr(hart, number - REG_CSR, value);
	return true;
}

bool gdb_write_register(struct hart *hart, unsigned int number, uint64_t value)
{
	if (number < REG_PC) {
		hart_set_x(hart, number, value);
	} else if (number == REG_PC) {
		hart->pc = value & ~1ull;
		hart->waiting = false;
	} else if (number < REG_CSR) {
		hart->f[number - REG_F] = value;
	} else if (number == REG_PRIV) {
		if (value > PRIV_M || value == 2)
			return false;
		hart->priv = (enum priv)value;
		mmu_mode_changed(hart);
	} else {
		return number < REG_PRIV &&
		       write_csr(hart, number - REG_CSR, value);
	}
	return true;
}
