/**
 * The command-line program: its commands, options and errors. What they compute, measure and show lies in the packages below,
 * which know nothing of this one.
 */
package io.samepage.samples;
