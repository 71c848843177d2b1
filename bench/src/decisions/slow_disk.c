/* Preloaded into a program, this makes each flush to the disk take FLUSH_DELAY_US microseconds longer. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static useconds_t delay_us;
static int (*true_fsync)(int);
static int (*true_fdatasync)(int);

__attribute__((constructor)) static void prepare(void)
{
    const char *asked = getenv("FLUSH_DELAY_US");
    delay_us = asked ? (useconds_t)strtoul(asked, NULL, 10) : 0;
    true_fsync = dlsym(RTLD_NEXT, "fsync");
    true_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
}

int fsync(int file)
{
    usleep(delay_us);
    return true_fsync(file);
}

int fdatasync(int file)
{
    usleep(delay_us);
    return true_fdatasync(file);
}
