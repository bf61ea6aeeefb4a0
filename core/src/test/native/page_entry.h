// What the system knows of a page of the user view, without changing it, and of threads that wait for pages.
#ifndef PAGE_ENTRY_H
#define PAGE_ENTRY_H

#include <stdbool.h>

// As the explorer numbers them.
enum page_entry { ENTRY_NONE, ENTRY_MARKER, ENTRY_CLEAN, ENTRY_WRITTEN };

unsigned page_entry(int pagemap, const void *page);
// How many threads wait for pages, and how many of their events nobody has read.
void waiting_threads(int faults, unsigned *waiting, unsigned *unread);
bool has_pending_signals(int thread);

#endif
