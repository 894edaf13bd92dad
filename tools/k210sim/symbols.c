// SPDX-License-Identifier: MIT
/*
 * See symbols.h.  ELF: System V ABI, "Object Files".
 *
 * Everything in the file is checked against its length before it is used.  The
 * file stays in memory, since names point into it.
 */
#include "symbols.h"

#include <elf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

/* How far a symbol reaches if its size is not known. */
#define REACH 0x10000

struct elf_file {
	const uint8_t *data;
	size_t size;
};

/* len bytes at an offset, or NULL if the file ends before. */
static const void *elf_at(const struct elf_file *file, uint64_t offset,
			  uint64_t len)
{
	if (offset > file->size || len > file->size - offset)
		return NULL;
	return file->data + offset;
}

static bool is_riscv_elf64(const struct elf_file *file)
{
	const Elf64_Ehdr *header = elf_at(file, 0, sizeof(*header));

	return header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_ident[EI_DATA] == ELFDATA2LSB &&
	       header->e_machine == EM_RISCV;
}

/* Section headers, aligned; free() them.  NULL: there are none, or no room. */
static Elf64_Shdr *read_sections(const struct elf_file *file, size_t *count)
{
	const Elf64_Ehdr *header = (const Elf64_Ehdr *)file->data;
	size_t size = header->e_shnum * sizeof(Elf64_Shdr);
	const void *from = elf_at(file, header->e_shoff, size);
	Elf64_Shdr *sections;

	if (!from || !size || header->e_shentsize != sizeof(*sections))
		return NULL;
	sections = malloc(size);
	if (sections)
		memcpy(sections, from, size);
	*count = header->e_shnum;
	return sections;
}

/* Not mapping symbols, which begin with $, nor labels of the assembler. */
static bool is_useful(const Elf64_Sym *symbol, const char *name)
{
	unsigned int type = ELF64_ST_TYPE(symbol->st_info);

	return (type == STT_NOTYPE || type == STT_FUNC || type == STT_OBJECT) &&
	       symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS &&
	       *name && *name != '$' && *name != '.';
}

/* The symbols of one table.  False: it leads out of the file. */
static bool add_table(struct symbols *symbols, const struct elf_file *file,
		      const Elf64_Shdr *table, const Elf64_Shdr *strings)
{
	const uint8_t *entry = elf_at(file, table->sh_offset, table->sh_size);
	const char *names = elf_at(file, strings->sh_offset, strings->sh_size);
	size_t count = table->sh_size / sizeof(Elf64_Sym);
	struct symbol *grown;

	if (!entry || !names || !strings->sh_size ||
	    names[strings->sh_size - 1] != '\0')
		return false;
	grown = realloc(symbols->table,
			(symbols->count + count) * sizeof(*grown));
	if (!grown)
		return false;
	symbols->table = grown;
	for (; count > 0; count--, entry += sizeof(Elf64_Sym)) {
		Elf64_Sym symbol;

		memcpy(&symbol, entry, sizeof(symbol));
		if (symbol.st_name >= strings->sh_size)
			return false;
		if (is_useful(&symbol, names + symbol.st_name))
			symbols->table[symbols->count++] = (struct symbol){
				.address = symbol.st_value,
				.size = symbol.st_size,
				.name = names + symbol.st_name,
			};
	}
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct symbol *first = a;
	const struct symbol *second = b;

	if (first->address != second->address)
		return first->address < second->address ? -1 : 1;
	/* The one whose end is known comes last, and is found first. */
	return (first->size > second->size) - (first->size < second->size);
}

/* What is wrong with the file, or NULL. */
static const char *add_file(struct symbols *symbols,
			    const struct elf_file *file)
{
	const char *fault = "has no symbol table";
	Elf64_Shdr *sections;
	size_t count;

	if (!is_riscv_elf64(file))
		return "is no ELF64 file of RISC-V";
	sections = read_sections(file, &count);
	if (!sections)
		return "has no section headers";
	for (size_t i = 0; i < count; i++) {
		if (sections[i].sh_type != SHT_SYMTAB)
			continue;
		fault = "has a damaged symbol table";
		if (sections[i].sh_link < count &&
		    add_table(symbols, file, &sections[i],
			      &sections[sections[i].sh_link]))
			fault = NULL;
		break;
	}
	free(sections);
	return fault;
}

bool symbols_load(struct symbols *symbols, const char *path)
{
	struct elf_file file;
	const char *fault;

	file.data = file_read(path, &file.size);
	if (!file.data)
		return false;
	fault = add_file(symbols, &file);
	if (fault) {
		fprintf(stderr, "k210sim: %s: %s\n", path, fault);
		return false;
	}
	qsort(symbols->table, symbols->count, sizeof(*symbols->table),
	      by_address);
	return true;
}

/* The last symbol at or below the address, or NULL. */
static const struct symbol *find(const struct symbols *symbols,
				 uint64_t address)
{
	size_t low = 0;
	size_t high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->table[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &symbols->table[low - 1] : NULL;
}

void symbols_print(const struct symbols *symbols, FILE *file, uint64_t address)
{
	const struct symbol *symbol = find(symbols, address);
	uint64_t offset;

	if (!symbol)
		return;
	offset = address - symbol->address;
	if (offset < (symbol->size ? symbol->size : REACH))
		fprintf(file, " <%s+0x%" PRIx64 ">", symbol->name, offset);
}
