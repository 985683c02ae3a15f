// Loaded into User-Mode Linux (LD_PRELOAD) where the processor's state is larger than its buffer of 2.7 kB: with AMX it
// has 11 kB, and the host's kernel takes it whole only ("put_fp_registers" fails, and no program starts). What the guest
// does not know of stays in its initial state, which zeros are: their bits in the header are not set.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

typedef long (*function)(enum __ptrace_request, ...);

static char whole[1 << 16];
static size_t size;  // of the host's state

static long get(function next, void *process, struct iovec *part) {
    struct iovec all = {whole, sizeof whole};
    const long result = next(PTRACE_GETREGSET, process, NT_X86_XSTATE, &all);
    if (result < 0) return result;
    size = all.iov_len;
    if (part->iov_len > size) part->iov_len = size;
    memcpy(part->iov_base, whole, part->iov_len);
    return result;
}

static long set(function next, void *process, struct iovec *part) {
    struct iovec all = {whole, sizeof whole};
    if (size == 0 && next(PTRACE_GETREGSET, process, NT_X86_XSTATE, &all) == 0) size = all.iov_len;
    if (part->iov_len >= size) return next(PTRACE_SETREGSET, process, NT_X86_XSTATE, part);
    memcpy(whole, part->iov_base, part->iov_len);
    memset(whole + part->iov_len, 0, size - part->iov_len);
    all.iov_len = size;
    return next(PTRACE_SETREGSET, process, NT_X86_XSTATE, &all);
}

long ptrace(enum __ptrace_request request, ...) {
    static function next;
    if (!next) next = (function)dlsym(RTLD_NEXT, "ptrace");
    va_list list;
    va_start(list, request);
    void *process = va_arg(list, void *);
    void *address = va_arg(list, void *);
    void *data = va_arg(list, void *);
    va_end(list);
    if ((size_t)address == NT_X86_XSTATE && request == PTRACE_GETREGSET) return get(next, process, data);
    if ((size_t)address == NT_X86_XSTATE && request == PTRACE_SETREGSET) return set(next, process, data);
    return next(request, process, address, data);
}
