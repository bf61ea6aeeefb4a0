// Where the library marks a step, tests may have themselves called.
#ifndef STEPS_H
#define STEPS_H

// Called by whoever gets to a step, before it is taken; NULL: nobody is.
void steps_call(void (*hook)(const char *point));

#endif
