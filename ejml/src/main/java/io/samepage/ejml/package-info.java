/**
 * Matrices of EJML in unified memory. It owns the copies between EJML's arrays and ranges, and depends on EJML's matrices and on
 * {@link io.samepage} alone.
 */
package io.samepage.ejml;
