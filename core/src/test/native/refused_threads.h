// A system that has no more threads to give, when a test wants it.
#ifndef REFUSED_THREADS_H
#define REFUSED_THREADS_H

// So many of the next calls of pthread_create are refused with EAGAIN.
void refuse_threads(int count);

#endif
