/**
 * Samepage beside a program's own JOCL code. It owns the way from JOCL's objects to handles and back, and depends on JOCL, on
 * {@link io.samepage} and on {@code io.samepage.opencl}, which does the rest: no byte of a range goes through JOCL.
 */
package io.samepage.opencl.jocl;
