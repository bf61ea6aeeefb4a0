// Points between which the library does one thing that others see. Tests hold threads there, to force an order (replay_test.c in the
// tests says how; the explorer's model of the fault table has the same steps). In the product nothing is left of them.
#ifndef SP_STEP_H
#define SP_STEP_H

#ifdef SP_STEPS
// Defined by the tests.
void sp_step(const char *point);
#define SP_STEP(point) sp_step(point)
#else
#define SP_STEP(point) ((void)0)
#endif

#endif
