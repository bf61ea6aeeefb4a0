/**
 * Reads matrices from Matrix Market text. It owns the file format and its errors, and depends on nothing but the JDK.
 */
package io.samepage.samples.matrixmarket;
