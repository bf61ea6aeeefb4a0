/**
 * What benchmarks are made of: memory over the device that is measured, the raw driver as one calls it by hand, and what sees to it that
 * just that is measured which is said.
 */
package io.samepage.benchmarks.base;
